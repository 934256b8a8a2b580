using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Client.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

public sealed class VideoStateTests
{
    [Fact]
    public void Properties_missing_from_a_response_keep_their_values()
    {
        DateTime created = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        Video video = new()
        {
            Id = "vid-1",
            Model = "m",
            Url = new Uri("https://a/1"),
            Cost = 1,
            Latency = 1,
            Created = created,
            RequestId = "submit",
        };
        new VideoState
        {
            Id = "vid-1",
            Status = VideoStatus.Succeeded,
            RequestId = "poll",
            Model = "other",
        }.ApplyTo(video);
        video.Status.ShouldBe(VideoStatus.Succeeded);
        video.Url.ShouldBe(new Uri("https://a/1"));
        video.Cost.ShouldBe(1);
        video.Latency.ShouldBe(1);
        video.Created.ShouldBe(created);
        video.Model.ShouldBe("m");
        // The API's support needs the request id of the submission.
        video.RequestId.ShouldBe("submit");
    }

    [Fact]
    public void Properties_in_a_response_replace_old_values()
    {
        Video video = new() { Url = new Uri("https://a/old"), Cost = 1, Latency = 1, Error = new VideoError { Message = "old" } };
        new VideoState
        {
            Id = "vid-2", Status = VideoStatus.Failed, Url = new Uri("https://a/new"), Cost = 2, Latency = TimeSpan.Zero,
            Model = "m", RequestId = "r", Error = new VideoError { Message = "no" },
        }.ApplyTo(video);
        (video.Id, video.Status, video.Url!.AbsoluteUri, video.Cost, video.Latency, video.Model, video.RequestId, video.Error!.Message)
            .ShouldBe(("vid-2", "failed", "https://a/new", 2, 0, "m", "r", "no"));
    }

    [Theory]
    [InlineData(VideoStatus.Succeeded, true)]
    [InlineData(VideoStatus.Failed, true)]
    [InlineData(VideoStatus.Processing, false)]
    public void Only_a_final_state_has_a_time_of_the_end(string status, bool isFinal)
    {
        DateTime created = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        Video video = new();
        new VideoState { Id = "vid-1", Status = status, Created = created, Latency = TimeSpan.FromSeconds(45) }.ApplyTo(video);

        video.Created.ShouldBe(created);
        video.Latency.ShouldBe(45);
        DateTime? expected = isFinal ? created.AddSeconds(45) : null;
        video.Finished.ShouldBe(expected);
    }

    [Fact]
    public void The_time_of_the_end_counts_from_the_known_submission()
    {
        DateTime created = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        Video video = new() { Created = created };
        new VideoState
        {
            Id = "vid-1", Status = VideoStatus.Succeeded, Created = created.AddHours(1), Latency = TimeSpan.FromSeconds(45),
        }.ApplyTo(video);

        video.Created.ShouldBe(created);
        video.Finished.ShouldBe(created.AddSeconds(45));
    }

    [Fact]
    public void A_known_end_and_a_known_error_are_kept()
    {
        DateTime created = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        VideoError error = new() { Message = "no" };
        Video video = new() { Created = created, Finished = created.AddSeconds(30), Error = error };
        new VideoState { Id = "vid-1", Status = VideoStatus.Failed, Latency = TimeSpan.FromSeconds(45) }.ApplyTo(video);

        video.Finished.ShouldBe(created.AddSeconds(30));
        video.Error.ShouldBeSameAs(error);
    }

    [Theory]
    [InlineData(ChuiziErrorKind.SubmissionOutcomeUnknown, "unknown")]
    [InlineData(ChuiziErrorKind.RequestRejected, "failed")]
    [InlineData(ChuiziErrorKind.ModelNotFound, "failed")]
    public void A_failed_submission_produces_an_unknown_or_failed_video(ChuiziErrorKind kind, string status)
    {
        PlannedRow row = Submissions.Row(1, ClientTest.Request());
        row.Failure = new ChuiziException(kind, "why") { RequestId = "r", Type = "t" };
        Video video = row.ToVideo();
        video.Id.ShouldBeNull();
        video.Status.ShouldBe(status);
        (video.Error!.Message, video.Error.Type, video.Error.Code, video.RequestId).ShouldBe(("why", "t", kind.ToString(), "r"));
    }
}
