using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

/// <summary>Which id the response to a submission has, if there are several, and where it was found.</summary>
public sealed class ReplyParserIdTests
{
    [Theory]
    [InlineData("""{"id":"other","id":"vid-1"}""", null)]
    [InlineData("""{"id":"vid-1","id":""}""", null)]
    [InlineData("""{"id":"vid-1","id":null}""", null)]
    [InlineData("""{"id":"vid-1","data":{"id":"other"}}""", null)]
    [InlineData("""{"data":{"id":"other"},"id":"vid-1"}""", null)]
    [InlineData("""{"id":null,"data":{"id":"vid-1"}}""", null)]
    [InlineData("""{"data":{"id":"other","id":"vid-1"}}""", null)]
    [InlineData("""{"data":{"id":"vid-1","id":""}}""", null)]
    [InlineData("""{"task_id":"other","id":"vid-1"}""", null)]
    [InlineData("""{"task_id":"other","data":{"id":"vid-1"}}""", null)]
    [InlineData("""{"task_id":"vid-1","data":{"task_id":"other"}}""", "task_id")]
    [InlineData("""{"task_id":"vid-1","task_id":""}""", "task_id")]
    [InlineData("""{"task_id":"vid-1","x_chuizi":{"generation_id":"other"}}""", "task_id")]
    [InlineData("""{"id":" ","task_id":"vid-1"}""", "task_id")]
    [InlineData("""{"task_id":"vid-1","error":"no"}""", "task_id, next to an error")]
    [InlineData("""{"result":{"id":"other"},"x_chuizi":{"generation_id":"vid-1"}}""", "x_chuizi.generation_id")]
    [InlineData("""{"result":{"x_chuizi":{"generation_id":"other"},"task_id":"other","id":"vid-1"}}""", "result.id")]
    [InlineData("""{"result":{"x_chuizi":{"generation_id":"other"},"task_id":"vid-1"}}""", "result.task_id")]
    [InlineData("""{"id":"..","result":{"id":"vid-1"}}""", "result.id")]
    [InlineData("""{"output":{"id":"other"},"data":{"task_id":"vid-1"}}""", "data.task_id")]
    [InlineData("""{"response":{"id":"vid-1"}}""", "response.id")]
    [InlineData("""{"generation":{"id":"vid-1"}}""", "generation.id")]
    [InlineData("""{"video":{"id":"vid-1"}}""", "video.id")]
    [InlineData("""{"task":{"id":"vid-1"}}""", "task.id")]
    [InlineData("""{"task":[{"task_id":"vid-1"},{"task_id":"other"}]}""", "task[0].task_id")]
    [InlineData("""[{"id":"vid-1"},{"id":"other"}]""", "[0].id")]
    [InlineData("""[{"x_chuizi":{"generation_id":"vid-1"}}]""", "[0].x_chuizi.generation_id")]
    public void The_most_reliable_of_several_ids_is_used(string body, string? source)
    {
        VideoState state = Submitted(Replies.Of(body));
        state.Id.ShouldBe("vid-1");
        state.IdSource.ShouldBe(source);
    }

    [Theory]
    [InlineData("""{"data":{"id":"vid-1","sta""", "vid-1", null)]
    [InlineData("""{"id":"vid-1","id":"other","sta""", "vid-1", null)]
    [InlineData("""{"id":"","id":"vid-1","sta""", "vid-1", null)]
    [InlineData("""{"id":{"id":"other"},"id":"vid-1","sta""", "vid-1", null)]
    [InlineData("""{"created":1767323045,"id":"vid-1","sta""", "vid-1", null)]
    [InlineData("""{"ok":true,"error":null,"id":"vid-1","sta""", "vid-1", null)]
    [InlineData("""{"note":"id","id":"vid-1","sta""", "vid-1", null)]
    [InlineData("""{"tags":["id","other"],"id":"vid-1","sta""", "vid-1", null)]
    [InlineData("""{"task_id":"other","id":"vid-1","sta""", "vid-1", null)]
    [InlineData("""{"user":{"id":"other"},"id":"vid-1","sta""", "vid-1", null)]
    [InlineData("""{"user":{"id":"other"},"data":{"id":"vid-1","sta""", "vid-1", null)]
    [InlineData("""{"data":{"user":{"id":"other"},"id":"vid-1","sta""", "vid-1", null)]
    [InlineData("""{"data":{"task_id":"vid-1","sta""", "vid-1", "task_id")]
    [InlineData("""{"id":12345,"sta""", "12345", null)]
    public void A_complete_id_before_the_end_of_a_truncated_reply_is_used(string body, string id, string? source)
    {
        VideoState state = Submitted(Replies.Of(body));
        state.Id.ShouldBe(id);
        state.IdSource.ShouldBe(source);
        state.Status.ShouldBe(VideoStatus.Processing);
        state.UnfamiliarStatus.ShouldBeNull();
        state.RequestId.ShouldBe("req-1");
    }

    [Theory]
    [InlineData("""{"id":12345""")]
    [InlineData("""{"id":true,"sta""")]
    [InlineData("""{"id":{"id":"other"},"sta""")]
    [InlineData("""{"data":{"status":"processing"},"user":{"id":"other"},"sta""")]
    [InlineData("""{"data":{"user":{"id":"other"},"sta""")]
    [InlineData("""{"result":[]}""")]
    [InlineData("""{"result":["vid-1"]}""")]
    [InlineData("""{"account":{"task_id":"other"}}""")]
    public void An_incomplete_id_or_that_of_something_else_is_not_used(string body) =>
        ReplyParser.ReadSubmitted(Replies.Of(body)).ShouldBeNull();

    [Theory]
    [InlineData(60)]
    [InlineData(64)]
    [InlineData(1000)]
    public void Deep_nesting_before_the_id_does_not_hide_it(int depth)
    {
        string nested = new string('[', depth) + new string(']', depth);

        VideoState state = Submitted(Replies.Of($$"""{"nested":{{nested}},"id":"vid-1"}"""));

        state.Id.ShouldBe("vid-1");
        state.IdSource.ShouldBeNull();
    }

    [Theory]
    [InlineData("", "/v1/videos/vid-1", "vid-1", "Location")]
    [InlineData("", "/v1/videos/vid-1#top", "vid-1", "Location")]
    [InlineData("", "/v1/videos/vid-1?region=eu/2", "vid-1", "Location")]
    [InlineData("", "/v1/generations/vid-1", "vid-1", "Location")]
    [InlineData("", "videos/vid-1", "vid-1", "Location")]
    [InlineData("""{"error":"no"}""", "/v1/videos/vid-1", "vid-1", "Location, next to an error")]
    [InlineData("""{"task_id":"vid-1"}""", "/v1/videos/other", "vid-1", "task_id")]
    [InlineData("""{"id":"vid-1"}""", "/v1/videos/other", "vid-1", null)]
    [InlineData("", "/v1/videos/", null, null)]
    [InlineData("", "/v1/videos//", null, null)]
    [InlineData("", "/v1/videos/videos", null, null)]
    [InlineData("", "/v1/generations/generations", null, null)]
    [InlineData("", "/v1/videos/%20", null, null)]
    [InlineData("", "/v1/jobs/vid-1", null, null)]
    [InlineData("", "/v1/videos/vid-1/content", null, null)]
    public void The_Location_has_the_id_if_the_body_has_none(string body, string location, string? id, string? source)
    {
        VideoState? state = ReplyParser.ReadSubmitted(
            Replies.Of(body) with { Location = new Uri(location, UriKind.RelativeOrAbsolute) });

        (state?.Id).ShouldBe(id);
        (state?.IdSource).ShouldBe(source);
    }

    [Theory]
    [InlineData("""{"id":"vid-1"}""", "processing", null)]
    [InlineData("""{"id":"vid-1","status":null}""", "processing", null)]
    [InlineData("""{"id":"vid-1","status":" "}""", "processing", null)]
    [InlineData("""{"id":"vid-1","url":"https://a/1"}""", "processing", null)]
    [InlineData("""{"id":"vid-1","status":"queued"}""", "processing", "queued")]
    [InlineData("""{"id":"vid-1","status":"completed","url":"https://a/1"}""", "succeeded", null)]
    [InlineData("""{"id":"vid-1","status":"failed"}""", "failed", null)]
    [InlineData("""[{"id":"vid-1","status":"failed"}]""", "processing", null)]
    public void A_submitted_job_without_a_known_status_is_in_progress(string body, string status, string? unfamiliar)
    {
        VideoState state = Submitted(Replies.Of(body));
        state.Status.ShouldBe(status);
        state.UnfamiliarStatus.ShouldBe(unfamiliar);
        state.RequestId.ShouldBe("req-1");
    }

    private static VideoState Submitted(ApiReply reply) => ReplyParser.ReadSubmitted(reply).ShouldNotBeNull();
}
