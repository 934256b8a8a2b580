using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

public sealed class AppendBlobTests : ClientTest
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    [Fact]
    public void A_part_is_read_by_its_range()
    {
        RawServer server = Serve(_ => Stored(206, "some lines"u8.ToArray()));
        AppendBlob blob = Signed(server);
        BlobReply reply = blob.Read(5, 10);
        (reply.Status, reply.Body.Length).ShouldBe((206, 10));
        RawRequest request = server.Requests.Single();
        (request.Method, request.Target).ShouldBe(("GET", blob.Address.AbsolutePath + "?sig=one"));
        request.Headers["x-ms-range"].ShouldBe("bytes=5-14");
        request.Headers["x-ms-version"].ShouldBe("2022-11-02");
        request.Headers["User-Agent"].ShouldStartWith("Chuizi.Video/");
        request.Headers.ContainsKey("Authorization").ShouldBeFalse();
    }

    [Fact]
    public void The_properties_are_read_without_the_content()
    {
        RawServer server = Serve(_ => Stored(200, []));
        AppendBlob blob = Signed(server);
        blob.ReadProperties().Status.ShouldBe(200);
        RawRequest request = server.Requests.Single();
        (request.Method, request.Target).ShouldBe(("HEAD", blob.Address.AbsolutePath + "?sig=one"));
        request.Headers["x-ms-version"].ShouldBe("2022-11-02");
        request.Headers.ContainsKey("x-ms-range").ShouldBeFalse();
    }

    [Fact]
    public void A_blob_is_created_only_if_it_does_not_exist()
    {
        RawServer server = Serve(_ => Stored(201, []));
        AppendBlob blob = Signed(server);
        blob.Create().Status.ShouldBe(201);
        RawRequest request = server.Requests.Single();
        (request.Method, request.Target, request.Body.Length).ShouldBe(("PUT", blob.Address.AbsolutePath + "?sig=one", 0));
        request.Headers["x-ms-blob-type"].ShouldBe("AppendBlob");
        request.Headers["If-None-Match"].ShouldBe("*");
        request.Headers["Content-Type"].ShouldBe("application/x-ndjson");
        request.Headers["Content-Length"].ShouldBe("0");
    }

    [Fact]
    public void A_block_is_appended_at_its_position()
    {
        RawServer server = Serve(_ => Stored(201, []));
        AppendBlob blob = Signed(server);
        blob.Append("a line\n"u8.ToArray(), 4_294_967_296).Status.ShouldBe(201);
        RawRequest request = server.Requests.Single();
        (request.Method, request.Target).ShouldBe(("PUT", blob.Address.AbsolutePath + "?comp=appendblock&sig=one"));
        request.Headers["x-ms-blob-condition-appendpos"].ShouldBe("4294967296");
        request.Text.ShouldBe("a line\n");
    }

    [Fact]
    public void A_token_is_sent_in_a_header()
    {
        RawServer server = Serve(_ => Stored(201, []));
        AppendBlob blob = Blob(server);
        BlobCredential.UseToken(blob.Address, BlobTokens.Of("token", s_hour), () => throw new InvalidOperationException());
        blob.Create();
        blob.Append([], 0);
        server.Requests.Select(request => request.Target)
            .ShouldBe([blob.Address.AbsolutePath, blob.Address.AbsolutePath + "?comp=appendblock"]);
        server.Requests.ShouldAllBe(request => request.Headers["Authorization"] == "Bearer token");
    }

    [Theory]
    [InlineData(401, 200, "new old", 200)]
    [InlineData(403, 200, "new old", 200)]
    [InlineData(403, 404, "new old", 404)]
    [InlineData(401, 403, "new old", 401)]
    [InlineData(403, 401, "new old", 403)]
    [InlineData(404, 200, "new", 404)]
    [InlineData(400, 200, "new", 400)]
    [InlineData(402, 200, "new", 402)]
    [InlineData(200, 403, "new", 200)]
    public void An_earlier_credential_is_used_if_the_last_one_is_refused(int first, int second, string used, int expected)
    {
        RawServer server = Serve(request => Stored(request.Target.EndsWith("sig=new", StringComparison.Ordinal) ? first : second, []));
        AppendBlob blob = Blob(server);
        BlobCredential.UseSignature(blob.Address, "sig=old");
        BlobCredential.UseSignature(blob.Address, "sig=new");
        blob.Read(0, 10).Status.ShouldBe(expected);
        string.Join(' ', server.Requests.Select(request => request.Target.Split('=')[^1])).ShouldBe(used);
    }

    [Theory]
    [InlineData(401, 60, 200, "old new")]
    [InlineData(401, 60, 401, "old new")]
    [InlineData(401, 0, 401, "old")]
    [InlineData(403, 60, 403, "old")]
    [InlineData(404, 60, 404, "old")]
    public void An_older_token_that_is_not_authenticated_is_renewed_once(int status, int age, int expected, string used)
    {
        RawServer server = Serve(request => Stored(request.Headers["Authorization"] == "Bearer old" ? status : expected, []));
        AppendBlob blob = Blob(server);
        BlobCredential.UseToken(
            blob.Address, BlobTokens.Of("old", s_hour, TimeSpan.FromSeconds(age)), () => BlobTokens.Of("new", s_hour));
        blob.Read(0, 10).Status.ShouldBe(expected);
        string.Join(' ', server.Requests.Select(request => request.Headers["Authorization"].Split(' ')[^1])).ShouldBe(used);
    }

    [Fact]
    public void A_missing_response_is_reported_with_its_cause()
    {
        AppendBlob blob = Signed(Serve(_ => new RawReply([], Close: true)));
        IOException error = Should.Throw<IOException>(() => blob.Create());
        error.InnerException.ShouldNotBeNull().GetBaseException().Message.ShouldBe(error.Message);
        error.Message.ShouldNotBeEmpty();
    }

    [Fact]
    public void A_response_that_ends_early_is_an_error()
    {
        AppendBlob blob = Signed(Serve(_ => RawReply.Of(206, "some"u8.ToArray(), 100, close: true, "x-ms-request-id: one")));
        Should.Throw<IOException>(() => blob.Read(0, 100));
    }

    [Fact]
    public void A_token_that_cannot_be_sent_is_not_shown()
    {
        RawServer server = Serve(_ => Stored(200, []));
        AppendBlob blob = Blob(server);
        BlobCredential.UseToken(blob.Address, BlobTokens.Of("first\nsecret", s_hour), () => throw new InvalidOperationException());
        IOException error = Should.Throw<IOException>(() => blob.ReadProperties());
        error.InnerException.ShouldBeOfType<FormatException>().Message.ShouldBe(error.Message);
        error.ToString().ShouldNotContain("secret");
        server.Requests.ShouldBeEmpty();
    }

    private static RawReply Stored(int status, byte[] body) => RawReply.Of(status, body, "x-ms-request-id: one");

    private static AppendBlob Blob(RawServer server) => new(new Uri($"{server.Address}account/{Guid.NewGuid():N}/run.jsonl"));

    private static AppendBlob Signed(RawServer server)
    {
        AppendBlob blob = Blob(server);
        BlobCredential.UseSignature(blob.Address, "sig=one");
        return blob;
    }
}
