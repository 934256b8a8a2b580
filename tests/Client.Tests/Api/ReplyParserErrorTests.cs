using System.Text.Json;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

/// <summary>What counts as an error in a response, in which words, and how a response that cannot be used is reported.</summary>
public sealed class ReplyParserErrorTests
{
    private const string Key = "ck-0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("error")]
    [InlineData("errors")]
    [InlineData("failure_reason")]
    [InlineData("fail_reason")]
    [InlineData("failure_reasons")]
    [InlineData("error_message")]
    public void An_error_is_read_from_each_field_that_may_contain_it(string field)
    {
        Error($$"""{"{{field}}":"no credit"}""").ShouldNotBeNull().Message.ShouldBe("no credit");
        Error($$"""{"{{field}}":["no credit"]}""").ShouldNotBeNull().Message.ShouldBe("no credit");

        VideoState state = ReplyParser.ReadState(Replies.Of($$"""{"status":"cancelled","{{field}}":"no credit"}"""), "vid-1");
        state.Status.ShouldBe(VideoStatus.Failed);
        state.Error.ShouldNotBeNull().Message.ShouldBe("no credit");
    }

    [Theory]
    [InlineData("message")]
    [InlineData("reason")]
    [InlineData("detail")]
    [InlineData("details")]
    [InlineData("msg")]
    [InlineData("error_msg")]
    [InlineData("status_message")]
    [InlineData("description")]
    public void The_words_of_an_error_are_read_from_each_field_that_may_contain_them(string field)
    {
        Error($$$"""{"error":{"{{{field}}}":"no credit"}}""").ShouldNotBeNull().Message.ShouldBe("no credit");
        Error($$"""{"code":"E-1","{{field}}":"no credit"}""").ShouldNotBeNull().Message.ShouldBe("no credit");
        ReplyParser.ReadState(Replies.Of($$"""{"status":"failed","{{field}}":"no credit"}"""), "vid-1")
            .Error.ShouldNotBeNull().Message.ShouldBe("no credit");
    }

    [Theory]
    [InlineData("""{"failure_reason":"second","error":"first"}""")]
    [InlineData("""{"error":null,"failure_reason":"first"}""")]
    [InlineData("""{"error":"none","errors":[],"fail_reason":"first"}""")]
    [InlineData("""{"code":"E-1","message":"second","error":"first"}""")]
    [InlineData("""{"error":{"detail":"second","message":"first"}}""")]
    [InlineData("""{"error":{"message":" ","detail":"first"}}""")]
    [InlineData("""{"error":{"message":null,"reason":"","description":"first"}}""")]
    public void The_first_words_of_an_error_are_used(string body) => Error(body).ShouldNotBeNull().Message.ShouldBe("first");

    [Theory]
    [InlineData("""{"error":{"message":"m","type":"t","code":"E-1"}}""", "m", "t", "E-1")]
    [InlineData("""{"code":"E-1","message":"m","type":"t"}""", "m", "t", "E-1")]
    [InlineData("""{"code":1102,"message":"m"}""", "m", null, "1102")]
    [InlineData("""{"error":{"type":"t"}}""", null, "t", null)]
    [InlineData("""{"error":{"code":"E-1"}}""", null, null, "E-1")]
    [InlineData("""{"error":{"message":"m","code":null}}""", "m", null, null)]
    [InlineData("""{"error":{"message":"m","type":"success"}}""", "m", "success", null)]
    [InlineData("""{"error":"none of the providers is available"}""", "none of the providers is available", null, null)]
    public void An_error_has_the_message_the_type_and_the_code_of_the_response(string body, string? message, string? type, string? code)
    {
        VideoError error = Error(body).ShouldNotBeNull();
        error.Message.ShouldBe(message);
        error.Type.ShouldBe(type);
        error.Code.ShouldBe(code);
    }

    [Theory]
    [InlineData("""{"error":{}}""")]
    [InlineData("""{"error":{"message":""}}""")]
    [InlineData("""{"error":{"message":" "}}""")]
    [InlineData("""{"error":{"param":"prompt"}}""")]
    [InlineData("""{"error":" "}""")]
    [InlineData("""{"error":"none"}""")]
    [InlineData("""{"error":" None "}""")]
    [InlineData("""{"error":"null"}""")]
    [InlineData("""{"error":"NULL"}""")]
    [InlineData("""{"error":"false"}""")]
    [InlineData("""{"error":"False"}""")]
    [InlineData("""{"error":false}""")]
    [InlineData("""{"error":true}""")]
    [InlineData("""{"error":7}""")]
    [InlineData("""{"error":"\ud800"}""")]
    [InlineData("""{"errors":[]}""")]
    [InlineData("""{"errors":["",null,7,{},{"code":0,"message":"ok"}]}""")]
    [InlineData("""{"code":"E-1"}""")]
    [InlineData("""{"code":"E-1","message":" "}""")]
    [InlineData("""{"message":"m","type":"t"}""")]
    public void A_response_without_words_or_a_code_of_an_error_has_no_error(string body) => Error(body).ShouldBeNull();

    [Theory]
    [InlineData("0")]
    [InlineData("00000")]
    [InlineData("200")]
    [InlineData("OK")]
    [InlineData("SUCCESS")]
    [InlineData("SUCCEED")]
    [InlineData("SUCCEEDED")]
    [InlineData("ok")]
    [InlineData(" Success ")]
    public void A_code_that_says_success_is_not_an_error(string code)
    {
        Error($$"""{"code":"{{code}}","message":"m"}""").ShouldBeNull();
        Error($$$"""{"error":{"code":"{{{code}}}","message":"m"}}""").ShouldBeNull();
        Error($$"""{"error":"{{code}}"}""").ShouldBeNull();
    }

    [Theory]
    [InlineData("1")]
    [InlineData("000")]
    [InlineData("201")]
    [InlineData("NOT OK")]
    [InlineData("SUCCESSFUL")]
    public void Any_other_code_is_an_error(string code)
    {
        Error($$"""{"code":"{{code}}","message":"m"}""").ShouldNotBeNull().Code.ShouldBe(code);
        Error($$$"""{"error":{"code":"{{{code}}}","message":"m"}}""").ShouldNotBeNull().Code.ShouldBe(code);
        Error($$"""{"error":"{{code}}"}""").ShouldNotBeNull().Message.ShouldBe(code);
    }

    [Fact]
    public void A_list_of_errors_has_all_messages_and_the_code_and_type_of_the_first()
    {
        VideoError error = Error(
            """{"errors":[{"message":"one","code":"c-1","type":"t-1"},{"message":"two","code":"c-2","type":"t-2"}]}""").ShouldNotBeNull();

        error.Message.ShouldBe("one; two");
        error.Code.ShouldBe("c-1");
        error.Type.ShouldBe("t-1");
    }

    [Fact]
    public void A_list_of_errors_without_messages_has_none()
    {
        VideoError error = Error("""{"errors":[{"code":"moderation"},{"type":"t"}]}""").ShouldNotBeNull();
        (error.Message, error.Code, error.Type).ShouldBe((null, "moderation", null));
    }

    [Fact]
    public void Entries_of_a_list_that_are_not_errors_are_left_out()
    {
        VideoError error = Error(
            """{"errors":["",null,{"code":0,"message":"ok"},"one",{"type":"t"},[{"message":"two"}]]}""").ShouldNotBeNull();

        error.Message.ShouldBe("one; two");
        error.Code.ShouldBeNull();
        error.Type.ShouldBeNull();
    }

    [Theory]
    [InlineData("""["a","b","c","d","e","f","g","h","i"]""", "a; b; c; d; e; f; g; h; i")]
    [InlineData("""["a","b","c","d","e","f","g","h","i","j"]""", "a; b; c; d; e; f; g; h; i; j")]
    [InlineData("""["a","b","c","d","e","f","g","h","i","j","k"]""", "a; b; c; d; e; f; g; h; i; j")]
    public void The_first_ten_of_a_list_of_errors_are_reported(string errors, string message) =>
        Error($$"""{"errors":{{errors}}}""").ShouldNotBeNull().Message.ShouldBe(message);

    [Fact]
    public void A_key_in_any_part_of_an_error_is_masked()
    {
        foreach (string body in new[]
        {
            $$$"""{"error":{"message":"m {{{Key}}}","type":"t {{{Key}}}","code":"c {{{Key}}}"}}""",
            $$"""{"message":"m {{Key}}","type":"t {{Key}}","code":"c {{Key}}"}""",
        })
        {
            VideoError error = Error(body).ShouldNotBeNull();
            error.Message.ShouldBe("m ck-***");
            error.Type.ShouldBe("t ck-***");
            error.Code.ShouldBe("c ck-***");
        }

        Error($$"""{"error":"m {{Key}}"}""").ShouldNotBeNull().Message.ShouldBe("m ck-***");
    }

    [Theory]
    [InlineData("", "application/json", "The API's response (application/json) is not JSON: (empty response body)")]
    [InlineData("<p>\r\n Busy</p>", "text/html", "The API's response (text/html) is not JSON: <p> Busy</p> (text/html)")]
    [InlineData("[]", null, "The API's response is not a JSON object: [] (no content type)")]
    [InlineData("{}", "application/json", "The API's response (application/json) has no status: {} (application/json)")]
    [InlineData(
        """{"error":{"message":"upstream timeout"}}""",
        "application/json",
        "The API's response (application/json) has no status: upstream timeout")]
    [InlineData(
        """{"error":{"code":"E-1"}}""",
        "text/plain",
        """The API's response (text/plain) has no status: {"error":{"code":"E-1"}} (text/plain)""")]
    [InlineData(
        """{"error":[{"code":"E-1"}]}""",
        "text/plain",
        """The API's response (text/plain) has no status: {"error":[{"code":"E-1"}]} (text/plain)""")]
    public void A_response_that_cannot_be_used_is_reported_with_its_content(string body, string? contentType, string message)
    {
        ChuiziException exception = Should.Throw<ChuiziException>(
            () => ReplyParser.ReadState(Replies.Of(body, 200, contentType), "vid-1"));

        exception.Kind.ShouldBe(ChuiziErrorKind.MalformedReply);
        exception.Message.ShouldBe(message);
        exception.Status.ShouldBe(200);
        exception.RequestId.ShouldBe("req-1");
    }

    [Fact]
    public void An_empty_content_type_is_not_mentioned() =>
        ReplyParser.Malformed(Replies.Of("[]", 200, ""), "has no id").Message.ShouldStartWith("The API's response has no id: []");

    [Fact]
    public void A_response_without_a_status_is_reported_with_its_error()
    {
        const string Body = """{"error":{"message":"upstream timeout","type":"timeout_error","code":"E-1"}}""";

        ChuiziException exception = Should.Throw<ChuiziException>(() => ReplyParser.ReadState(Replies.Of(Body, 206), "vid-1"));

        exception.Code.ShouldBe("E-1");
        exception.Type.ShouldBe("timeout_error");
        exception.Status.ShouldBe(206);
    }

    [Fact]
    public void The_cause_is_kept_if_a_response_is_not_JSON()
    {
        Should.Throw<ChuiziException>(() => ReplyParser.ReadState(Replies.Of("<html></html>"), "vid-1"))
            .InnerException.ShouldBeAssignableTo<JsonException>();
        Should.Throw<ChuiziException>(() => ReplyParser.ReadState(Replies.Of("[]"), "vid-1")).InnerException.ShouldBeNull();
    }

    [Fact]
    public void A_long_message_of_the_API_is_shortened()
    {
        string body = $$"""{"error":"start {{new string('x', 5000)}} end"}""";

        string message = Should.Throw<ChuiziException>(() => ReplyParser.ReadState(Replies.Of(body), "vid-1")).Message;

        message.ShouldStartWith("The API's response (application/json) has no status: start xxx");
        message.ShouldEndWith("xxx end");
        message.Length.ShouldBeLessThan(2100);
    }

    private static VideoError? Error(string body) => ApiErrors.ReadError(Replies.Of(body));
}
