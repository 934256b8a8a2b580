using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class VideoRecorderTests : LedgerTest
{
    [Fact]
    public async Task The_end_of_each_video_is_recorded_in_its_own_ledger()
    {
        string other = Home.Of("other.jsonl");
        await VideoLedger.At(other).AppendAsync(Records.Intent("f"), Records.Submitted("f", "vid-2"));
        Write(Records.Intent("e"), Records.Submitted("e", "vid-1"));
        (Video, VideoState)[] told =
        [
            (new() { Id = "vid-1", Ledger = LedgerPath }, State("vid-1", VideoStatus.Succeeded, 0.3m)),
            (new() { Id = "vid-2", Ledger = other }, State("vid-2", VideoStatus.Failed)),
            (new() { Id = "vid-3", Ledger = LedgerPath }, State("vid-3", VideoStatus.Processing)),
            (new() { Id = "vid-4" }, State("vid-4", VideoStatus.Succeeded)),
        ];
        await VideoRecorder.SettledAsync(told, Records.Api);
        LedgerEntry entry = Records.Read(LedgerPath).Entries.Single();
        (entry.Status, entry.Cost, entry.Latency, entry.Url).ShouldBe(
            (VideoStatus.Succeeded, 0.3m, TimeSpan.FromMilliseconds(1500), new Uri("https://media.chuizi.ai/vid-1.mp4")));
        LedgerEntry failed = Records.Read(other).Entries.Single();
        (failed.Status, failed.Error!.Message).ShouldBe((VideoStatus.Failed, "Refused."));
    }

    [Fact]
    public async Task A_saved_file_is_recorded_with_its_hash()
    {
        Write(Records.Intent("e"), Records.Submitted("e", "vid-1"));
        await VideoRecorder.SavedAsync(new Video { Id = "vid-1", Ledger = LedgerPath }, Records.Api, "/videos/a.mp4", "abc");
        LedgerBook book = Records.Read(LedgerPath);
        (book.OwnerOf("/videos/a.mp4"), book.Entries.Single().Sha256).ShouldBe(("vid-1", "abc"));
    }

    [Fact]
    public async Task The_ledger_of_the_run_takes_precedence_over_the_Ledger_property()
    {
        Write(Records.Intent("e"));
        VideoLedger memory = VideoLedger.InMemory();
        Video video = new() { Id = "vid-1", Ledger = LedgerPath };
        new VideoProvenance(new VideoRequest { Model = Records.Model, Prompt = "A red kite" }, memory).AttachTo(video);
        VideoRecorder.LedgerOf(video).ShouldBeSameAs(memory);
        VideoRecorder.LedgerOf(new Video { Ledger = LedgerPath }).ShouldBeSameAs(Ledger);
        await VideoRecorder.SavedAsync(video, Records.Api, "/a.mp4", "abc");
        Lines.Length.ShouldBe(1);
    }

    // A video may come from another machine, or from a list that a user created.
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("run.jsonl")]
    [InlineData("/no/such/run.jsonl")]
    public async Task A_ledger_that_does_not_exist_is_not_created(string? path)
    {
        VideoRecorder.LedgerOf(new Video { Id = "vid-1", Ledger = path }).ShouldBeNull();
        await VideoRecorder.SavedAsync(new Video { Id = "vid-1", Ledger = path }, Records.Api, "/a.mp4", "abc");
        await VideoRecorder.SettledAsync([(new Video { Id = "vid-1", Ledger = path }, State("vid-1", VideoStatus.Succeeded))], Records.Api);
        Home.Names.ShouldBeEmpty();
    }

    private static VideoState State(string id, string status, decimal? cost = null) => new()
    {
        Id = id, Status = status, Cost = cost, Latency = TimeSpan.FromSeconds(1.5), Url = new Uri($"https://media.chuizi.ai/{id}.mp4"),
        Error = status == VideoStatus.Failed ? new VideoError { Message = "Refused." } : null,
    };
}
