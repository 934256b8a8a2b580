using System.Text.Json;
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
    public async Task What_a_run_records_just_before_it_is_seen_to_have_ended_is_read()
    {
        VideoLedger other = Stranger();
        using LedgerRun run = new();
        other.Hold(run);
        await other.AppendAsync(Records.Intent("e", run: run.Name));
        int reads = 0;
        (bool IsAnswered, bool IsAlive) seen = await Ledger.ReadAsync(book =>
        {
            bool isAnswered = book.Entries.Single().IsAnswered;
            if (++reads == 1)
            {
                other.AppendAsync(Records.Submitted("e", "vid-1")).GetAwaiter().GetResult();
                run.Dispose();
            }

            return (isAnswered, Ledger.IsAlive(run.Name));
        });
        seen.ShouldBe((true, false));
        await Ledger.ReadAsync(_ => ++reads);
        reads.ShouldBe(3, "a run ends once");
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
            SubmissionTerms repeating = terms with { Resubmit = true, RetryFailed = true };
            using SubmissionClaims again = Submissions.Claims(Ledger, repeating);
            Claim claim = await again.TryClaimAsync(await Submissions.PlanAsync(1, Ledger, repeating));
            await again.SettledAsync(claim, null);
        }

        using SubmissionClaims plain = Submissions.Claims(Ledger, terms);
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

    [Fact]
    public async Task A_stored_ledger_exists_once_it_is_written_and_one_in_memory_never_does()
    {
        VideoLedger memory = VideoLedger.InMemory();
        Ledger.Exists.ShouldBeFalse();
        await Ledger.AppendAsync(Records.Intent("e"));
        await memory.AppendAsync(Records.Intent("e"));
        (Ledger.Exists, Ledger.Path, memory.Exists).ShouldBe((true, LedgerPath, false));
    }

    [Fact]
    public void A_held_run_is_alive_in_its_file_and_a_ledger_in_memory_has_no_runs()
    {
        using LedgerRun run = new();
        VideoLedger memory = VideoLedger.InMemory();
        memory.Hold(run);
        Home.Names.ShouldBeEmpty();
        Ledger.MaySend(run.Name).ShouldBeTrue("a run of this process needs no lock file for that");
        Ledger.Hold(run);
        Home.Names.ShouldBe([$"run.jsonl.{run.Name}.lock"]);
        Seen(Ledger, run.Name).ShouldBe((true, true, false));
        Seen(memory, run.Name).ShouldBe((false, false, false));
        foreach (string? none in new[] { null, "00000000000000aa" })
        {
            Seen(Ledger, none).ShouldBe((false, false, false));
            Seen(memory, none).ShouldBe((false, false, false));
        }

        (Ledger.IsInEffect(run.Name), memory.IsInEffect(run.Name)).ShouldBe((true, true));
    }

    [Fact]
    public void A_lock_file_that_cannot_be_created_is_reported_with_its_ledger()
    {
        Home.Write("file", [1]);
        string path = Home.Of("file/run.jsonl");
        using LedgerRun run = new();
        ChuiziException failure = Should.Throw<ChuiziException>(() => VideoLedger.At(path).Hold(run));
        failure.Kind.ShouldBe(ChuiziErrorKind.LedgerUnavailable);
        failure.Message.ShouldBe(
            $"The lock file for the ledger '{path}' cannot be created: {failure.InnerException.ShouldNotBeNull().Message}");
    }

    [Fact]
    public async Task A_shared_ledger_shows_for_how_long_a_silent_run_is_alive_and_may_send()
    {
        const string Silent = "aaaaaa00000001";
        ManualClock clock = new();
        AppendBlobServer blob = Own(new AppendBlobServer());
        BlobRunWatch.Of(blob.Path, clock);
        using LedgerRun own = new();
        blob.Add(Records.Intent("e", run: Silent), Records.Intent("f", run: own.Name));
        VideoLedger ledger = VideoLedger.At(blob.Path);
        await ledger.ReadAsync(book => book.Records);
        Seen(ledger, Silent).ShouldBe((true, true, true));
        Seen(ledger, own.Name).ShouldBe((true, true, false), "this process is certain about its own run");
        Seen(ledger, null).ShouldBe((false, false, false));

        clock.Advance(BlobRunWatch.UntilDead);
        await ledger.ReadAsync(book => book.Records);
        Seen(ledger, Silent).ShouldBe((false, true, true));
        clock.Advance(BlobRunWatch.UntilQuiet - BlobRunWatch.UntilDead);
        await ledger.ReadAsync(book => book.Records);
        Seen(ledger, Silent).ShouldBe((false, false, false));
    }

    [Fact]
    public async Task A_run_is_in_effect_in_a_shared_ledger_only_after_it_has_stored_a_line()
    {
        ManualClock clock = new();
        AppendBlobServer blob = Own(new AppendBlobServer());
        BlobRunWatch.Of(blob.Path, clock);
        VideoLedger ledger = VideoLedger.At(blob.Path);
        ledger.IsInEffect(Records.DeadRun).ShouldBeFalse();
        await ledger.AppendAsync(Records.Intent("e"));
        ledger.IsInEffect(Records.DeadRun).ShouldBeTrue();
        clock.Advance(BlobRunWatch.InEffect);
        ledger.IsInEffect(Records.DeadRun).ShouldBeFalse();
    }

    [Fact]
    public async Task An_attached_book_counts_its_own_run_until_it_is_detached()
    {
        LedgerBook stays = new();
        LedgerBook leaves = new();
        VideoLedger ledger = Ledger;
        ledger.Attach("aa", stays);
        ledger.Attach("aa", leaves);
        await ledger.AppendAsync(Records.Intent("own", run: "aa"), Records.Intent("other", run: "bb"));
        ledger.Detach(leaves);
        await ledger.AppendAsync(Records.Intent("later", run: "aa"), Records.Ended("own", VideoStatus.Failed));
        stays.Entries.Select(entry => (entry.Entry, entry.Status)).ShouldBe([("own", VideoStatus.Failed), ("later", VideoStatus.Unknown)]);
        leaves.Entries.Select(entry => (entry.Entry, entry.Status)).ShouldBe([("own", VideoStatus.Unknown)]);
    }

    [Fact]
    public async Task A_decision_that_throws_fails_alone_and_writes_nothing()
    {
        await Should.ThrowAsync<InvalidTimeZoneException>(
            Ledger.DecideAsync<int>(follow: false, _ => throw new InvalidTimeZoneException("A defect.")));
        (await Ledger.DecideAsync<int>(follow: true, book => ([Records.Intent("e")], book!.Entries.Count))).ShouldBe(0);
        Records.Read(LedgerPath).Entries.Select(entry => entry.Entry).ShouldBe(["e"]);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public async Task Decisions_that_wait_at_the_same_time_are_made_together()
    {
        VideoLedger ledger = Ledger;
        using ManualResetEventSlim gate = new();
        Task<bool> first = await BlockAsync(ledger, gate);
        Task<bool> plain = ledger.DecideAsync<bool>(follow: false, book => ([], book is not null));
        await Task.Run(() => { });
        Task<bool> following = ledger.DecideAsync<bool>(follow: true, book => ([], book is not null));
        gate.Set();
        (await first, await plain, await following).ShouldBe((false, true, true), "one of the last two requires the book");
    }

    [Fact]
    public async Task An_outcome_is_recorded_even_if_an_earlier_line_cannot_be_read()
    {
        byte[] before = [.. Records.Bytes(Records.Intent("e")), .. Enumerable.Repeat((byte)'x', 5_000_000), (byte)'\n'];
        File.WriteAllBytes(LedgerPath, before);
        await Ledger.AppendAsync(Records.Submitted("e", "vid-1"));
        Lines[^1].ShouldBe(Records.Text(Records.Submitted("e", "vid-1")).TrimEnd('\n'));
        new FileInfo(LedgerPath).Length.ShouldBe(before.Length + Lines[^1].Length + 1);
    }

    [Fact]
    public async Task A_file_that_is_moved_away_and_back_is_read_again()
    {
        VideoLedger ledger = Ledger;
        Write(Records.Intent("e"));
        (await ledger.ReadAsync(book => book.Entries.Count)).ShouldBe(1);
        File.Move(LedgerPath, Home.Of("away.jsonl"));
        (await ledger.ReadAsync(book => book.Entries.Count)).ShouldBe(0);
        File.Move(Home.Of("away.jsonl"), LedgerPath);
        (await ledger.ReadAsync(book => book.Entries.Count)).ShouldBe(1);
    }

    [Fact]
    public async Task Lines_that_could_not_be_written_are_not_in_the_book()
    {
        AppendBlobServer blob = Own(new AppendBlobServer());
        foreach ((VideoLedger ledger, string how) in new[] { (Ledger, "written"), (VideoLedger.At(blob.Path), "used") })
        {
            await ledger.AppendAsync(Records.Intent("stored"));
            await ledger.ReadAsync(book => book.Records);
            LedgerRecord wrong = Records.Intent("wrong");
            wrong.Parameter = default(JsonElement);
            ChuiziException failure = await ShouldBeUnavailableAsync(ledger.AppendAsync(Records.Intent("with it"), wrong));
            Exception cause = failure.InnerException.ShouldNotBeNull();
            cause.ShouldBeOfType<InvalidOperationException>();
            failure.Message.ShouldBe($"The ledger '{ledger.Path}' cannot be {how}: {cause.Message}");
            (await ledger.ReadAsync(book => book.Entries.Select(entry => entry.Entry).ToArray())).ShouldBe(["stored"]);
        }

        Records.Read(LedgerPath).Entries.Count.ShouldBe(1);
        blob.Stored.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_decision_is_made_again_without_its_own_lines_if_others_have_written()
    {
        AppendBlobServer blob = Own(new AppendBlobServer());
        blob.Add(Records.Intent("first", "k-1"));
        VideoLedger ledger = VideoLedger.At(blob.Path);
        await ledger.ReadAsync(book => book.Records);
        await ledger.AppendAsync(Records.Intent("mine", "k-2"));
        blob.BeforeAppend = () => blob.Add(Records.Intent("theirs", "k-3"));
        List<(string Entries, bool HasRow)> seen = [];
        await ledger.DecideAsync<bool>(follow: true, book =>
        {
            seen.Add((string.Join(' ', book!.Entries.Select(entry => entry.Entry)), book.Find(Records.Api, "k-4") is not null));
            return (seen.Count == 1 ? [Records.Intent("a", "k-4"), Records.Intent("b", "k-4", again: "a")] : [], true);
        });
        seen.ShouldBe([("first mine", false), ("first mine theirs", false)]);
        blob.Stored.Select(line => line.Entry).ShouldBe(["first", "mine", "theirs"]);
    }

    [Fact]
    public async Task A_submission_that_was_withdrawn_leaves_an_attached_book()
    {
        AppendBlobServer blob = Own(new AppendBlobServer());
        VideoLedger ledger = VideoLedger.At(blob.Path);
        LedgerBook own = new();
        ledger.Attach(Records.DeadRun, own);
        await ledger.AppendAsync(Records.Intent("stored", estimate: 1));
        blob.BeforeAppend = () => blob.Add(Records.Intent("theirs", run: "aa"));
        int calls = 0;
        await ledger.DecideAsync<bool>(follow: false, _ => (calls++ == 0 ? [Records.Intent("withdrawn", estimate: 2)] : [], true));
        (calls, own.SpentAt(Records.Api).Total(_ => null)).ShouldBe((2, 1));
        own.Entries.Select(entry => entry.Entry).ShouldBe(["stored"]);
    }

    [Fact]
    public async Task What_was_decided_before_a_withdrawn_review_is_withdrawn_too()
    {
        AppendBlobServer blob = Own(new AppendBlobServer());
        VideoLedger ledger = VideoLedger.At(blob.Path);
        LedgerBook own = new();
        ledger.Attach(Records.DeadRun, own);
        await ledger.AppendAsync(Records.Intent("stored", estimate: 1));
        blob.BeforeAppend = () => blob.Add(Records.Intent("theirs", run: "aa"));
        LedgerRecord review = new() { Step = LedgerStep.Reviewed, Id = "vid-1", Origin = Records.Api, At = Records.Noon };
        int calls = 0;
        await ledger.DecideAsync<bool>(
            follow: true, _ => (calls++ == 0 ? [Records.Intent("withdrawn", estimate: 2), review] : [], true));
        (calls, own.SpentAt(Records.Api).Total(_ => null)).ShouldBe((2, 1));
        own.Entries.Select(entry => entry.Entry).ShouldBe(["stored"]);
    }

    [Fact]
    public async Task A_review_that_was_withdrawn_leaves_the_book()
    {
        AppendBlobServer blob = Own(new AppendBlobServer());
        blob.Add(Records.Intent("e"), Records.Submitted("e", "vid-1"));
        VideoLedger ledger = VideoLedger.At(blob.Path);
        await ledger.ReadAsync(book => book.Records);
        blob.BeforeAppend = () => blob.Add(Review(VideoVerdict.Rejected, Records.Noon));
        List<string?> seen = [];
        await ledger.DecideAsync<bool>(follow: true, book =>
        {
            seen.Add(book!.OfId("vid-1").SingleOrDefault()?.Review?.Verdict);
            return (seen.Count == 1 ? [Review(VideoVerdict.Kept, Records.Noon.AddMinutes(1))] : [], true);
        });
        seen.ShouldBe([null, VideoVerdict.Rejected]);
        (await ledger.ReadAsync(book => book.Entries.Single().Review?.Verdict)).ShouldBe(VideoVerdict.Rejected);

        static LedgerRecord Review(string verdict, DateTime decided) => new()
        {
            Step = LedgerStep.Reviewed, Id = "vid-1", Origin = Records.Api, At = decided, Verdict = verdict, Decided = decided,
        };
    }

    [Fact]
    public async Task A_decision_that_fails_on_outdated_lines_is_made_again_on_the_current_ones()
    {
        AppendBlobServer blob = Own(new AppendBlobServer());
        VideoLedger ledger = VideoLedger.At(blob.Path);
        await ledger.AppendAsync(Records.Intent("e"));
        await ledger.ReadAsync(book => book.Records);
        blob.Add(Records.Intent("theirs"));
        int answer = await ledger.DecideAsync<int>(follow: true, book =>
        {
            if (book!.Entries.Count < 2)
            {
                throw new InvalidTimeZoneException("Outdated.");
            }

            return ([], book.Entries.Count);
        });
        answer.ShouldBe(2);
    }

    [Fact]
    public async Task A_full_ledger_refuses_each_call_with_an_intent_and_records_results()
    {
        AppendBlobServer blob = Own(new AppendBlobServer());
        blob.Blocks = LedgerBlob.MostBlocksForIntents;
        blob.Add(Records.Intent("e"));
        VideoLedger ledger = VideoLedger.At(blob.Path);
        await ledger.ReadAsync(book => book.Records);
        await ShouldBeUnavailableAsync(ledger.AppendAsync(Records.Submitted("e", "vid-1"), Records.Intent("f")));
        await ledger.AppendAsync(Records.Submitted("e", "vid-2"));
        blob.Stored.Select(line => line.Id).ShouldBe([null, "vid-2"]);
    }

    [Fact]
    public async Task Lines_that_cannot_be_written_fail_all_decisions_that_are_made_together()
    {
        VideoLedger ledger = Ledger;
        using ManualResetEventSlim gate = new();
        Task<bool> first = await BlockAsync(ledger, gate);
        LedgerRecord wrong = Records.Intent("wrong");
        wrong.Parameter = default(JsonElement);
        Task[] together =
        [
            ledger.DecideAsync<bool>(follow: false, _ => throw new InvalidTimeZoneException("A defect.")),
            ledger.AppendAsync(Records.Intent("e")),
            ledger.AppendAsync(wrong),
        ];
        gate.Set();
        (await first).ShouldBeFalse();
        foreach (Task one in together)
        {
            await ShouldBeUnavailableAsync(one);
        }

        Records.Read(LedgerPath).Entries.ShouldBeEmpty();
    }

    /// <summary>Blocks the writer until the gate is set, so that the decisions after this one are made together.</summary>
    private static async Task<Task<bool>> BlockAsync(VideoLedger ledger, ManualResetEventSlim gate)
    {
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<bool> blocked = ledger.DecideAsync<bool>(follow: false, book =>
        {
            started.SetResult();
            gate.Wait();
            return ([], book is not null);
        });
        await started.Task;
        return blocked;
    }

    private static (bool IsAlive, bool MaySend, bool IsUncertain) Seen(VideoLedger ledger, string? run) =>
        (ledger.IsAlive(run), ledger.MaySend(run), ledger.IsUncertain(run));
}
