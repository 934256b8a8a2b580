using Chuizi.Video.Client.Ledger;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

/// <summary>Rows that another run has claimed: who continues with them, and when.</summary>
public sealed class ClaimedRowTests : LedgerTest
{
    [Theory]
    [InlineData(false, VideoStatus.Unknown, null, false, true)]
    [InlineData(false, VideoStatus.Unknown, null, true, true)]
    [InlineData(true, VideoStatus.Processing, null, false, true)]
    [InlineData(true, VideoStatus.Processing, "/a.mp4", true, true)]
    [InlineData(true, VideoStatus.Succeeded, null, false, false)]
    [InlineData(true, VideoStatus.Succeeded, null, true, true)]
    [InlineData(true, VideoStatus.Succeeded, "/a.mp4", true, false)]
    [InlineData(true, VideoStatus.Failed, null, true, false)]
    [InlineData(true, VideoStatus.Unknown, null, true, false)]
    [InlineData(true, VideoStatus.Skipped, null, true, false)]
    public void A_row_is_open_until_it_has_its_outcome_and_its_file(
        bool isAnswered, string status, string? path, bool saves, bool expected) =>
        ClaimedRow.IsOpen(new LedgerEntry { Entry = "e", IsAnswered = isAnswered, Status = status, Path = path }, saves)
            .ShouldBe(expected);

    [Fact]
    public void A_row_is_elsewhere_while_another_run_that_is_alive_has_work_to_do()
    {
        using LedgerRun own = new();
        using LedgerRun other = new();
        ClaimedRow row = Row("k", own);
        row.IsElsewhere(Open(other.Name)).ShouldBeTrue();
        row.IsElsewhere(Open(own.Name)).ShouldBeFalse();
        row.IsElsewhere(Open(Records.DeadRun)).ShouldBeFalse();
        row.IsElsewhere(Open(null)).ShouldBeFalse();

        LedgerEntry done = Open(other.Name);
        done.Status = VideoStatus.Succeeded;
        row.IsElsewhere(done).ShouldBeFalse();
        Row("k", own, saves: true).IsElsewhere(done).ShouldBeTrue("its file is not saved");
        done.Status = VideoStatus.Failed;
        Row("k", own, saves: true).IsElsewhere(done).ShouldBeFalse();
    }

    [Fact]
    public void The_line_that_takes_a_row_has_everything_that_identifies_it()
    {
        using LedgerRun own = new();
        LedgerRecord line = Row("k", own).TakeLine(Open(Records.DeadRun)).ShouldNotBeNull();
        Records.Text(line).ShouldBe(Records.Text(new LedgerRecord
        {
            Step = "taken",
            Entry = "e",
            Key = "k",
            Origin = Records.Api,
            Run = own.Name,
            Id = "vid-1",
            Model = Records.Model,
        }));
        Row("k", own).TakeLine(Open(null)).ShouldNotBeNull().Run.ShouldBe(own.Name);
    }

    [Fact]
    public void A_row_that_is_done_or_has_an_owner_is_not_taken()
    {
        using LedgerRun own = new();
        using LedgerRun other = new();
        ClaimedRow row = Row("k", own);
        row.TakeLine(Open(own.Name)).ShouldBeNull();
        row.TakeLine(Open(other.Name)).ShouldBeNull();

        LedgerEntry entry = Open(Records.DeadRun);
        entry.Id = null;
        row.TakeLine(entry).ShouldBeNull("without an id, it cannot be polled");
        entry = Open(Records.DeadRun);
        entry.Status = VideoStatus.Failed;
        row.TakeLine(entry).ShouldBeNull();
        entry.Status = VideoStatus.Succeeded;
        row.TakeLine(entry).ShouldBeNull();
        Row("k", own, saves: true).TakeLine(entry).ShouldNotBeNull();
    }

    [Fact]
    public void The_entry_of_a_row_is_its_last_submission_at_its_origin()
    {
        using LedgerRun own = new();
        LedgerBook book = Records.Book(
            Records.Intent("a", "k"), Records.Intent("b", "k", again: "a"), Records.Intent("c", "k", origin: Records.Elsewhere));
        Row("k", own).EntryIn(book).ShouldNotBeNull().Entry.ShouldBe("b");
        Row("other", own).EntryIn(book).ShouldBeNull();
    }

    [Fact]
    public async Task Rows_of_runs_that_have_ended_are_taken_and_the_others_are_left()
    {
        using LedgerRun own = new();
        using LedgerRun other = new();
        LedgerRecord[] before =
        [
            Records.Intent("abandoned", "k-1"), Records.Submitted("abandoned", "vid-1", "k-1"),
            Records.Intent("elsewhere", "k-2", run: other.Name), Records.Submitted("elsewhere", "vid-2", "k-2"),
            Records.Intent("unanswered", "k-3"),
            Records.Intent("failed", "k-4"), Records.Submitted("failed", "vid-4", "k-4"), Records.Settled("vid-4", VideoStatus.Failed),
        ];
        Write(before);
        ClaimedRow[] rows = [.. Enumerable.Range(1, 5).Select(number => Row($"k-{number}", own))];

        (await ClaimedRow.TakeAsync(rows)).ShouldBe([rows[0], rows[3]]);

        Home.Names.ShouldBe(["run.jsonl", $"run.jsonl.{own.Name}.lock"]);
        Lines.Length.ShouldBe(before.Length + 1);
        LedgerRecord taken = LedgerSerializer.Read(System.Text.Encoding.UTF8.GetBytes(Lines[^1])).ShouldNotBeNull();
        (taken.Step, taken.Entry, taken.Id, taken.Run).ShouldBe((LedgerStep.Taken, "abandoned", "vid-1", own.Name));
        Records.Read(LedgerPath).Find(Records.Api, "k-1").ShouldNotBeNull().Run.ShouldBe(own.Name);

        (await ClaimedRow.TakeAsync(rows)).ShouldBe([rows[0], rows[3]]);
        Lines.Length.ShouldBe(before.Length + 1, "they belong to this run already");
    }

    [Fact]
    public async Task Without_rows_nothing_is_taken_or_written()
    {
        (await ClaimedRow.TakeAsync([])).ShouldBeEmpty();
        Home.Names.ShouldBeEmpty();
    }

    private ClaimedRow Row(string key, LedgerRun run, bool saves = false) => new(Ledger, Records.Api, key, run, saves);

    private static LedgerEntry Open(string? run) => new()
    {
        Entry = "e",
        Key = "k",
        Origin = Records.Api,
        Run = run,
        Id = "vid-1",
        Model = Records.Model,
        IsAnswered = true,
        Status = VideoStatus.Processing,
    };
}
