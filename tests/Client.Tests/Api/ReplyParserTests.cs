using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

public sealed class ReplyParserTests
{
    private const string Address = "https://media.chuizi.ai/videos/vid-1.mp4";

    [Fact]
    public void Reads_the_documented_submit_reply()
    {
        VideoState state = Submitted("""{"id":"vid-1","status":"processing","created":1767323045}""");
        state.Id.ShouldBe("vid-1");
        state.Status.ShouldBe(VideoStatus.Processing);
        state.Created.ShouldBe(new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        state.Created!.Value.Kind.ShouldBe(DateTimeKind.Utc);
        state.UnfamiliarStatus.ShouldBeNull();
        state.Error.ShouldBeNull();
        state.RequestId.ShouldBe("req-1");
    }

    [Fact]
    public void Reads_the_three_documented_poll_replies()
    {
        VideoState processing = Read("""{"id":"vid-1","status":"processing","created":1767323045}""");
        processing.Status.ShouldBe(VideoStatus.Processing);
        processing.Url.ShouldBeNull();

        VideoState succeeded = Read(
            $$"""{"id":"vid-1","status":"succeeded","model":"google/veo-3.1","url":"{{Address}}","video_url":"{{Address}}","cost":"0.15000000","latency_ms":45000,"created":1767323045}"""
        );
        succeeded.Status.ShouldBe(VideoStatus.Succeeded);
        succeeded.Model.ShouldBe("google/veo-3.1");
        succeeded.Url.ShouldBe(new Uri(Address));
        succeeded.Cost.ShouldBe(0.15m);
        succeeded.Latency.ShouldBe(TimeSpan.FromSeconds(45));

        VideoState failed = Read(
            """{"id":"vid-1","status":"failed","error":{"message":"Content policy violation","type":"invalid_request_error"}}""");
        failed.Status.ShouldBe(VideoStatus.Failed);
        failed.Error!.Message.ShouldBe("Content policy violation");
        failed.Error.Type.ShouldBe("invalid_request_error");
        failed.Error.Code.ShouldBeNull();
    }

    [Fact]
    public void Reads_the_reply_of_the_older_guide()
    {
        VideoState state = Read($$$"""{"data":{"id":"vid-1","status":"completed","output":{"video_url":"{{{Address}}}"},"cost":0.15}}""");
        state.Status.ShouldBe(VideoStatus.Succeeded);
        state.Url.ShouldBe(new Uri(Address));
        state.Cost.ShouldBe(0.15m);
    }

    [Fact]
    public void A_submit_reply_of_any_shape_returns_its_id()
    {
        Submitted("""{"id":"vid-1"}""").Status.ShouldBe(VideoStatus.Processing);
        Submitted("""{"id":12345678901234567890}""").Id.ShouldBe("12345678901234567890");
        Submitted("""{"data":{"id":"vid-1","status":"processing"}}""").Id.ShouldBe("vid-1");
        Submitted("""{"status":"ok","data":{"id":"vid-1"}}""").Id.ShouldBe("vid-1");
        Submitted("""{"id":"vid-1","id":"vid-2"}""").Id.ShouldBe("vid-2");
        Submitted("""{"id":"vid-1","status":"failed","error":"no"}""").Error!.Message.ShouldBe("no");
        Submitted("""{"id":"vid-1","task_id":"t","x_chuizi":{"generation_id":"gen-1"},"model":"m"}""")
            .Model.ShouldBe("m");
        Submitted("""{"\ud800":1,"id":"vid-1"}""").Id.ShouldBe("vid-1");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"vid-1\"")]
    [InlineData("<html></html>")]
    [InlineData("{\"id\":\"vid-1")]
    [InlineData("{\"a\":{\"id\":\"vid-1\"}")]
    [InlineData("{}")]
    [InlineData("{\"id\":null}")]
    [InlineData("{\"id\":\"\"}")]
    [InlineData("{\"id\":[\"vid-1\"]}")]
    [InlineData("{\"id\":true}")]
    [InlineData("{\"ID\":\"vid-1\"}")]
    [InlineData("{\"id\":\"\\ud800\"}")]
    [InlineData("{\"data\":{\"id\":null}}")]
    [InlineData("{\"error\":{\"id\":\"err-1\"}}")]
    [InlineData("{\"user\":{\"id\":\"u-1\"}}")]
    [InlineData("<script>{\"id\":\"vid-1\"}</script>")]
    public void A_submit_reply_without_an_id_has_none(string body) => ReplyParser.ReadSubmitted(Replies.Of(body)).ShouldBeNull();

    [Theory]
    [InlineData("""{"task_id":"vid-1","status":"processing"}""", "task_id")]
    [InlineData("""{"status":"processing","x_chuizi":{"generation_id":"vid-1"}}""", "x_chuizi.generation_id")]
    [InlineData("""{"code":0,"message":"SUCCEED","data":{"task_id":"vid-1","task_status":"submitted"}}""", "data.task_id")]
    [InlineData("""{"data":{"x_chuizi":{"generation_id":"vid-1"}}}""", "data.x_chuizi.generation_id")]
    [InlineData("""{"result":{"id":"vid-1","status":"processing"}}""", "result.id")]
    [InlineData("""{"output":{"task_id":"vid-1"}}""", "output.task_id")]
    [InlineData("""[{"id":"vid-1","status":"processing"}]""", "[0].id")]
    [InlineData("""{"data":[{"id":"vid-1"}]}""", "data[0].id")]
    [InlineData("""{"id":null,"task_id":"vid-1"}""", "task_id")]
    [InlineData("""{"status":"processing","task_id":"vid-1","cre""", "task_id")]
    [InlineData("""{"id":"vid-1","error":{"message":"upstream timeout"}}""", "id, next to an error")]
    public void An_id_in_another_place_is_read_and_marked(string body, string source)
    {
        VideoState state = Submitted(body);
        state.Id.ShouldBe("vid-1");
        state.IdSource.ShouldBe(source);
    }

    [Theory]
    [InlineData("""{"id":"vid-1","status":"processing","error":null}""")]
    [InlineData("""{"code":"0","message":"ok","id":"vid-1"}""")]
    [InlineData("""{"code":200,"message":"success","data":{"id":"vid-1"}}""")]
    [InlineData("""{"error":{"code":0,"message":"ok"},"id":"vid-1"}""")]
    [InlineData("""{"error":"","id":"vid-1"}""")]
    [InlineData(""")]}',{"id":"vid-1"}""")]
    [InlineData("""data: {"id":"vid-1"}""")]
    public void An_id_where_the_contract_puts_it_is_certain(string body) => Submitted(body).IdSource.ShouldBeNull();

    [Theory]
    [InlineData("/v1/videos/vid-1", "vid-1")]
    [InlineData("https://api.example/v1/videos/vid%201?x=1", "vid 1")]
    [InlineData("/v1/videos/generations/vid-1/", "vid-1")]
    [InlineData("/v1/videos/generations", null)]
    [InlineData("/login", null)]
    public void The_address_of_a_new_job_has_its_id(string location, string? id)
    {
        ApiReply reply = Replies.Of("") with { Location = new Uri(location, UriKind.RelativeOrAbsolute) };
        (ReplyParser.ReadSubmitted(reply)?.Id).ShouldBe(id);
    }

    [Theory]
    [InlineData("queued")]
    [InlineData("pending")]
    [InlineData(" in progress ")]
    [InlineData("unknown")]
    [InlineData("skipped")]
    [InlineData("404")]
    public void An_unfamiliar_status_is_reported_and_means_in_progress(string word)
    {
        VideoState state = Read($$"""{"status":"{{word}}"}""");
        state.Status.ShouldBe(VideoStatus.Processing);
        state.UnfamiliarStatus.ShouldBe(word.Trim());
    }

    [Theory]
    [InlineData("""{"status":7}""", "processing", "7")]
    [InlineData("""{"status":"SUCCEEDED"}""", "succeeded", null)]
    [InlineData("""{"status":" Completed "}""", "succeeded", null)]
    [InlineData("""{"video_url":"https://media.chuizi.ai/a.mp4"}""", "succeeded", null)]
    [InlineData("""{"status":"success","url":"https://a/1"}""", "succeeded", null)]
    [InlineData("""{"status":"done","output":{"video_url":"https://a/1"}}""", "succeeded", null)]
    [InlineData("""{"status":"error","error":{"message":"no"}}""", "failed", null)]
    [InlineData("""{"status":"cancelled","failure_reason":"by the operator"}""", "failed", null)]
    [InlineData("""{"status":"cancelled","error":null}""", "processing", "cancelled")]
    [InlineData("""{"status":"queued","code":0,"message":"ok"}""", "processing", "queued")]
    [InlineData("""{"status":"queued","code":"QUEUED","message":"position 4"}""", "processing", "queued")]
    [InlineData("""{"status":"succeeded","code":"1000","message":"done"}""", "succeeded", null)]
    [InlineData("""{"status":"processing","data":{"status":"succeeded","url":"https://a/1"}}""", "processing", null)]
    [InlineData("""{"id":"vid-1","data":{"status":"succeeded","url":"https://a/1"}}""", "succeeded", null)]
    [InlineData("""{"status":"processing","url":"https://a/1"}""", "processing", null)]
    [InlineData("""{"status":"processing","error":"a warning"}""", "processing", null)]
    [InlineData("""{"status":"processing","output":{"error":"a warning"}}""", "processing", null)]
    [InlineData("""{"status":"cancelled","output":{"error":"no"}}""", "failed", null)]
    [InlineData("""{"status":"cancelled","result":{},"output":{"error":"no"}}""", "failed", null)]
    [InlineData("""{"status":"cancelled","result":{},"output":{}}""", "processing", "cancelled")]
    [InlineData("""{"status":"done","url":"https://a/1","error":"a warning"}""", "succeeded", null)]
    [InlineData("""{"status":"succeeded","output":{"error":"no"}}""", "failed", null)]
    [InlineData("""{"status":"succeeded","output":{"url":"https://a/1","error":"a warning"}}""", "succeeded", null)]
    [InlineData("""{"status":"succeeded","message":"done"}""", "succeeded", null)]
    [InlineData("""{"status":"failed","url":"https://a/1"}""", "failed", null)]
    [InlineData("""{"status":" ","url":"https://a/1"}""", "succeeded", null)]
    [InlineData("""{"status":null,"output":{"url":"https://a/1"},"error":"a warning"}""", "succeeded", null)]
    public void A_status_is_read_or_inferred(string body, string status, string? unfamiliar)
    {
        VideoState state = Read(body);
        state.Status.ShouldBe(status);
        state.UnfamiliarStatus.ShouldBe(unfamiliar);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"status":null}""")]
    [InlineData("""{"status":""}""")]
    [InlineData("""{"status":{"word":"failed"}}""")]
    [InlineData("""{"id":"vid-1","error":{"message":"upstream timeout","type":"timeout"}}""")]
    [InlineData("""{"code":503,"message":"upstream timeout"}""")]
    public void A_poll_without_a_status_is_repeated(string body)
    {
        ChuiziException exception = Should.Throw<ChuiziException>(() => Read(body));
        exception.IsTransient.ShouldBeTrue();
        exception.Message.ShouldContain(body.Contains("upstream", StringComparison.Ordinal) ? "upstream timeout" : body);
    }

    [Theory]
    [InlineData("""{"url":"https://a/1"}""", "https://a/1")]
    [InlineData("""{"video_url":"https://a/1"}""", "https://a/1")]
    [InlineData("""{"video_url":null,"url":"https://a/1"}""", "https://a/1")]
    [InlineData("""{"video_url":"","url":"https://a/1"}""", "https://a/1")]
    [InlineData("""{"video_url":7,"url":"https://a/1"}""", "https://a/1")]
    [InlineData("""{"video_url":"ftp://a/0","url":"https://a/1"}""", "https://a/1")]
    [InlineData("""{"video_url":"https://a/1","url":"https://a/2"}""", "https://a/1")]
    [InlineData("""{"output":{"video_url":"https://a/1"}}""", "https://a/1")]
    [InlineData("""{"output":{"url":"https://a/1"}}""", "https://a/1")]
    [InlineData("""{"output":{"video_url":"https://a/1","url":"https://a/2"}}""", "https://a/1")]
    [InlineData("""{"output":{"video_url":"ftp://a/0","url":"https://a/1"}}""", "https://a/1")]
    [InlineData("""{"output":{"video_url":"https://a/2"},"url":"https://a/1"}""", "https://a/1")]
    [InlineData("""{"output":{"video_url":"https://a/2"},"video_url":"https://a/1"}""", "https://a/1")]
    [InlineData("""{"url":"http://a/1"}""", "http://a/1")]
    [InlineData("""{"url":[],"output":{"video_url":"https://a/1"}}""", "https://a/1")]
    [InlineData("""{"output":"https://a/1"}""", null)]
    [InlineData("""{"url":"/videos/1.mp4"}""", null)]
    [InlineData("""{"url":"file:///etc/passwd"}""", null)]
    [InlineData("""{"url":"javascript:alert(1)"}""", null)]
    [InlineData("""{"url":"https://["}""", null)]
    [InlineData("""{"url":"\ud800"}""", null)]
    public void The_first_valid_URL_is_used(string body, string? expected) =>
        (Read("{\"status\":\"succeeded\"," + body[1..]).Url?.AbsoluteUri).ShouldBe(expected);

    [Theory]
    [InlineData("\"0.15000000\"", "0.15")]
    [InlineData("0.15", "0.15")]
    [InlineData("\"1e-3\"", "0.001")]
    [InlineData("0", "0")]
    [InlineData("\"1000000000\"", "1000000000")]
    [InlineData("\"79228162514264337593543950335\"", null)]
    [InlineData("-1", null)]
    [InlineData("\"free\"", null)]
    [InlineData("\"0,15\"", null)]
    [InlineData("1e400", null)]
    [InlineData("null", null)]
    [InlineData("true", null)]
    public void Money_is_exact_or_absent(string cost, string? expected)
    {
        using InCulture culture = new("de-DE");
        decimal? read = Read($$"""{"status":"processing","cost":{{cost}}}""").Cost;
        (read?.ToString(System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("45000", 45.0)]
    [InlineData("\"45000\"", 45.0)]
    [InlineData("0.5", 0.0005)]
    [InlineData("0", 0.0)]
    [InlineData("-1", null)]
    [InlineData("1e12", null)]
    [InlineData("1e400", null)]
    [InlineData("{}", null)]
    public void The_latency_is_in_milliseconds(string latency, double? seconds) =>
        (Read($$"""{"status":"processing","latency_ms":{{latency}}}""").Latency?.TotalSeconds).ShouldBe(seconds);

    [Theory]
    [InlineData("1767323045", "2026-01-02T03:04:05.000Z")]
    [InlineData("\"1767323045\"", "2026-01-02T03:04:05.000Z")]
    [InlineData("1767323045.25", "2026-01-02T03:04:05.250Z")]
    [InlineData("\"2026-01-02T03:04:05Z\"", "2026-01-02T03:04:05.000Z")]
    [InlineData("\"2026-01-02T05:04:05+02:00\"", "2026-01-02T03:04:05.000Z")]
    [InlineData("\"2026-01-02 03:04:05\"", "2026-01-02T03:04:05.000Z")]
    [InlineData("0", "1970-01-01T00:00:00.000Z")]
    [InlineData("253402300799", "9999-12-31T23:59:59.000Z")]
    [InlineData("253402300800", null)]
    [InlineData("-1", null)]
    [InlineData("\"yesterday\"", null)]
    [InlineData("[]", null)]
    public void The_creation_time_is_in_UTC(string created, string? expected)
    {
        DateTime? time = Read($$"""{"status":"processing","created":{{created}}}""").Created;
        (time?.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(expected);
        (time?.Kind ?? DateTimeKind.Utc).ShouldBe(DateTimeKind.Utc);
    }

    [Theory]
    [InlineData("""{"status":"failed"}""", "The API gave no reason.")]
    [InlineData("""{"status":"failed","error":null}""", "The API gave no reason.")]
    [InlineData("""{"status":"failed","error":[]}""", "The API gave no reason.")]
    [InlineData("""{"status":"failed","error":"Content policy violation"}""", "Content policy violation")]
    [InlineData("""{"status":"failed","code":"DataInspectionFailed","message":"inappropriate content"}""", "inappropriate content")]
    [InlineData("""{"status":"failed","failure_reason":"nsfw"}""", "nsfw")]
    [InlineData("""{"status":"failed","message":"beside the status"}""", "beside the status")]
    [InlineData("""{"status":"failed","message":" ","detail":null}""", "The API gave no reason.")]
    [InlineData("""{"status":"failed","error":"in the error","message":"beside the status"}""", "in the error")]
    [InlineData("""{"status":"failed","error":"outside","output":{"error":"inside"}}""", "outside")]
    [InlineData("""{"status":"failed","message":"beside the status","output":{"error":"inside"}}""", "inside")]
    [InlineData("""{"status":"failed","data":[{"error":"in a list"}]}""", "in a list")]
    [InlineData("""{"status":"failed","result":{},"output":{"error":"inside"}}""", "inside")]
    [InlineData("""{"status":"failed","error":[{"message":"one"},{"message":"two"}]}""", "one; two")]
    [InlineData("""{"status":"failed","errors":["one","two"]}""", "one; two")]
    [InlineData("""{"status":"failed","output":{"error":{"message":"inside"}}}""", "inside")]
    [InlineData("""{"status":"failed","error":{"detail":"in detail"}}""", "in detail")]
    [InlineData("""{"status":"failed","error":{"code":"moderation"}}""", "moderation")]
    [InlineData("""{"status":"failed","error":{"message":"\ud800","code":400}}""", "400")]
    public void A_failure_has_a_reason(string body, string expected) => Read(body).Error!.ToString().ShouldBe(expected);

    [Theory]
    [InlineData("processing")]
    [InlineData("succeeded")]
    [InlineData("in review")]
    public void Only_a_failure_has_an_error(string status) =>
        Read($$$"""{"status":"{{{status}}}","url":"https://a/1","error":{"message":"a warning"}}""").Error.ShouldBeNull();

    [Fact]
    public void A_success_without_a_video_but_with_a_reason_is_a_failure()
    {
        VideoState state = Read("""{"status":"succeeded","url":null,"error":{"message":"Responsible AI policy"}}""");
        (state.Status, state.Error!.Message).ShouldBe((VideoStatus.Failed, "Responsible AI policy"));
    }

    [Fact]
    public void The_requested_id_is_kept_even_if_the_reply_has_another() =>
        Read("""{"id":"another","status":"processing"}""").Id.ShouldBe("vid-1");

    private static VideoState Submitted(string body) => ReplyParser.ReadSubmitted(Replies.Of(body)).ShouldNotBeNull();

    private static VideoState Read(string body) => ReplyParser.ReadState(Replies.Of(body), "vid-1");

    [Theory]
    [InlineData("{\"id\":\"vid-1\"")]
    [InlineData("{\"id\":\"vid-1\"}}")]
    [InlineData("{\"status\":\"processing\",\"id\":\"vid-1\",\"cre")]
    [InlineData("{\"a\":{\"id\":\"x\"},\"id\":\"vid-1\",!")]
    public void A_complete_id_in_a_truncated_reply_is_enough(string body)
    {
        VideoState state = Submitted(body);

        state.Id.ShouldBe("vid-1");
        state.Status.ShouldBe(VideoStatus.Processing);
    }

    [Fact]
    public void A_key_that_a_server_repeats_with_escapes_is_masked_after_reading()
    {
        string body = "{\"status\":\"failed\",\"error\":{\"message\":\"bad \\u0063k-" + new string('a', 32) + "\"}}";

        ReplyParser.ReadState(Replies.Of(body), "vid-1").Error!.Message.ShouldBe("bad ck-***");
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("skipped")]
    public void Client_only_statuses_are_not_accepted_from_the_API(string word)
    {
        ReplyParser.StatusOf(word, out string? unfamiliar).ShouldBe(VideoStatus.Processing);
        unfamiliar.ShouldBe(word);
    }

    [Fact]
    public void Turkish_casing_does_not_matter()
    {
        using InCulture culture = new("tr-TR");
        ReplyParser.StatusOf("failed", out _).ShouldBe(VideoStatus.Failed);
        ReplyParser.StatusOf("processing", out string? unfamiliar).ShouldBe(VideoStatus.Processing);
        unfamiliar.ShouldBeNull();
    }
}
