using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Chuizi.Video.Client.Api;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

public sealed class BlobReplyTests
{
    [Fact]
    public void A_response_is_read_with_what_its_headers_say()
    {
        BlobReply reply = Of(
            206,
            "some lines",
            "x-ms-request-id: one",
            "x-ms-blob-type: AppendBlob",
            "x-ms-creation-time: Mon, 05 Jan 2026 10:00:00 GMT",
            "x-ms-blob-committed-block-count: 7",
            "x-ms-blob-append-offset: 4294967296",
            "Retry-After: 3");
        reply.Status.ShouldBe(206);
        Encoding.UTF8.GetString(reply.Body).ShouldBe("some lines");
        reply.Type.ShouldBe("AppendBlob");
        reply.Created.ShouldBe("Mon, 05 Jan 2026 10:00:00 GMT");
        reply.Blocks.ShouldBe(7);
        reply.Offset.ShouldBe(4_294_967_296);
        reply.RetryAfter.ShouldBe(TimeSpan.FromSeconds(3));
        reply.IsFromStorage.ShouldBeTrue();
        reply.IsTransient.ShouldBeFalse();
    }

    [Fact]
    public void What_a_response_does_not_contain_is_unknown()
    {
        BlobReply reply = Of(200, "");
        reply.Body.ShouldBeEmpty();
        reply.Code.ShouldBeNull();
        reply.Message.ShouldBeNull();
        reply.Length.ShouldBeNull();
        reply.Blocks.ShouldBeNull();
        reply.Offset.ShouldBeNull();
        reply.Type.ShouldBeNull();
        reply.Created.ShouldBeNull();
        reply.RetryAfter.ShouldBeNull();
        reply.IsFromStorage.ShouldBeFalse();
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1,000")]
    [InlineData("x")]
    public void A_number_that_is_not_valid_is_unknown(string number)
    {
        BlobReply reply = Of(201, "", $"x-ms-blob-committed-block-count: {number}", $"x-ms-blob-append-offset: {number}");
        reply.Blocks.ShouldBeNull();
        reply.Offset.ShouldBeNull();
    }

    [Fact]
    public void A_header_that_is_repeated_counts_once() =>
        Of(200, "", "x-ms-blob-type: AppendBlob", "x-ms-blob-type: BlockBlob").Type.ShouldBe("AppendBlob");

    [Theory]
    [InlineData("HEAD", null, 10L)]
    [InlineData("HEAD", 70L, 70L)]
    [InlineData("GET", null, null)]
    [InlineData("GET", 70L, 70L)]
    [InlineData(null, null, null)]
    public void The_length_is_that_of_the_blob_and_not_of_a_part(string? method, long? total, long? expected)
    {
        using HttpResponseMessage response = Response(200, "some lines");
        response.RequestMessage = method is null ? null : new HttpRequestMessage(new HttpMethod(method), "http://127.0.0.1/");
        response.Content.Headers.ContentRange = total is { } length ? new ContentRangeHeaderValue(0, 9, length) : null;
        BlobReply.Read(response, TestContext.Current.CancellationToken).Length.ShouldBe(expected);
    }

    [Theory]
    [InlineData(200, false)]
    [InlineData(404, false)]
    [InlineData(407, false)]
    [InlineData(408, true)]
    [InlineData(409, false)]
    [InlineData(428, false)]
    [InlineData(429, true)]
    [InlineData(430, false)]
    [InlineData(499, false)]
    [InlineData(500, true)]
    [InlineData(503, true)]
    public void An_overloaded_server_may_succeed_later_and_a_proxy_has_not_decided(int status, bool isTransient)
    {
        Of(status, "", "x-ms-request-id: one").IsTransient.ShouldBe(isTransient);
        Of(status, "", "x-ms-version: 2022-11-02").IsTransient.ShouldBe(isTransient);
        Of(status, "").IsTransient.ShouldBeTrue();
    }

    [Theory]
    [InlineData(404, null, "", "HTTP status 404.")]
    [InlineData(404, "BlobNotFound", "", "404 BlobNotFound.")]
    [InlineData(404, "BlobNotFound", "<Error><Message>It does not exist.\nRequestId:one</Message></Error>", "404 BlobNotFound: It does not exist.")]
    [InlineData(503, null, "<Error><Message>\tServer\u001b[31m busy &amp; slow </Message></Error>", "HTTP status 503: Server [31m busy & slow")]
    [InlineData(403, null, "<Message>No access to https://x/c?sig=secret</Message>", "HTTP status 403: No access to https://x/c?sig=***")]
    [InlineData(403, null, "<Message>First</Message><Message>Second</Message>", "HTTP status 403: First")]
    [InlineData(403, null, "<Message></Message>", "HTTP status 403.")]
    [InlineData(403, null, "<Message>\nsecond line</Message>", "HTTP status 403.")]
    [InlineData(403, null, "<html>Sign in</html>", "HTTP status 403.")]
    [InlineData(300, "Elsewhere", "<Message>Moved</Message>", "300 Elsewhere: Moved")]
    [InlineData(200, "Unexpected", "<Message>Text of a ledger</Message>", "HTTP status 200.")]
    [InlineData(299, "Unexpected", "<Message>Text of a ledger</Message>", "HTTP status 299.")]
    public void An_error_is_shown_with_its_code_and_the_first_line_of_its_message(int status, string? code, string body, string expected) =>
        Of(status, body, code is null ? "x-none: 1" : $"x-ms-error-code: {code}").ToString().ShouldBe(expected);

    [Fact]
    public void A_token_is_not_shown() =>
        new BlobToken("secret", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)).ToString()
            .ShouldBe("A token until 2026-01-02 03:04:05Z");

    private static BlobReply Of(int status, string body, params string[] headers)
    {
        using HttpResponseMessage response = Response(status, body, headers);
        return BlobReply.Read(response, TestContext.Current.CancellationToken);
    }

    private static HttpResponseMessage Response(int status, string body, params string[] headers)
    {
        HttpResponseMessage response = new((HttpStatusCode)status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        foreach (string[] header in headers.Select(header => header.Split(": ", 2)))
        {
            response.Headers.TryAddWithoutValidation(header[0], header[1]).ShouldBeTrue();
        }

        return response;
    }
}
