using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Tests.Support;
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

    [Fact]
    public async Task Each_field_of_an_outcome_and_of_a_saved_file_is_recorded()
    {
        Write(Records.Intent("e"), Records.Submitted("e", "vid-1"));
        Video video = new() { Id = "vid-1", Ledger = LedgerPath };
        VideoState state = State("vid-1", VideoStatus.Failed, 0.3m) with { Model = "acme/listed" };
        await VideoRecorder.SettledAsync([(video, state)], Records.Api);
        LedgerRecord settled = Last();
        (settled.Step, settled.Id, settled.Origin, settled.Model, settled.Status, settled.Url, settled.Cost, settled.LatencyMs)
            .ShouldBe((LedgerStep.Settled, "vid-1", Records.Api, "acme/listed", VideoStatus.Failed, state.Url, 0.3m, 1500));
        settled.Error.ShouldNotBeNull().Message.ShouldBe("Refused.");

        video.Model = "acme/asked";
        await VideoRecorder.SettledAsync([(video, state with { Latency = null })], Records.Api);
        (Last().Model, Last().LatencyMs).ShouldBe(("acme/asked", null));

        await VideoRecorder.SavedAsync(video, Records.Elsewhere, "/videos/a.mp4", "abc", 7);
        LedgerRecord saved = Last();
        (saved.Step, saved.Id, saved.Origin, saved.Model, saved.Path, saved.Size, saved.Sha256)
            .ShouldBe((LedgerStep.Saved, "vid-1", Records.Elsewhere, "acme/asked", "/videos/a.mp4", 7, "abc"));

        LedgerRecord Last() => LedgerSerializer.Read(System.Text.Encoding.UTF8.GetBytes(Lines[^1])).ShouldNotBeNull();
    }

    [Theory]
    [InlineData(VideoStatus.Succeeded, "a.mp4", "0.3", false)]
    [InlineData(VideoStatus.Succeeded, null, null, false)]
    [InlineData(VideoStatus.Succeeded, "a.mp4", null, false)]
    [InlineData(VideoStatus.Succeeded, null, "0.3", false)]
    [InlineData(VideoStatus.Succeeded, "b.mp4", "0.3", true)]
    [InlineData(VideoStatus.Succeeded, "a.mp4", "0.4", true)]
    [InlineData(VideoStatus.Failed, "a.mp4", "0.3", true)]
    [InlineData(VideoStatus.Failed, null, null, true)]
    [InlineData(VideoStatus.Processing, "b.mp4", "0.4", false)]
    public async Task An_outcome_that_the_video_already_has_is_not_recorded_again(string status, string? file, string? cost, bool isNews)
    {
        Write(Records.Intent("e"), Records.Submitted("e", "vid-1"));
        Video video = new()
        {
            Id = "vid-1", Ledger = LedgerPath, Status = VideoStatus.Succeeded, Url = new Uri("https://media.chuizi.ai/a.mp4"), Cost = 0.3m,
        };
        VideoState state = new()
        {
            Id = "vid-1",
            Status = status,
            Url = file is null ? null : new Uri($"https://media.chuizi.ai/{file}"),
            Cost = cost is null ? null : decimal.Parse(cost, System.Globalization.CultureInfo.InvariantCulture),
        };
        await VideoRecorder.SettledAsync([(video, state)], Records.Api);
        Lines.Length.ShouldBe(isNews ? 3 : 2);
    }

    [Fact]
    public async Task The_amounts_of_the_month_are_corrected_for_videos_with_and_without_a_ledger()
    {
        SpendingJournal journal = new(Home.Path, new Support.ManualClock(new DateTimeOffset(Records.Noon)));
        await journal.Of(Records.Noon).AppendAsync(
            Records.Intent("e", estimate: 5), Records.Submitted("e", "vid-1"), Records.Intent("f", estimate: 5),
            Records.Submitted("f", "vid-2"));
        Write(Records.Intent("e"), Records.Submitted("e", "vid-1"));
        (Video, VideoState)[] settled =
        [
            (new Video { Id = "vid-1", Ledger = LedgerPath }, State("vid-1", VideoStatus.Succeeded, 1)),
            (new Video { Id = "vid-2" }, State("vid-2", VideoStatus.Succeeded, 2)),
        ];
        await VideoRecorder.SettledAsync(settled, Records.Api, journal);
        (await journal.Of(Records.Noon).ReadAsync(book => book.SpentAt(Records.Api).Total(_ => null))).ShouldBe(3);
        Lines.Length.ShouldBe(3);
    }

    [Fact]
    public void A_relative_path_is_not_used_even_if_there_is_such_a_file()
    {
        Write(Records.Intent("e"));
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, LedgerPath);
        Assert.SkipWhen(Path.IsPathRooted(relative), "The folder is on another drive.");
        File.Exists(relative).ShouldBeTrue();
        VideoRecorder.LedgerOf(new Video { Ledger = relative }).ShouldBeNull();
    }

    [Fact]
    public void A_blob_is_used_if_it_exists_and_this_process_has_a_credential_of_it()
    {
        AppendBlobServer blob = Own(new AppendBlobServer());
        VideoRecorder.LedgerOf(new Video { Ledger = blob.Path }).ShouldBeNull("it does not exist yet");
        blob.Add(Records.Intent("e"));
        VideoRecorder.LedgerOf(new Video { Ledger = blob.Path }).ShouldBeSameAs(VideoLedger.At(blob.Path));
    }

    private static VideoState State(string id, string status, decimal? cost = null) => new()
    {
        Id = id, Status = status, Cost = cost, Latency = TimeSpan.FromSeconds(1.5), Url = new Uri($"https://media.chuizi.ai/{id}.mp4"),
        Error = status == VideoStatus.Failed ? new VideoError { Message = "Refused." } : null,
    };
}
