using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Client.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class VideoLedgerTests : LedgerTest
{
    [Fact]
    public async Task Concurrent_writes_are_complete_and_keep_the_order_of_each_writer()
    {
        const int Writers = 50;
        const int Each = 20;
        await Task.WhenAll(
            Enumerable
                .Range(0, Writers)
                .Select(async writer =>
                {
                    VideoLedger ledger = writer % 2 == 0 ? Ledger : Stranger();
                    for (int number = 0; number < Each; number++)
                    {
                        await ledger.AppendAsync(
                            Records.Intent($"{writer}-{number}"),
                            Records.Submitted($"{writer}-{number}", $"vid-{writer}-{number}"));
                    }
                }));
        LedgerRecord[] records =
        [
            .. Lines.Select(line => LedgerSerializer.Read(System.Text.Encoding.UTF8.GetBytes(line)).ShouldNotBeNull()),
        ];
        records.Length.ShouldBe(Writers * Each * 2);
        for (int at = 0; at < records.Length; at += 2)
        {
            (records[at].Step, records[at + 1].Step).ShouldBe((LedgerStep.Intent, LedgerStep.Submitted));
            records[at + 1].Entry.ShouldBe(records[at].Entry, "lines of one call are adjacent");
        }

        foreach (
            IGrouping<string, string> mine in records
                .Where(record => record.Id is null)
                .Select(record => record.Entry!)
                .GroupBy(entry => entry.Split('-')[0]))
        {
            mine.ShouldBe(Enumerable.Range(0, Each).Select(number => $"{mine.Key}-{number}"));
        }

        (await Ledger.ReadAsync(book => book.Entries.Count(entry => entry.Id is not null))).ShouldBe(Writers * Each);
    }

    [Fact]
    public async Task A_line_is_on_disk_when_its_task_completes()
    {
        for (int number = 1; number <= 20; number++)
        {
            await Ledger.AppendAsync(Records.Intent($"e-{number}"));
            Records.Read(LedgerPath).Entries.Count.ShouldBe(number);
        }
    }

    [Fact]
    public async Task Each_concurrent_decision_sees_the_writes_of_earlier_ones()
    {
        int[] seen = await Task.WhenAll(Enumerable.Range(0, 200).Select(number => Ledger.DecideAsync<int>(
            follow: true, book => ([Records.Intent($"e-{number}")], book!.Entries.Count))));
        seen.Order().ShouldBe(Enumerable.Range(0, 200));
    }

    [Fact]
    public async Task A_decision_that_throws_does_not_affect_others()
    {
        using ManualResetEventSlim gate = new();
        // The first call blocks the writer, so that the others are handled as one group.
        Task<int> first = Ledger.ReadAsync(_ =>
        {
            gate.Wait();
            return 0;
        });
        Task before = Ledger.AppendAsync(Records.Intent("before"));
        Task<int> wrong = Ledger.ReadAsync<int>(_ => throw new InvalidTimeZoneException("A defect."));
        Task after = Ledger.AppendAsync(Records.Intent("after"));
        gate.Set();
        await Task.WhenAll(first, before, after);
        await Should.ThrowAsync<InvalidTimeZoneException>(wrong);
        Records.Read(LedgerPath).Entries.Select(entry => entry.Entry).ShouldBe(["before", "after"]);
    }

    [Fact]
    public async Task A_record_without_a_time_gets_the_time_of_writing()
    {
        DateTime before = DateTime.UtcNow;
        LedgerRecord record = Records.Intent("e");
        record.At = default;
        await Ledger.AppendAsync(record);
        DateTime at = Records.Read(LedgerPath).Entries.Single().At;
        at.Kind.ShouldBe(DateTimeKind.Utc);
        at.ShouldBeInRange(before, DateTime.UtcNow);
    }

    [Fact]
    public async Task A_write_waits_for_a_file_that_is_briefly_locked()
    {
        Task writing;
        using (FileStream held = new(LedgerPath, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
        {
            writing = Ledger.AppendAsync(Records.Intent("e"));
            held.Write(Records.Bytes(Records.Intent("theirs")));
        }

        await writing;
        Records.Read(LedgerPath).Entries.Select(entry => entry.Entry).ShouldBe(["theirs", "e"]);
    }

    [Fact]
    public async Task Reading_during_writes_sees_only_complete_lines_and_blocks_no_writer()
    {
        Write(Records.Intent("first"));
        Task writing = Task.WhenAll(
            Enumerable.Range(0, 300).Select(number => (number % 2 == 0 ? Ledger : Stranger()).AppendAsync(Records.Intent($"e-{number}"))));
        int seen = 1;
        do
        {
            int now = LedgerListing.Read(LedgerPath, out IReadOnlyList<string> damage).Count;
            damage.ShouldBeEmpty();
            now.ShouldBeGreaterThanOrEqualTo(seen);
            seen = now;
        }
        while (!writing.IsCompleted);
        await writing;
        LedgerListing.Read(LedgerPath, out _).Count.ShouldBe(301);
    }

    [Fact]
    public async Task The_owner_of_a_saved_file_is_known_across_processes()
    {
        Write(Records.Intent("e"), Records.Submitted("e", "vid-1"), Records.Saved("vid-1", "/videos/a.mp4"));
        VideoLedger ledger = Ledger;
        (await ledger.ReadAsync(book => book.OwnerOf("/videos/a.mp4"))).ShouldBe("vid-1");
        await Stranger().AppendAsync(Records.Saved("vid-2", "/videos/b.mp4"));
        (await ledger.ReadAsync(book => book.OwnerOf("/videos/a.mp4"))).ShouldBe("vid-1");
        (await ledger.ReadAsync(book => book.OwnerOf("/videos/b.mp4"))).ShouldBe("vid-2");
        (await ledger.ReadAsync(book => book.OwnerOf("/videos/c.mp4"))).ShouldBeNull();
    }

    [Theory]
    [InlineData(VideoStatus.Unknown, nameof(RowAction.IsUnknown))]
    [InlineData(VideoStatus.Failed, nameof(RowAction.IsKnown))]
    [InlineData(VideoStatus.Skipped, nameof(RowAction.Send))]
    public async Task A_withdrawn_re_submission_leaves_its_row_unchanged(string before, string expected)
    {
        Write(Records.Intent("a", "k-1"), Records.Ended("a", before, key: "k-1"));
        SubmissionTerms terms = new() { Origin = Records.Api, Deduplicates = true };
        for (int attempt = 0; attempt < 2; attempt++)
        {
            using SubmissionLog again = Submissions.Log(Ledger, terms with { Resubmit = true, RetryFailed = true });
            Claim claim = await again.TryClaimAsync(Submissions.Row(1));
            await again.SettledAsync(claim, null);
        }

        using SubmissionLog plain = Submissions.Log(Ledger, terms);
        (await plain.TryClaimAsync(Submissions.Row(1))).Action.ToString().ShouldBe(expected);
    }

    [Fact]
    public async Task Overlong_texts_are_truncated_and_the_ledger_stays_readable()
    {
        // A whole file used as a prompt, and a server that responds with megabytes.
        LedgerRecord intent = Records.Intent("e", "k", 0.3m);
        intent.Prompt = new string('\u0001', 5_000_000);
        await Ledger.AppendAsync(intent, Records.Ended("e", VideoStatus.Failed, new string('\u0001', 5_000_000)));
        LedgerEntry entry = Records.Read(LedgerPath).Find(Records.Api, "k").ShouldNotBeNull();
        (entry.Status, entry.Estimate).ShouldBe((VideoStatus.Failed, 0.3m));
        entry.Error!.Message!.ShouldStartWith("   ", customMessage: "spaces in place of control characters");
        (await Stranger().ReadAsync(book => book.Records)).ShouldBe(2);
    }

    [Fact]
    public void A_file_is_opened_once_per_process()
    {
        VideoLedger.At(LedgerPath).ShouldBeSameAs(Ledger);
        Stranger().ShouldNotBeSameAs(Ledger);
        VideoLedger.InMemory().Path.ShouldBeNull();
    }

    [Fact]
    public async Task An_in_memory_ledger_has_a_book_but_no_file()
    {
        VideoLedger memory = VideoLedger.InMemory();
        await memory.ReadAsync(book => book.Records);
        await memory.AppendAsync(Records.Intent("e", "k", 2));
        (await memory.ReadAsync(book => book.SpentAt(Records.Api).Total(_ => null))).ShouldBe(2);
    }
}
