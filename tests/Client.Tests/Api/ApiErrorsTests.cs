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
        VideoError error = ApiErrors.ReadError(Replies.Of(body)).ShouldNotBeNull();
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
    public void Any_other_body_states_no_error(string body) => ApiErrors.ReadError(Replies.Of(body)).ShouldBeNull();

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
    }

    [Theory]
    [InlineData("""{"error":"no healthy upstream"}""")]
    [InlineData("""{"error":"503"}""")]
    [InlineData("""{"error":{}}""")]
    [InlineData("""{"error":{"code":503,"message":"The service is currently unavailable.","status":"UNAVAILABLE"}}""")]
    [InlineData("""{"error":[{"message":"m","code":"503"}]}""")]
    [InlineData("""{"errors":[{"message":"m","code":"503"}]}""")]
    [InlineData("""{"errors":{"message":"m","code":"provider_unavailable"}}""")]
    [InlineData("""{"failure_reason":{"message":"m","code":"provider_unavailable"}}""")]
    [InlineData("""{"code":503,"message":"upstream connect error"}""")]
    [InlineData("""{"code":"503","message":"m"}""")]
    [InlineData("""{"code":"provider_unavailable","message":"m"}""")]
    [InlineData("""{"data":{"error":{"message":"m","code":"503"}}}""")]
    [InlineData("""[{"error":{"message":"m","code":"503"}}]""")]
    [InlineData("""{"error":{"code":"503"}}""")]
    [InlineData("""{"error":{"message":503,"code":"503"}}""")]
    [InlineData("""upstream error {"error":{"message":"m","code":"503"}}""")]
    [InlineData("""{"error":{"message":"m","code":"503"}} {"id":"gen_1"}""")]
    [InlineData("""{"error":{"message":"m","code":"503"}""")]
    [InlineData("""{"error":{"message":"m","code":"503","\ud800":1}}""")]
    public void A_503_in_another_form_than_the_gateways_envelope_is_not_repeatable(string body) =>
        ApiErrors.IsRepeatable(Replies.Of(body, 503)).ShouldBeFalse();

    [Theory]
    [InlineData("""{"id":"gen_1","error":{"message":"m","code":"503"}}""")]
    [InlineData("""{"data":{"id":"gen_1"},"error":{"message":"m","code":"503"}}""")]
    [InlineData("""{"task_id":"gen_1","error":{"message":"m","code":"provider_unavailable"}}""")]
    [InlineData("""{"error":{"message":"m","code":"503","id":"gen_1"}}""")]
    [InlineData("""{"error":{"message":"m","code":"503"},"job":"J-9","status":"processing"}""")]
    [InlineData("""{"error":{"message":"m","code":"503","tickets":["T-1"]}}""")]
    [InlineData("""{"error":{"message":"m","code":"503"},"request_id":{"id":"gen_1"}}""")]
    [InlineData("""{"error":{"message":"m","code":"503"},"jobs":[{"generationId":7}]}""")]
    public void A_503_that_contains_more_than_an_error_is_not_repeatable(string body) =>
        ApiErrors.IsRepeatable(Replies.Of(body, 503)).ShouldBeFalse();

    [Theory]
    [InlineData("""{"error":{"message":"m","code":"503","param":null},"request_id":"req-1"}""")]
    [InlineData("""{"id":null,"error":{"message":"m","code":"503"},"trace_id":7}""")]
    [InlineData("\uFEFF {\"error\":{\"message\":\"Aus\u00fcberlastet\",\"code\":\"503\"}}\r\n")]
    public void A_503_that_contains_only_the_id_of_the_request_is_repeatable(string body) =>
        ApiErrors.IsRepeatable(Replies.Of(body, 503)).ShouldBeTrue();

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public void A_response_that_names_a_job_is_not_repeatable(int status)
    {
        ApiReply reply = Replies.Of("""{"error":{"message":"m","code":"503"}}""", status);
        ApiErrors.IsRepeatable(reply).ShouldBeTrue();
        ApiErrors.IsRepeatable(reply with { Location = new Uri("/v1/videos/gen_1", UriKind.Relative) }).ShouldBeFalse();
        ApiErrors.IsRepeatable(Replies.Of("""{"id":"gen_1","error":{"message":"m","code":"503"}}""", status)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"error":{"message":"m"},"job":{"id":"gen_1"}}""", true)]
    [InlineData("""{"error":{"message":"m"},"jobs":[{"generationId":7}]}""", true)]
    [InlineData("""{"error":{"message":"m","id":"gen_1"}}""", true)]
    [InlineData("""{"id":"req-7","task_id":"gen_1"}""", true)]
    [InlineData("""{"id":"gen_1""", false)]
    [InlineData("""{"id":"gen_1","er""", true)]
    [InlineData("""{"id":"req-7","error":{"message":"m","id":"req-7"}}""", false)]
    [InlineData("""{"id":"","task_id":null,"user_id":"u","paid":true,"request_id":"r"}""", false)]
    [InlineData("""{"error":{"message":"m"}} {"id":"gen_1"}""", true)]
    [InlineData("data: {\"error\":{\"message\":\"m\"}}\n\ndata: [DONE]\n", false)]
    [InlineData("<html></html>", false)]
    public void An_id_at_any_depth_names_a_job_unless_it_is_the_one_of_the_request(string body, bool namesJob) =>
        ApiErrors.NamesJob(Replies.Of(body, 429) with { RequestId = "req-7" }).ShouldBe(namesJob);

    [Theory]
    [InlineData("provider_unavailable", true)]
    [InlineData("503", true)]
    [InlineData("provider_error", false)]
    [InlineData("500", false)]
    [InlineData("Provider_Unavailable", false)]
    public void An_unavailable_gateway_says_by_its_code_that_nothing_was_accepted(string code, bool isRepeatable)
    {
        ApiReply reply = Replies.Of($$$"""{"error":{"message":"m","code":"{{{code}}}"}}""", 503);
        ApiErrors.IsRepeatable(reply).ShouldBe(isRepeatable);
        ApiErrors.IsRepeatable(reply with { Status = 502 }).ShouldBeFalse();
        ApiErrors.IsRepeatable(reply with { Status = 429 }).ShouldBeTrue();
    }

    [Theory]
    [InlineData("insufficient_quota")]
    [InlineData("quota_exceeded")]
    [InlineData("insufficient_balance")]
    [InlineData("insufficient_credits")]
    [InlineData("insufficient_funds")]
    [InlineData("billing_hard_limit_reached")]
    [InlineData("daily_limit_exceeded", ChuiziErrorKind.DailyLimitExceeded)]
    [InlineData("balance_not_enough")]
    [InlineData("account_balance_not_enough")]
    [InlineData("arrearage")]
    [InlineData(" Arrearage ")]
    [InlineData("Quota_Exceeded")]
    public void A_refusal_about_money_is_not_a_limit_that_waiting_restores(
        string name, ChuiziErrorKind kind = ChuiziErrorKind.InsufficientBalance)
    {
        foreach (string field in new[] { "code", "type" })
        {
            ApiReply reply = Replies.Of($$$"""{"error":{"message":"m","{{{field}}}":"{{{name}}}"}}""", 429);
            ApiErrors.IsQuotaRefusal(reply).ShouldBeTrue();
            ApiErrors.IsRepeatable(reply).ShouldBeFalse();
            ApiErrors.From(reply).Kind.ShouldBe(kind);
            ApiErrors.From(reply).EndsTheRun.ShouldBeTrue();
            ApiErrors.IsQuotaRefusal(reply with { Status = 500 }).ShouldBeFalse();
        }
    }

    [Theory]
    [InlineData("<html></html>")]
    [InlineData("""{"error":{"message":"insufficient_quota","code":"rate_limit_exceeded","type":"quota"}}""")]
    public void Any_other_refusal_of_too_many_requests_is_repeatable(string body)
    {
        ApiReply reply = Replies.Of(body, 429);
        ApiErrors.IsQuotaRefusal(reply).ShouldBeFalse();
        ApiErrors.IsRepeatable(reply).ShouldBeTrue();
        ApiErrors.From(reply).Kind.ShouldBe(ChuiziErrorKind.RateLimited);
    }

    [Theory]
    [InlineData("validation_error", ChuiziErrorKind.RequestRejected)]
    [InlineData("invalid_api_key", ChuiziErrorKind.InvalidApiKey)]
    [InlineData("insufficient_balance", ChuiziErrorKind.InsufficientBalance)]
    [InlineData("model_not_allowed", ChuiziErrorKind.ModelNotAllowed)]
    [InlineData("ip_not_allowed", ChuiziErrorKind.AccessDenied)]
    [InlineData("daily_limit_exceeded", ChuiziErrorKind.DailyLimitExceeded)]
    [InlineData("model_not_found", ChuiziErrorKind.ModelNotFound)]
    [InlineData("generation_not_found", ChuiziErrorKind.RequestRejected)]
    [InlineData("rate_limit_exceeded", ChuiziErrorKind.RateLimited)]
    [InlineData(" Validation_Error ", ChuiziErrorKind.RequestRejected)]
    [InlineData("INSUFFICIENT_BALANCE", ChuiziErrorKind.InsufficientBalance)]
    public void The_name_of_a_client_error_in_a_success_is_a_refusal(string name, ChuiziErrorKind kind)
    {
        ChuiziException refusal = Refusal($$$"""{"error":{"message":"As said.","code":"{{{name}}}"}}""").ShouldNotBeNull();
        refusal.Kind.ShouldBe(kind);
        refusal.Message.ShouldBe("The API responded with HTTP 200: As said.");
        refusal.Status.ShouldBe(200);
        refusal.VideoId.ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"error":{"message":"m","type":"invalid_api_key"}}""", ChuiziErrorKind.InvalidApiKey)]
    [InlineData("""{"error":{"message":"m","type":"invalid_api_key","code":"1"}}""", ChuiziErrorKind.InvalidApiKey)]
    [InlineData("""{"error":{"message":"m","type":" Model_Not_Allowed ","code":"403"}}""", ChuiziErrorKind.ModelNotAllowed)]
    [InlineData("""{"error":{"message":"m","code":"DAILY_LIMIT_EXCEEDED"}}""", ChuiziErrorKind.DailyLimitExceeded)]
    [InlineData("""{"error":{"message":"m","type":"model_not_found"}}""", ChuiziErrorKind.ModelNotFound)]
    [InlineData("""{"error":{"message":"m","type":"invalid_api_key","code":"validation_error"}}""", ChuiziErrorKind.RequestRejected)]
    public void The_type_is_a_refusal_unless_the_code_is_one(string body, ChuiziErrorKind kind) =>
        Refusal(body).ShouldNotBeNull().Kind.ShouldBe(kind);

    [Theory]
    [InlineData("{}")]
    [InlineData("<html></html>")]
    [InlineData("""{"error":"validation_error"}""")]
    [InlineData("""{"error":{"message":"validation_error"}}""")]
    [InlineData("""{"error":{"message":"m","code":400}}""")]
    [InlineData("""{"error":{"message":"m","code":"402"}}""")]
    [InlineData("""{"error":{"message":"m","code":"provider_error"}}""")]
    [InlineData("""{"error":{"message":"m","type":"invalid_request_error"}}""")]
    public void Any_other_success_is_not_a_refusal(string body) => Refusal(body).ShouldBeNull();

    [Theory]
    [InlineData(401, true, ChuiziErrorKind.ServerError)]
    [InlineData(403, true, ChuiziErrorKind.ServerError)]
    [InlineData(404, true, ChuiziErrorKind.ServerError)]
    [InlineData(400, true, ChuiziErrorKind.RequestRejected)]
    [InlineData(402, true, ChuiziErrorKind.InsufficientBalance)]
    [InlineData(405, true, ChuiziErrorKind.RequestRejected)]
    [InlineData(401, false, ChuiziErrorKind.InvalidApiKey)]
    [InlineData(403, false, ChuiziErrorKind.AccessDenied)]
    [InlineData(404, false, ChuiziErrorKind.RequestRejected)]
    public void The_page_of_a_proxy_says_nothing_about_a_video(int status, bool isAboutVideo, ChuiziErrorKind kind)
    {
        string? videoId = isAboutVideo ? "vid-7" : null;
        ChuiziException exception = ApiErrors.From(Replies.Of("<html></html>", status, "text/html"), videoId);
        exception.Kind.ShouldBe(kind);
        exception.VideoId.ShouldBe(videoId);
    }

    [Theory]
    [InlineData(401, "invalid_api_key", ChuiziErrorKind.InvalidApiKey)]
    [InlineData(403, "ip_not_allowed", ChuiziErrorKind.AccessDenied)]
    [InlineData(403, "model_not_allowed", ChuiziErrorKind.ModelNotAllowed)]
    [InlineData(404, "model_not_found", ChuiziErrorKind.ModelNotFound)]
    [InlineData(404, "something_new", ChuiziErrorKind.VideoNotFound)]
    public void The_API_itself_says_why_a_video_is_not_returned(int status, string code, ChuiziErrorKind kind) =>
        ApiErrors.From(Replies.Of($$$"""{"error":{"message":"m","code":"{{{code}}}"}}""", status), "vid-7").Kind.ShouldBe(kind);

    [Theory]
    [InlineData(199, ChuiziErrorKind.MalformedReply)]
    [InlineData(200, ChuiziErrorKind.MalformedReply)]
    [InlineData(299, ChuiziErrorKind.MalformedReply)]
    [InlineData(300, ChuiziErrorKind.UnexpectedRedirect)]
    [InlineData(399, ChuiziErrorKind.UnexpectedRedirect)]
    [InlineData(400, ChuiziErrorKind.RequestRejected)]
    [InlineData(407, ChuiziErrorKind.RequestRejected)]
    [InlineData(409, ChuiziErrorKind.RequestRejected)]
    [InlineData(499, ChuiziErrorKind.RequestRejected)]
    [InlineData(500, ChuiziErrorKind.ServerError)]
    public void Each_range_of_statuses_has_its_kind(int status, ChuiziErrorKind kind) =>
        ApiErrors.From(Replies.Of("", status)).Kind.ShouldBe(kind);

    [Theory]
    [InlineData("""{"error":{"message":"As said."}}""", 400, "application/json", null, "The API responded with HTTP 400: As said.")]
    [InlineData(
        """{"error":{"message":"As said."}}""",
        404,
        "application/json",
        "vid-7",
        "Video not found: 'vid-7'. The API responded with HTTP 404: As said.")]
    [InlineData(
        """{"error":{"message":"As said."}}""",
        307,
        "application/json",
        null,
        "The API responded with a redirect (HTTP 307), which is not followed, because the API key must not be sent to another address.")]
    [InlineData(
        """{"error":{"code":"E-1"}}""",
        400,
        "application/json",
        null,
        """The API responded with HTTP 400: {"error":{"code":"E-1"}} (application/json)""")]
    [InlineData(
        """{"error":[{"code":"E-1"}]}""",
        400,
        "application/json",
        null,
        """The API responded with HTTP 400: {"error":[{"code":"E-1"}]} (application/json)""")]
    [InlineData(" Bad\r\n\t gateway ", 502, "text/plain", null, "The API responded with HTTP 502: Bad gateway (text/plain)")]
    [InlineData("Bad gateway", 502, null, null, "The API responded with HTTP 502: Bad gateway (no content type)")]
    [InlineData("", 500, "text/plain", null, "The API responded with HTTP 500: (empty response body)")]
    public void The_message_says_what_the_API_said(string body, int status, string? contentType, string? videoId, string message) =>
        ApiErrors.From(Replies.Of(body, status, contentType), videoId).Message.ShouldBe(message);

    [Fact]
    public void A_long_message_of_the_API_is_shortened()
    {
        string body = $$"""{"error":"start {{new string('x', 5000)}} end"}""";
        string message = ApiErrors.From(Replies.Of(body, 400)).Message;
        message.ShouldStartWith("The API responded with HTTP 400: start xxx");
        message.ShouldEndWith("xxx end");
        message.Length.ShouldBeLessThan(2100);
    }

    [Theory]
    [InlineData(1, 1, "")]
    [InlineData(499, 499, "")]
    [InlineData(500, 500, "")]
    [InlineData(501, 500, "… (501 bytes in all)")]
    [InlineData(5000, 500, "… (5,000 bytes in all)")]
    public void An_excerpt_has_the_start_of_a_body(int length, int shown, string rest) =>
        ApiErrors.Excerpt(Replies.Of(new string('x', length), 500, "text/plain")).ShouldBe($"{new string('x', shown)}{rest} (text/plain)");

    [Fact]
    public void An_excerpt_has_no_part_of_a_secret_at_its_end()
    {
        for (int length = 440; length < 500; length++)
        {
            string body = $"{new string('x', length)} https://ann:s3cr3ts3cr3ts3cr3t@example.com/ Bearer s3cr3ts3cr3ts3cr3t";
            ApiErrors.Excerpt(Replies.Of(body, 500, "text/plain")).ShouldNotContain("s3c");
        }
    }

    [Fact]
    public void Any_bytes_are_quoted_after_a_message()
    {
        JsonGen.Bytes.Sample(body => ApiErrors.WithAnswer("Said.", Replies.Of(body, 504)).ShouldStartWith("Said"));
        ApiErrors.WithAnswer("Said.", Replies.Of("""{"err\ud800or":1}""", 504)).ShouldStartWith("Said; response: {");
    }

    [Fact]
    public void Any_bytes_make_a_typed_error() =>
        Gen.Select(Gen.Int[300, 599], JsonGen.Bytes).Sample((status, body) =>
        {
            ChuiziException exception = ApiErrors.From(Replies.Of(body, status));
            exception.Status.ShouldBe(status);
            exception.Message.ShouldNotBeEmpty();
        });

    private static ChuiziException? Refusal(string body)
    {
        ApiReply reply = Replies.Of(body);
        return ApiErrors.RefusalOf(reply, ApiErrors.ReadError(reply));
    }
}
