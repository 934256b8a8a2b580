using System.Text.Json;
using Chuizi.Video.Client.Ledger;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

/// <summary>How a submission of a ledger becomes a video.</summary>
public sealed class EntryVideoTests
{
    private static readonly Uri s_url = new("https://media.chuizi.ai/videos/vid-1.mp4");

    [Fact]
    public void A_video_gets_everything_that_the_ledger_has()
    {
        Video video = new() { EstimatedCost = 9, Take = 9, FileName = "mine" };
        Full().ApplyTo(video);
        (video.Id, video.Status, video.Url, video.Cost, video.EstimatedCost, video.Latency).ShouldBe(
            ("vid-1", VideoStatus.Succeeded, s_url, 0.3m, 0.25m, 45.0));
        (video.Created, video.Finished).ShouldBe((Records.Noon.AddSeconds(-1), Records.Noon.AddSeconds(44)));
        (video.Error!.Message, video.RequestId, video.Path, video.Size, video.Sha256).ShouldBe(("Odd.", "req-1", "/a.mp4", 7L, "aa"));
        (video.Take, video.FileName).ShouldBe((2, "kite"));
        (video.Verdict, video.Rating, video.Note).ShouldBe(("Kept", 4, "good"));
        VideoIdSource.Of(video).ShouldBe("X-Id");
    }

    [Fact]
    public void A_video_loses_what_the_ledger_does_not_have_except_for_what_its_row_says()
    {
        Video video = new() { EstimatedCost = 9, Take = 9, FileName = "mine" };
        Full().ApplyTo(video);
        (video.EstimatedCost, video.Take, video.FileName) = (9, 9, "mine");
        new LedgerEntry { Entry = "e", At = Records.Noon, FileName = "kite" }.ApplyTo(video);
        (video.Id, video.Status, video.Url, video.Cost, video.Latency).ShouldBe((null, VideoStatus.Unknown, null, null, null));
        (video.Created, video.Finished, video.Error, video.RequestId).ShouldBe((null, null, null, null));
        (video.Path, video.Size, video.Sha256).ShouldBe((null, null, null));
        (video.Verdict, video.Rating, video.Note).ShouldBe((null, null, null));
        (video.EstimatedCost, video.Take, video.FileName).ShouldBe((9m, 9, "mine"));
    }

    [Theory]
    [InlineData(null, "kite", "mine")]
    [InlineData(2, "kite", "kite")]
    [InlineData(2, null, "mine")]
    public void Only_a_take_keeps_the_file_name_of_the_ledger(int? take, string? name, string expected)
    {
        Video video = new() { FileName = "mine" };
        new LedgerEntry { Entry = "e", Take = take, FileName = name }.ApplyTo(video);
        video.FileName.ShouldBe(expected);
    }

    [Fact]
    public void A_video_was_created_when_the_API_says_or_when_its_intent_was_written()
    {
        LedgerEntry entry = new() { Entry = "e", At = Records.Noon };
        Video video = new();
        entry.ApplyTo(video);
        video.Created.ShouldBeNull("it may not have been submitted");
        entry.ToVideo().Created.ShouldBe(Records.Noon);
        entry.Id = "vid-1";
        entry.ApplyTo(video);
        video.Created.ShouldBe(Records.Noon);
        entry.Created = Records.Noon.AddHours(1);
        entry.ApplyTo(video);
        video.Created.ShouldBe(Records.Noon.AddHours(1));
        entry.ToVideo().Created.ShouldBe(Records.Noon.AddHours(1));
    }

    [Fact]
    public void A_video_has_no_time_if_the_line_of_its_intent_is_damaged()
    {
        LedgerBook book = new();
        book.ApplyLine(1, Records.Bytes(Records.Intent("a")).AsSpan()[..^20]);
        LedgerEntry entry = book.Entries.ShouldHaveSingleItem();
        entry.ToVideo().Created.ShouldBeNull();
        entry.Id = "vid-1";
        entry.ToVideo().Created.ShouldBeNull();
    }

    [Theory]
    [InlineData(VideoStatus.Processing, false)]
    [InlineData(VideoStatus.Succeeded, true)]
    [InlineData(VideoStatus.Failed, true)]
    public void Only_a_video_with_a_final_status_is_finished(string status, bool isFinished)
    {
        LedgerEntry entry = Full();
        entry.Status = status;
        (entry.ToVideo().Finished is not null).ShouldBe(isFinished);
    }

    [Fact]
    public void An_unknown_outcome_says_when_and_why()
    {
        const string When = "Submitted at 2026-01-02 12:00:00 UTC";
        const string Damaged = "the ledger line with the response is damaged.";
        LedgerEntry entry = new() { Entry = "e", At = Records.Noon, RequestId = "req-1" };
        ChuiziException failure = entry.ToUnknown();
        (failure.Kind, failure.RequestId).ShouldBe((ChuiziErrorKind.SubmissionOutcomeUnknown, "req-1"));
        failure.Message.ShouldBe($"{When}, but the process ended before a response was recorded.");

        entry.IsAnswered = true;
        entry.ToUnknown().Message.ShouldBe($"{When}, but the outcome is unknown: {Damaged}");
        entry.Error = new VideoError { Code = "reset" };
        entry.ToUnknown().Message.ShouldBe($"{When}, but the outcome is unknown: {Damaged}");
        entry.Error = new VideoError { Message = "Connection reset." };
        entry.ToUnknown().Message.ShouldBe($"{When}, but the outcome is unknown: Connection reset.");

        entry.At = default;
        entry.ToUnknown().Message.ShouldBe("Submitted, but the outcome is unknown: Connection reset.");
        entry.IsAnswered = false;
        entry.ToUnknown().Message.ShouldBe("Submitted, but the process ended before a response was recorded.");
    }

    [Fact]
    public void A_new_video_has_the_inputs_of_the_intent()
    {
        LedgerEntry entry = Full();
        (entry.Origin, entry.Model, entry.Duration, entry.Resolution, entry.Row) = (Records.Api, Records.Model, 6, "720P", 7);
        entry.Intent = new LedgerRecord
        {
            Prompt = "A red kite", AspectRatio = "16:9", Image = "/a.png", ReferenceImage = ["/b.png"], SourceVideo = "https://a/v.mp4",
            Watermark = true, FileName = "kite",
        };
        Video video = entry.ToVideo();
        (video.Origin, video.Model, video.Duration, video.Resolution, video.Row).ShouldBe((Records.Api, Records.Model, 6, "720P", 7));
        (video.Prompt, video.AspectRatio, video.Image, video.SourceVideo, video.Watermark, video.FileName).ShouldBe(
            ("A red kite", "16:9", "/a.png", "https://a/v.mp4", true, "kite"));
        video.ReferenceImage.ShouldBe(["/b.png"]);
        (video.Id, video.Cost).ShouldBe(("vid-1", 0.3m));

        (entry.Intent, entry.FileName) = (null, null);
        Video without = entry.ToVideo();
        (without.Prompt, without.AspectRatio, without.Image, without.ReferenceImage, without.SourceVideo).ShouldBe(
            (null, null, null, null, null));
        (without.Watermark, without.FileName, without.Input, without.Model).ShouldBe((null, null, null, Records.Model));
    }

    [Fact]
    public void Any_column_or_field_without_a_property_makes_an_input()
    {
        InputOf(new LedgerRecord { Prompt = "A red kite", Image = "/a.png" }).ShouldBeNull();
        Text(new LedgerRecord { FileName = "kite" }).ShouldBe("FileName=kite|Watermark=|Parameter=");
        Text(new LedgerRecord { Watermark = false }).ShouldBe("FileName=|Watermark=False|Parameter=");
        Text(new LedgerRecord { Parameter = JsonSerializer.SerializeToElement(7) }).ShouldBe("FileName=|Watermark=|Parameter=7");
        Text(new LedgerRecord { Prompt = "A red kite", Columns = new() { ["Prompt"] = null, ["Project"] = "Spring" } })
            .ShouldBe("Prompt=A red kite|Project=Spring|FileName=|Watermark=|Parameter=");
    }

    [Fact]
    public void A_column_of_the_row_is_kept_as_it_was_in_any_case()
    {
        LedgerRecord intent = new()
        {
            FileName = "kite", Watermark = true, Columns = new() { ["filename"] = "{n}-kite", ["WATERMARK"] = "yes", ["A"] = "" },
        };
        Text(intent).ShouldBe("filename={n}-kite|WATERMARK=yes|A=|Parameter=");
        InputOf(intent).ShouldNotBeNull()["FileName"].ShouldBe("{n}-kite");
    }

    private static Dictionary<string, object?>? InputOf(LedgerRecord intent) =>
        new LedgerEntry { Entry = "e", Intent = intent }.ToVideo().Input as Dictionary<string, object?>;

    private static string Text(LedgerRecord intent) =>
        string.Join('|', InputOf(intent).ShouldNotBeNull().Select(pair => $"{pair.Key}={pair.Value}"));

    private static LedgerEntry Full()
    {
        LedgerReview review = new();
        review.Apply(new LedgerRecord { Verdict = "Kept", Rating = 4, Note = "good", Decided = Records.Noon });
        return new LedgerEntry
        {
            Entry = "e",
            Id = "vid-1",
            Status = VideoStatus.Succeeded,
            IsAnswered = true,
            At = Records.Noon,
            Created = Records.Noon.AddSeconds(-1),
            Latency = TimeSpan.FromSeconds(45),
            Url = s_url,
            Cost = 0.3m,
            Estimate = 0.25m,
            Error = new VideoError { Message = "Odd." },
            RequestId = "req-1",
            IdSource = "X-Id",
            Path = "/a.mp4",
            Size = 7,
            Sha256 = "aa",
            Take = 2,
            FileName = "kite",
            Review = review,
        };
    }
}
