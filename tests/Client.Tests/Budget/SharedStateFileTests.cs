using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Budget;
using Chuizi.Video.Client.Tests.Ledger;
using Chuizi.Video.Client.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Budget;

/// <summary>Request budgets that share a window in a real file, as those of several processes do.</summary>
public sealed class SharedStateFileTests : IDisposable
{
    private const string Key = "ck-0123456789abcdef0123456789abcdef";
    private const int Limit = 10;

    private static readonly string s_identity = ApiConnection.Create(Key).Identity;

    private readonly TempFolder _home = new();
    private readonly ManualClock _clock = new();

    private string Folder => _home.Of("state");

    private string Path => Directory.GetFiles(Folder).Single();

    [Fact]
    public void Several_budgets_share_one_window_in_a_file()
    {
        RequestBudget[] budgets = [.. Enumerable.Range(0, 4).Select(_ => Budget())];
        budgets[0].State(Limit);
        for (int minute = 0; minute < 3; minute++)
        {
            Run(budgets).ShouldBe(Limit);
            Run(budgets).ShouldBe(0);
            _clock.Advance(TimeSpan.FromSeconds(60));
        }
    }

    [Fact]
    public void The_file_is_created_with_the_first_limit_for_its_owner_only_and_without_the_key()
    {
        RequestBudget budget = Budget();
        Run(budget);
        Directory.Exists(Folder).ShouldBeFalse();
        budget.State(Limit);
        Run(budget).ShouldBe(0);
        string name = System.IO.Path.GetFileName(Path);
        name.ShouldMatch("^requests-[0-9a-f]{24}\\.bin$");
        s_identity.ShouldNotContain(name[9..^4], Case.Insensitive);
        File.ReadAllText(Path).ShouldNotContain(Key[3..]);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(Path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.GetUnixFileMode(Folder).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void Files_of_other_keys_that_were_not_used_for_a_day_are_deleted()
    {
        Directory.CreateDirectory(Folder);
        foreach (string name in new[] { "requests-old.bin", "requests-new.bin", "ledger-2020-01.jsonl" })
        {
            File.WriteAllText(_home.Of($"state/{name}"), "");
            File.SetLastWriteTimeUtc(_home.Of($"state/{name}"), DateTime.UtcNow.AddDays(name == "requests-new.bin" ? 0 : -2));
        }

        Budget().State(Limit);
        Directory.GetFiles(Folder).Length.ShouldBe(3);
        File.Exists(_home.Of("state/requests-old.bin")).ShouldBeFalse();
    }

    [Fact]
    public void A_damaged_file_loses_no_request_and_is_repaired()
    {
        RequestBudget[] budgets = [Budget(), Budget()];
        budgets[0].State(Limit);
        Run(budgets[1], 3).ShouldBe(3);
        Run(budgets[0], 1).ShouldBe(1);
        byte[] intact = File.ReadAllBytes(Path);
        byte[] random = new byte[4096];
        new Random(1).NextBytes(random);
        byte[] flipped = [.. intact];
        flipped[40] ^= 1;
        foreach (byte[] damaged in new[] { [], [1], random, flipped, intact[..^1], [.. intact, 1], new byte[5 << 20] })
        {
            File.WriteAllBytes(Path, damaged);
            Run(budgets[0], 1).ShouldBeLessThanOrEqualTo(1);
            budgets[1].UserLimit = null;
            File.ReadAllBytes(Path).Length.ShouldBeInRange(intact.Length / 2, 2 * intact.Length);
        }

        Run(budgets).ShouldBeLessThanOrEqualTo(Limit);
        Run(budgets).ShouldBe(0);
        _clock.Advance(TimeSpan.FromSeconds(60));
        Run(budgets).ShouldBe(Limit);
    }

    [Fact]
    public void Times_from_before_a_restart_of_the_machine_do_not_count()
    {
        RequestBudget before = new(new ManualClock(_clock.GetUtcNow().AddDays(1)), () => 0, new SharedStateFile(Folder, s_identity));
        before.State(Limit);
        Run(before).ShouldBe(Limit);
        RequestBudget after = Budget();
        after.State(2 * Limit);
        Run(after, 100).ShouldBe(2 * Limit);
    }

    [Theory]
    [InlineData("a file in place of the folder")]
    [InlineData("a folder in place of the file")]
    [InlineData("a pipe in place of the file")]
    [InlineData("a read-only file")]
    public void Where_the_file_cannot_be_used_a_process_has_a_window_of_its_own(string obstacle)
    {
        Budget().State(Limit);
        string path = Path;
        File.Delete(path);
        if (obstacle.StartsWith("a file", StringComparison.Ordinal))
        {
            Directory.Delete(Folder);
            File.WriteAllText(Folder, "");
        }
        else if (obstacle.StartsWith("a folder", StringComparison.Ordinal))
        {
            Directory.CreateDirectory(path);
        }
        else if (obstacle.StartsWith("a pipe", StringComparison.Ordinal))
        {
            _home.MakePipe(System.IO.Path.GetRelativePath(_home.Path, path));
        }
        else
        {
            File.WriteAllText(path, "");
            File.SetAttributes(path, FileAttributes.ReadOnly);
        }

        RequestBudget budget = Budget();
        budget.State(Limit);
        Run(budget).ShouldBe(Limit);
        Run(budget).ShouldBe(0);
        _clock.Advance(TimeSpan.FromSeconds(60));
        Run(budget).ShouldBe(Limit);
        if (File.Exists(path))
        {
            File.SetAttributes(path, FileAttributes.Normal);
        }
    }

    [Trait("Speed", "Slow")]
    [Fact]
    public async Task A_process_that_holds_the_file_does_not_stop_others_and_releases_it_when_killed()
    {
        RequestBudget[] budgets = [Budget(), Budget()];
        budgets[0].State(Limit);
        Run(budgets[1], 2).ShouldBe(2);
        await using LedgerProcess holder = LedgerProcess.Lock(Folder, s_identity);
        (await holder.SayAsync()).ShouldBe("locked");
        Run(budgets[0], 3).ShouldBe(3);

        await holder.KillAsync();
        await Task.Delay(500);
        Run(budgets).ShouldBe(Limit - 5, "the requests made meanwhile are known to both");
        Run(budgets).ShouldBe(0);
    }

    [Trait("Speed", "Slow")]
    [Fact]
    public async Task Requests_of_a_killed_process_are_counted_for_60_seconds()
    {
        LaterClock clock = new();
        await using LedgerProcess child = LedgerProcess.Request(Folder, s_identity, Limit, 7);
        (await child.SayAsync()).ShouldBe("7");
        await child.KillAsync();
        RequestBudget budget = new(clock, () => 0, new SharedStateFile(Folder, s_identity));
        Run(budget).ShouldBe(3, "the limit of the other process is known as well");
        budget.State(Limit);
        clock.Later = TimeSpan.FromSeconds(60);
        Run(budget).ShouldBe(Limit);
    }

    public void Dispose() => _home.Dispose();

    private static int Run(params RequestBudget[] budgets)
    {
        int sent = 0;
        for (bool any = true; any;)
        {
            int[] each = [.. budgets.Select(budget => Run(budget, 1))];
            sent += each.Sum();
            any = each.Sum() > 0 && sent < 1000;
        }

        return sent;
    }

    private static int Run(RequestBudget budget, int count)
    {
        int sent = 0;
        for (; sent < count && budget.TryTake(RequestClass.Submit, out RequestTicket? ticket); sent++)
        {
            ticket!.Begin();
            ticket.End(new RateLimitHints(false));
        }

        return sent;
    }

    private RequestBudget Budget() => new(_clock, () => 0, new SharedStateFile(Folder, s_identity));

    /// <summary>The system's clock, some time later.</summary>
    private sealed class LaterClock : TimeProvider
    {
        public TimeSpan Later { get; set; }

        public override long GetTimestamp() => base.GetTimestamp() + (Later.Ticks * (TimestampFrequency / TimeSpan.TicksPerSecond));
    }
}
