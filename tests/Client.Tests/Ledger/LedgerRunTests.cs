using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class LedgerRunTests : LedgerTest
{
    private const string Other = "00000000000000aa";

    [Fact]
    public void A_run_of_this_process_is_alive_until_it_ends()
    {
        LedgerRun run = new();
        LedgerRun.IsAlive(LedgerStore.At(LedgerPath), run.Name).ShouldBeTrue();
        run.Hold(() => LedgerStore.At(LedgerPath).Hold(run, Ledger));
        LedgerRun.IsAlive(LedgerStore.At(LedgerPath), run.Name).ShouldBeTrue();
        Home.Names.ShouldBe([$"run.jsonl.{run.Name}.lock"]);
        run.Dispose();
        LedgerRun.IsAlive(LedgerStore.At(LedgerPath), run.Name).ShouldBeFalse();
        Home.Names.ShouldBeEmpty();
    }

    [Trait("Speed", "Slow")]
    [Fact]
    public async Task A_run_of_another_process_is_alive_until_killed_and_its_row_becomes_unknown()
    {
        LedgerProcess process = Own(LedgerProcess.Hold(LedgerPath));
        string run = await process.SayAsync();
        LedgerRun.IsAlive(LedgerStore.At(LedgerPath), run).ShouldBeTrue();
        LedgerRun.IsAlive(LedgerStore.At(LedgerPath), run).ShouldBeTrue("checking does not delete the lock file");
        using SubmissionClaims claims = Submissions.Claims(Ledger, new SubmissionTerms { Origin = Records.Api, Deduplicates = true });
        (await claims.TryClaimAsync(Submissions.Row(0, Request(), "1-test#0"))).Action.ShouldBe(RowAction.IsElsewhere);
        LedgerListing.Read(LedgerPath, out _).Single().Video.Status.ShouldBe(VideoStatus.Processing);

        await process.KillAsync();
        File.Exists($"{LedgerPath}.{run}.lock").ShouldBeTrue("kill -9 leaves the lock file");
        (await claims.TryClaimAsync(Submissions.Row(0, Request(), "1-test#0"))).Action.ShouldBe(RowAction.IsUnknown);
        LedgerRun.IsAlive(LedgerStore.At(LedgerPath), run).ShouldBeFalse();
        LedgerListing.Read(LedgerPath, out _).Single().Video.Status.ShouldBe(VideoStatus.Unknown);
        File.Exists($"{LedgerPath}.{run}.lock").ShouldBeFalse("the check deletes the lock file of a dead run");
    }

    [Trait("Speed", "Slow")]
    [Fact]
    public async Task A_run_is_alive_when_its_ledger_is_opened_through_a_link()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Symbolic links require special permissions on Windows.");
        string link = Path.Combine(Directory.CreateDirectory(Home.Of("elsewhere")).FullName, "link.jsonl");
        File.CreateSymbolicLink(link, LedgerPath);
        LedgerProcess process = Own(LedgerProcess.Hold(LedgerPath));
        string run = await process.SayAsync();
        LedgerRun.IsAlive(LedgerStore.At(link), run).ShouldBeTrue();
        using SubmissionClaims claims = Submissions.Claims(
            VideoLedger.At(link),
            new SubmissionTerms
            {
                Origin = Records.Api,
                Deduplicates = true,
                Resubmit = true,
            });
        (await claims.TryClaimAsync(Submissions.Row(0, Request(), "1-test#0"))).Action.ShouldBe(RowAction.IsElsewhere);
        LedgerListing.Read(link, out _).Single().Video.Status.ShouldBe(VideoStatus.Processing);

        LedgerProcess other = Own(LedgerProcess.Hold(Home.Of("later.jsonl")));
        string linked = await other.SayAsync();
        File.CreateSymbolicLink(Home.Of("first.jsonl"), Home.Of("later.jsonl"));
        LedgerRun.IsAlive(LedgerStore.At(Home.Of("first.jsonl")), linked).ShouldBeTrue();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(Other)]
    [InlineData("../../etc/passwd")]
    [InlineData("*")]
    public void A_run_without_a_process_is_not_alive(string? run)
    {
        Home.Write("other.txt", [1]);
        LedgerRun.IsAlive(LedgerStore.At(LedgerPath), run).ShouldBeFalse();
        Home.Names.ShouldBe(["other.txt"]);
    }

    [Fact]
    public void Only_the_owner_can_read_the_lock_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such permissions.");
        using LedgerRun run = new();
        run.Hold(() => LedgerStore.At(LedgerPath).Hold(run, Ledger));
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode($"{LedgerPath}.{run.Name}.lock").ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public void Old_lock_files_of_killed_runs_are_deleted_and_all_others_kept()
    {
        DateTime old = DateTime.UtcNow.AddHours(-2);
        string dead = Lock(Other, old);
        string young = Lock("00000000000000bb", DateTime.UtcNow);
        string foreign = Home.Write("run.jsonl.notes.lock", [1]);
        string elsewhere = Home.Write($"other.jsonl.{Other}.lock", [1]);
        string brief = Home.Write("a", [1]);
        Array.ForEach([foreign, elsewhere, brief], file => File.SetLastWriteTimeUtc(file, old));
        using LedgerRun ours = new();
        string own = Lock(ours.Name, old);
        string lived = Lock("00000000000000cc", old);
        using FileStream held = new(lived, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        using LedgerRun run = new();
        run.Hold(() => LedgerStore.At(LedgerPath).Hold(run, Ledger));
        File.Exists(dead).ShouldBeFalse();
        Array.ForEach([young, foreign, elsewhere, brief, own, lived], file => File.Exists(file).ShouldBeTrue(file));
    }

    [Fact]
    public void Names_are_unique_and_contain_nothing_else()
    {
        using LedgerRun one = new();
        using LedgerRun other = new();
        one.Name.ShouldNotBe(other.Name);
        one.Name.ShouldAllBe(letter => char.IsAsciiHexDigitLower(letter));
        (one.Name.Length, LedgerRun.OfThisMachine.Length).ShouldBe((20, LedgerRun.MachineLength));
        one.Name.ShouldStartWith(LedgerRun.OfThisMachine);
        other.Name.ShouldStartWith(LedgerRun.OfThisMachine);
        (one.NextEntry(), one.NextEntry(), other.NextEntry()).ShouldBe(($"{one.Name}-1", $"{one.Name}-2", $"{other.Name}-1"));
    }

    [Fact]
    public async Task The_end_of_a_run_can_be_waited_for_once_it_is_stopped()
    {
        LedgerRun run = new();
        // The end of a run that still sends cannot be waited for, because that could deadlock.
        LedgerRun.EndOf(run.Name).IsCompleted.ShouldBeTrue();
        run.IsStopped = true;
        Task end = LedgerRun.EndOf(run.Name);
        end.IsCompleted.ShouldBeFalse();
        run.Dispose();
        await end.WaitAsync(Eventually.Patience);
        LedgerRun.EndOf(run.Name).IsCompleted.ShouldBeTrue();
        LedgerRun.EndOf(Other).IsCompleted.ShouldBeTrue();
        LedgerRun.EndOf(null).IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_stopped_log_ends_after_its_last_response()
    {
        SubmissionClaims claims = Submissions.Claims(Ledger, new SubmissionTerms { Origin = Records.Api, Deduplicates = true });
        Claim claim = await claims.TryClaimAsync(Submissions.Row(1, Request(), "k"));
        LedgerRun.EndOf(claim.Intent!.Run).IsCompleted.ShouldBeTrue();
        claims.Stop();
        Task end = LedgerRun.EndOf(claim.Intent.Run);
        await claims.SubmittedAsync(claim, new VideoState { Id = "vid-1", Status = VideoStatus.Processing });
        end.IsCompleted.ShouldBeFalse();
        claims.Dispose();
        await end.WaitAsync(Eventually.Patience);
    }

    [Fact]
    public void A_run_is_shown_as_alive_once_until_its_last_user_has_ended_it()
    {
        int calls = 0;
        MemoryStream shown = new();
        LedgerRun run = new();
        run.Hold(Show);
        run.Hold(Show);
        run.Share().ShouldBeSameAs(run);
        State().ShouldBe((false, true, true));
        run.Dispose();
        State().ShouldBe((false, true, true));
        run.Dispose();
        State().ShouldBe((true, false, false));
        run.Dispose();
        State().ShouldBe((true, false, false));
        calls.ShouldBe(1);

        MemoryStream Show()
        {
            calls++;
            return shown;
        }

        (bool HasEnded, bool IsShown, bool IsRunning) State() => (run.HasEnded, shown.CanRead, LedgerRun.IsRunningHere(run.Name));
    }

    [Fact]
    public void A_run_that_has_ended_is_not_shown_as_alive_again()
    {
        LedgerRun run = new();
        run.Dispose();
        run.Hold(() => throw new InvalidOperationException("It has ended."));
        LedgerRun.IsAlive(LedgerStore.At(LedgerPath), run.Name).ShouldBeFalse();
    }

    [Fact]
    public void The_requests_of_a_run_may_end_before_the_run()
    {
        using LedgerRun run = new() { IsStopped = true };
        Task end = LedgerRun.EndOf(run.Name);
        end.IsCompleted.ShouldBeFalse();
        run.EndRequests();
        end.IsCompleted.ShouldBeTrue();
        (LedgerRun.IsRunningHere(run.Name), run.HasEnded).ShouldBe((true, false));
    }

    [Theory]
    [InlineData("00ffAA", true)]
    [InlineData("0", true)]
    [InlineData("00fg", false)]
    [InlineData("g00f", false)]
    [InlineData("00-1", false)]
    [InlineData("..", false)]
    public void A_name_has_only_hexadecimal_digits(string text, bool expected) => LedgerRun.IsName(text).ShouldBe(expected);

    private string Lock(string run, DateTime written)
    {
        string path = Home.Write($"run.jsonl.{run}.lock", []);
        File.SetLastWriteTimeUtc(path, written);
        return path;
    }
}
