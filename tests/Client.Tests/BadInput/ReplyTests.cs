using System.Text;
using System.Text.Json;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Models;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Client.Text;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.BadInput;

/// <summary>API responses that are partly wrong or damaged.</summary>
public sealed class ReplyTests
{
    private const string Start = """{"id":"vid-1",""";
    private const string Submitted =
        """{"id":"vid-1","status":"processing","model":"m","task_id":"t-9","created":1700000000,"x_chuizi":{"generation_id":"g-1"}}""";

    private static readonly string[] s_polls =
    [
        """{"id":"vid-1","status":"processing","created":1700000000}""",
        """{"id":"vid-1","status":"succeeded","model":"m","url":"https://media.example/a.mp4","video_url":"https://media.example/a.mp4","cost":"0.15000000","latency_ms":45000,"created":1700000000}""",
        """{"data":{"id":"vid-1","status":"completed","output":{"video_url":"https://media.example/b.mp4"},"cost":0.15}}""",
        """{"id":"vid-1","status":"failed","error":{"message":"Content policy violation","type":"invalid_request_error","code":"400"}}""",
    ];

    private static readonly string[] s_others =
    [
        """{"object":"list","data":[{"id":"m","owned_by":"o","aliases":["n","k"],"pricing":{"unit":"second","price":"0.05"}}]}""",
        """{"data":{"balance":"12.5","rpm_limit":60,"daily_limit":100,"allowed_models":["m","n"]}}""",
        """{"error":{"message":"No.","type":"t","code":"validation_error"}}""",
    ];

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_poll_with_bad_fields_never_invents_a_success_or_a_URL() =>
        JsonDamage.Of(s_polls).Try(text => CheckPoll(Encoding.UTF8.GetBytes(text)), 4000);

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_damaged_poll_never_invents_a_success_or_a_URL() =>
        ByteDamage.Of([.. s_polls.Select(Encoding.UTF8.GetBytes)]).Try(CheckPoll, 10_000);

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_job_in_progress_is_never_reported_as_succeeded() =>
        JsonDamage
            .Of(s_polls[0])
            .Try(text => (Read(() => ReplyParser.ReadState(Replies.Of(text), "vid-1"))?.Status).ShouldNotBe(VideoStatus.Succeeded), 2000);

    [Trait("Speed", "Medium")]
    [Fact]
    public void The_id_of_a_billed_job_is_taken_from_the_response() =>
        JsonDamage.Of(Submitted, $$"""{"data":{{Submitted}}}""").Try(text => CheckSubmitted(Encoding.UTF8.GetBytes(text)), 4000);

    [Fact]
    public void Damage_after_the_id_of_a_billed_job_never_loses_the_id() =>
        ByteDamage.Of(Encoding.UTF8.GetBytes(Submitted), Start.Length).Try(
            bytes => CheckSubmitted(bytes).ShouldNotBeNull(Encoding.Latin1.GetString(bytes)), 10_000);

    [Fact]
    public void Any_bytes_in_a_submit_response_are_handled() =>
        ByteDamage.Of(Encoding.UTF8.GetBytes(Submitted)).Try(bytes => _ = CheckSubmitted(bytes), 5000);

    [Theory]
    [InlineData("{\"x\":DEEP,\"id\":\"vid-1\"}")]
    [InlineData("{\"id\":\"vid-1\",\"x\":DEEP}")]
    [InlineData("{\"id\":\"vid-1\",\"x\":DEEP")]
    [InlineData("{\"data\":{\"id\":\"vid-1\",\"x\":DEEP")]
    [InlineData("{\"id\":null,\"data\":{\"x\":[],\"id\":\"vid-1\",\"x\":")]
    [InlineData("{\"id\":\"vid-1\",\"id\":null}")]
    [InlineData("\uFEFF{\"id\":\"vid-1\"}")]
    [InlineData("\uFEFF{\"id\":\"vid-1\",")]
    public void The_id_of_a_billed_job_is_found_after_any_other_fields(string body) =>
        ReplyParser
            .ReadSubmitted(Replies.Of(body.Replace("DEEP", new string('[', 100_000) + new string(']', 100_000), StringComparison.Ordinal)))
            !.Id.ShouldBe("vid-1");

    [Fact]
    public void A_numeric_id_in_a_truncated_response_is_read() =>
        ReplyParser.ReadSubmitted(Replies.Of("{\"id\":17,\"x\":"))!.Id.ShouldBe("17");

    [Fact]
    public void An_overlong_id_is_rejected_and_never_requested()
    {
        string id = new('x', 100_000);
        ReplyParser.ReadSubmitted(Replies.Of($"{{\"id\":\"{id}\"}}")).ShouldBeNull();
        ChuiziClient client = new(ApiConnection.Create("ck-" + new string('a', 32), "http://127.0.0.1:9"), new ChuiziClientOptions());
        ChuiziException exception = Should.Throw<ChuiziException>(() =>
            client.GetAsync(id, CancellationToken.None).GetAwaiter().GetResult());
        exception.Kind.ShouldBe(ChuiziErrorKind.VideoNotFound);
        exception.Message.Length.ShouldBeLessThan(200);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void Every_other_response_is_read_or_malformed() =>
        Gen.OneOf(JsonDamage.Of(s_others).Select(Encoding.UTF8.GetBytes), ByteDamage.Of([.. s_others.Select(Encoding.UTF8.GetBytes)]))
            .Try(
                bytes =>
                {
                    foreach (ListedModel model in Read(() => ReplyParser.ReadModels(Replies.Of(bytes))) ?? [])
                    {
                        model.Name.ShouldNotBeNullOrEmpty();
                        (model.Price is null or (>= 0 and <= Json.HighestAmount)).ShouldBeTrue();
                    }

            foreach (int status in new[] { 302, 400, 401, 404, 429, 500, 503 })
            {
                ChuiziException exception = ApiErrors.From(Replies.Of(bytes, status), "vid-1");
                ShouldBePlain(exception.Message);
                ShouldBePlain(exception.Code);
                _ = ApiErrors.IsRepeatable(Replies.Of(bytes, status));
            }
        }, 700);

    // The body is capped, and reading it may allocate only a small multiple of its length, whatever it contains.
    [Trait("Speed", "Medium")]
    [Fact]
    public void Reading_a_response_uses_a_small_multiple_of_its_length()
    {
        foreach (string body in new[]
        {
            $"{{\"id\":\"vid-1\",\"x\":\"{new string('x', 4_000_000)}\"}}",
            $"{{\"id\":\"vid-1\",\"x\":[{string.Concat(Enumerable.Repeat("0,", 2_000_000))}0]}}",
            $"{{\"id\":\"vid-1\",\"x\":{new string('[', 4_000_000)}",
            $"{{{string.Concat(Enumerable.Repeat("\"id\":\"vid-1\",", 300_000))}\"id\":\"vid-1\"}}",
        })
        {
            ApiReply reply = Replies.Of(body);
            long before = GC.GetAllocatedBytesForCurrentThread();
            ReplyParser.ReadSubmitted(reply)!.Id.ShouldBe("vid-1");
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(20L * body.Length);
        }
    }

    private static void CheckPoll(byte[] body)
    {
        if (Read(() => ReplyParser.ReadState(Replies.Of(body), "vid-1")) is not { } state)
        {
            return;
        }

        state.Id.ShouldBe("vid-1");
        state.Status.ShouldBeOneOf(VideoStatus.Processing, VideoStatus.Succeeded, VideoStatus.Failed);
        (state.Status == VideoStatus.Failed).ShouldBe(state.Error is not null);
        (state.Cost is null or (>= 0 and <= Json.HighestAmount)).ShouldBeTrue();
        (state.Latency is null or { Ticks: >= 0 }).ShouldBeTrue();
        ShouldBePlain(state.Model, state.UnfamiliarStatus, state.Error?.Message, state.Error?.Code, state.Error?.Type);
        if (state.Url is { } url)
        {
            url.Scheme.ShouldBeOneOf("http", "https");
            IsIn(body, url.OriginalString).ShouldBeTrue(url.OriginalString);
        }
    }

    private static VideoState? CheckSubmitted(byte[] body)
    {
        VideoState? state = Read(() => ReplyParser.ReadSubmitted(Replies.Of(body)));
        if (state is not null)
        {
            state.Id.Length.ShouldBeInRange(1, 2048);
            (state.Id == "vid-1" || IsIn(body, state.Id)).ShouldBeTrue(state.Id);
        }

        return state;
    }

    private static T? Read<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (ChuiziException exception)
        {
            exception.Kind.ShouldBe(ChuiziErrorKind.MalformedReply);
            ShouldBePlain(exception.Message);
            return null;
        }
    }

    /// <summary>Whether the response contains the text, literally or with escapes.</summary>
    private static bool IsIn(byte[] body, string text)
    {
        if (Encoding.UTF8.GetString(body).Contains(text, StringComparison.Ordinal))
        {
            return true;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(Json.Payload(body));
            return JsonDamage.Texts(document.RootElement).Contains(text);
        }
        catch (JsonException)
        {
            // A truncated body cannot be parsed, so any escape may hide the text.
            return Encoding.UTF8.GetString(body).Contains('\\', StringComparison.Ordinal);
        }
    }

    private static void ShouldBePlain(params string?[] texts) =>
        texts.ShouldAllBe(text =>
            text == null || !text.Any(letter => char.IsControl(letter) && letter != '\n' && letter != '\t' && letter != '\r'));
}
