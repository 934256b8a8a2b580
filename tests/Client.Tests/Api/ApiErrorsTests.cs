using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Tests.Support;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

public sealed class ApiErrorsTests
{
    [Theory]
    [InlineData(400, "validation_error", ChuiziErrorKind.RequestRejected)]
    [InlineData(401, "invalid_api_key", ChuiziErrorKind.InvalidApiKey)]
    [InlineData(402, "insufficient_balance", ChuiziErrorKind.InsufficientBalance)]
    [InlineData(403, "model_not_allowed", ChuiziErrorKind.ModelNotAllowed)]
    [InlineData(403, "ip_not_allowed", ChuiziErrorKind.AccessDenied)]
    [InlineData(403, "daily_limit_exceeded", ChuiziErrorKind.DailyLimitExceeded)]
    [InlineData(403, "something_new", ChuiziErrorKind.AccessDenied)]
    [InlineData(404, "model_not_found", ChuiziErrorKind.ModelNotFound)]
    [InlineData(404, "generation_not_found", ChuiziErrorKind.RequestRejected)]
    [InlineData(405, "method_not_allowed", ChuiziErrorKind.RequestRejected)]
    [InlineData(408, "timeout", ChuiziErrorKind.RequestTimeout)]
    [InlineData(413, "too_large", ChuiziErrorKind.RequestRejected)]
    [InlineData(422, "validation_error", ChuiziErrorKind.RequestRejected)]
    [InlineData(429, "rate_limit_exceeded", ChuiziErrorKind.RateLimited)]
    [InlineData(500, "internal_error", ChuiziErrorKind.ServerError)]
    [InlineData(502, "provider_error", ChuiziErrorKind.ServerError)]
    [InlineData(503, "provider_unavailable", ChuiziErrorKind.ServerError)]
    [InlineData(504, "provider_timeout", ChuiziErrorKind.ServerError)]
    [InlineData(599, "new", ChuiziErrorKind.ServerError)]
    public void Every_code_of_the_contract_has_its_kind(int status, string code, ChuiziErrorKind kind)
    {
        ChuiziException exception = ApiErrors.From(
            Replies.Of($$$"""{"error":{"message":"As said.","type":"some_error","code":"{{{code}}}"}}""", status));
        exception.Kind.ShouldBe(kind);
        exception.Status.ShouldBe(status);
        exception.Code.ShouldBe(code);
        exception.Type.ShouldBe("some_error");
        exception.RequestId.ShouldBe("req-1");
        exception.Message.ShouldContain("As said.");
    }

    // A code may repeat the HTTP status, as text or as a number (API contract, layer 2).
    [Theory]
    [InlineData(400, ChuiziErrorKind.RequestRejected)]
    [InlineData(401, ChuiziErrorKind.InvalidApiKey)]
    [InlineData(402, ChuiziErrorKind.InsufficientBalance)]
    [InlineData(403, ChuiziErrorKind.AccessDenied)]
    [InlineData(404, ChuiziErrorKind.RequestRejected)]
    [InlineData(429, ChuiziErrorKind.RateLimited)]
    [InlineData(500, ChuiziErrorKind.ServerError)]
    [InlineData(503, ChuiziErrorKind.ServerError)]
    public void A_numeric_code_adds_nothing_to_the_status(int status, ChuiziErrorKind kind)
    {
        foreach (string code in new[] { $"{status}", $"\"{status}\"" })
        {
            ChuiziException exception = ApiErrors.From(Replies.Of($$$"""{"error":{"message":"m","code":{{{code}}}}}""", status));
            exception.Kind.ShouldBe(kind);
            exception.Code.ShouldBe($"{status}");
        }
    }

    [Theory]
    [InlineData("generation_not_found")]
    [InlineData("404")]
    public void A_404_on_a_video_reports_VideoNotFound(string code)
    {
        ChuiziException exception = ApiErrors.From(Replies.Of($$$"""{"error":{"message":"m","code":"{{{code}}}"}}""", 404), "vid-7");
        exception.Kind.ShouldBe(ChuiziErrorKind.VideoNotFound);
        exception.VideoId.ShouldBe("vid-7");
    }

    [Theory]
    [InlineData(300)]
    [InlineData(302)]
    [InlineData(399)]
    public void A_redirect_is_reported_as_a_redirect(int status)
    {
        ChuiziException exception = ApiErrors.From(Replies.Of("", status));
        exception.Kind.ShouldBe(ChuiziErrorKind.UnexpectedRedirect);
        exception.Message.ShouldContain("redirect");
    }

    [Fact]
    public void The_page_of_a_proxy_is_shortened_to_one_line()
    {
        ChuiziException exception = ApiErrors.From(
            Replies.Of("<html>\r\n<h1>Bad \t gateway</h1>" + new string('x', 5000), 502, "text/html"));
        exception.Message.ShouldStartWith("The API responded with HTTP 502: <html> <h1>Bad gateway</h1>xxx");
        exception.Message.ShouldEndWith("(text/html)");
        exception.Message.Length.ShouldBeLessThan(600);
        exception.Code.ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n ")]
    public void An_empty_body_is_mentioned(string body) =>
        ApiErrors.From(Replies.Of(body, 500, null)).Message.ShouldContain("(empty response body)");

    [Theory]
    [InlineData("""{"error":"just text"}""", "just text", null, null)]
    [InlineData("""{"error":{"message":null,"type":7,"code":503}}""", null, "7", "503")]
    public void An_incomplete_envelope_is_read_as_far_as_possible(string body, string? message, string? type, string? code)
    {
        VideoError error = ApiErrors.ReadEnvelope(Replies.Of(body)).ShouldNotBeNull();
        error.Message.ShouldBe(message);
        error.Type.ShouldBe(type);
        error.Code.ShouldBe(code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html></html>")]
    [InlineData("[]")]
    [InlineData("\"error\"")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"error":null}""")]
    [InlineData("""{"error":""}""")]
    [InlineData("""{"error":[1]}""")]
    [InlineData("""{"detail":"x"}""")]
    public void Any_other_body_is_not_an_envelope(string body) => ApiErrors.ReadEnvelope(Replies.Of(body)).ShouldBeNull();

    [Fact]
    public void Only_429_and_a_503_of_the_gateway_mean_that_nothing_was_accepted()
    {
        const string Gateway = """{"error":{"message":"m","type":"api_error","code":"provider_unavailable"}}""";
        ApiErrors.IsRepeatable(Replies.Of(Gateway, 503)).ShouldBeTrue();
        ApiErrors.IsRepeatable(Replies.Of("<html></html>", 429)).ShouldBeTrue();
        ApiErrors.IsRepeatable(Replies.Of(Gateway, 500)).ShouldBeFalse();
        ApiErrors.IsRepeatable(Replies.Of(Gateway, 502)).ShouldBeFalse();
        ApiErrors.IsRepeatable(Replies.Of("<html></html>", 503)).ShouldBeFalse();
        ApiErrors.IsRepeatable(Replies.Of("", 503)).ShouldBeFalse();
        // A proxy may use the same shape for its own errors.
        ApiErrors.IsRepeatable(Replies.Of("""{"error":"no healthy upstream"}""", 503)).ShouldBeFalse();
        ApiErrors.IsRepeatable(Replies.Of("""{"error":{}}""", 503)).ShouldBeFalse();
    }

    [Fact]
    public void Any_bytes_make_a_typed_error() =>
        Gen.Select(Gen.Int[300, 599], JsonGen.Bytes).Sample((status, body) =>
        {
            ChuiziException exception = ApiErrors.From(Replies.Of(body, status));
            exception.Status.ShouldBe(status);
            exception.Message.ShouldNotBeEmpty();
        });
}
