namespace Chuizi.Video.Module.Tests.Commands;

/// <summary>The default ledger, and Get-ChuiziVideo, which lists it.</summary>
public sealed class DefaultLedgerTests : IDisposable
{
    private const string PaidKey = "ck-0123456789abcdef0123456789abcdef";

    private readonly string? _before = Environment.GetEnvironmentVariable("CHUIZI_LEDGER");
    private readonly Shell _shell = new(new SandboxOptions { ApiKey = PaidKey, GenerationTime = TimeSpan.Zero, Balance = 1000 });

    public DefaultLedgerTests() => Environment.SetEnvironmentVariable("CHUIZI_LEDGER", Kept);

    private string Kept => Path.Combine(_shell.Folder, "state", "deep");

    private string File => Directory.GetFiles(Kept, "ledger-*").Single();

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("CHUIZI_LEDGER", _before);
        _shell.Dispose();
    }

    [Fact]
    public void Every_submission_is_recorded_in_a_monthly_file_that_only_its_owner_can_read()
    {
        Outcome outcome = _shell.Run("'a', 'b', 'a' | New-ChuiziVideo | Wait-ChuiziVideo | Save-ChuiziVideo").ShouldBeClean();

        File.ShouldBe(Path.Combine(Kept, $"ledger-{DateTime.UtcNow:yyyy-MM}.jsonl"));
        outcome.Texts("Ledger").ShouldAllBe(ledger => ledger == File);
        string text = System.IO.File.ReadAllText(File);
        foreach (string step in new[] { "intent", "submitted", "settled", "saved" })
        {
            text.Split('\n').Count(line => line.StartsWith($"{{\"step\":\"{step}\"", StringComparison.Ordinal)).ShouldBe(3);
        }

        text.ShouldNotContain(PaidKey[3..]);
        _shell.Posts.Count.ShouldBe(3, "it never keeps a row from being sent");
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.GetUnixFileMode(File).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            System.IO.File.GetUnixFileMode(Kept).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void The_sandbox_never_writes_the_default_ledger()
    {
        using Shell sandbox = new();
        Outcome outcome = sandbox.Run("'a' | New-ChuiziVideo | Wait-ChuiziVideo | Save-ChuiziVideo").ShouldBeClean();
        outcome.Values("Ledger").ShouldBe([null]);
        Directory.Exists(Kept).ShouldBeFalse();
        sandbox.Run("Get-ChuiziVideo").Warnings.Single().ShouldContain("Videos from the sandbox are not recorded in the default ledger");
    }

    [Fact]
    public void The_default_ledger_can_be_one_file_or_off()
    {
        string file = Path.Combine(_shell.Folder, "one.jsonl");
        Environment.SetEnvironmentVariable("CHUIZI_LEDGER", file);
        _shell.Run("New-ChuiziVideo 'a'").ShouldBeClean().Texts("Ledger").ShouldBe([file]);
        _shell.Run("Get-ChuiziVideo").ShouldBeClean().Texts("Prompt").ShouldBe(["a"]);

        Environment.SetEnvironmentVariable("CHUIZI_LEDGER", "OFF");
        _shell.Run("New-ChuiziVideo 'b'").ShouldBeClean().Values("Ledger").ShouldBe([null]);
        Outcome listing = _shell.Run("Get-ChuiziVideo");
        listing.Output.ShouldBeEmpty();
        listing.Warnings.Single().ShouldContain("turned off");
    }

    [Fact]
    public void Nothing_is_sent_when_the_default_ledger_cannot_be_written()
    {
        System.IO.File.WriteAllText(Path.Combine(_shell.Folder, "state"), "a file where the folder should be");
        Outcome outcome = _shell.Run("'a', 'b' | New-ChuiziVideo");
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("LedgerUnavailable,");
        outcome.TheError.ErrorDetails.RecommendedAction.ShouldContain("CHUIZI_LEDGER");
        _shell.Posts.ShouldBeEmpty();
    }

    [Fact]
    public void Get_ChuiziVideo_finds_the_jobs_of_a_closed_session()
    {
        Outcome made = _shell.Run("'a', 'b', 'c' | New-ChuiziVideo -Duration 4 -AspectRatio 9:16 -ThrottleLimit 1").ShouldBeClean();
        int requests = _shell.Requests.Count;

        Outcome listed = _shell.Run("Get-ChuiziVideo").ShouldBeClean();
        listed.Texts("Prompt").ShouldBe(["c", "b", "a"], "the newest first");
        listed.Texts("Id").ShouldBe(made.Texts("Id").Reverse());
        listed.Texts("AspectRatio").ShouldAllBe(ratio => ratio == "9:16");
        listed.Values("Duration").ShouldAllBe(seconds => 4.Equals(seconds));
        _shell.Requests.Count.ShouldBe(requests, "nothing is asked");

        _shell.Run("Get-ChuiziVideo -Status processing | Wait-ChuiziVideo | Save-ChuiziVideo").ShouldBeClean().Output.Count.ShouldBe(3);
        _shell.Run("Get-ChuiziVideo -Status processing").ShouldBeClean().Output.ShouldBeEmpty();
        Outcome done = _shell.Run("Get-ChuiziVideo").ShouldBeClean();
        done.Values("Cost").ShouldAllBe(cost => 0.12m.Equals(cost));
        done.Texts("Path").ShouldAllBe(path => System.IO.File.Exists(path));
    }

    [Fact]
    public void The_listing_is_filtered_by_First_Status_and_Since()
    {
        _shell.Run("'a', 'forbidden', 'c' | New-ChuiziVideo -ThrottleLimit 1 | Wait-ChuiziVideo");
        _shell.Run("'d' | New-ChuiziVideo").ShouldBeClean();

        _shell.Run("Get-ChuiziVideo -First 2").ShouldBeClean().Texts("Prompt").ShouldBe(["d", "c"]);
        _shell.Run("Get-ChuiziVideo -Status failed, processing").ShouldBeClean().Texts("Prompt").ShouldBe(["d", "forbidden"]);
        _shell
            .Run("(Get-ChuiziVideo -Status failed).Error.Message")
            .ShouldBeClean()
            .Output.Single()
            .ToString()
            .ShouldBe("Content policy violation");
        _shell.Run("Get-ChuiziVideo -Since ([datetime]::Now.AddHours(1))").ShouldBeClean().Output.ShouldBeEmpty();
        _shell.Run("Get-ChuiziVideo -Since ([datetime]::Now.AddHours(-1))").ShouldBeClean().Output.Count.ShouldBe(4);
        _shell.Run("Get-ChuiziVideo -Status fertig").TheError.FullyQualifiedErrorId.ShouldContain("Parameter");
    }

    [Fact]
    public void The_listing_includes_older_months_and_excludes_other_addresses()
    {
        _shell.Run("'now' | New-ChuiziVideo").ShouldBeClean();
        string line = System.IO.File.ReadAllLines(File)[0];
        string old = line.Replace("\"now\"", "\"then\"", StringComparison.Ordinal)
            .Replace(DateTime.UtcNow.ToString("yyyy-MM", null), "2020-01", StringComparison.Ordinal);
        System.IO.File.WriteAllText(
            Path.Combine(Kept, "ledger-2020-01.jsonl"),
            old
                + "\n"
                + old.Replace("\"then\"", "\"there\"", StringComparison.Ordinal)
                    .Replace(_shell.Server.BaseAddress.Authority, "other.example", StringComparison.Ordinal)
                    .Replace("-1\"", "-2\"", StringComparison.Ordinal)
                + "\n");

        Outcome outcome = _shell.Run("Get-ChuiziVideo");
        outcome.Texts("Prompt").ShouldBe(["now", "then"]);
        outcome.Texts("Status").ShouldBe(["processing", "unknown"]);
        outcome.Warnings.Single().ShouldBe("Not shown: 1 video from http://other.example. Connect to that API to see it.");
        _shell.Run("Get-ChuiziVideo -Since ([datetime]::Now.AddHours(-1))").Texts("Prompt").ShouldBe(["now"]);
        _shell
            .Run("Disconnect-ChuiziVideo; Get-ChuiziVideo")
            .ShouldBeClean()
            .Texts("Prompt")
            .ShouldBe(["now", "then", "there"], ignoreOrder: true);
    }

    [Fact]
    public void An_empty_default_ledger_lists_nothing_and_a_missing_ledger_is_an_error()
    {
        _shell.Run("Get-ChuiziVideo").ShouldBeClean().Output.ShouldBeEmpty();
        _shell.Run("Get-ChuiziVideo -Ledger nowhere.jsonl").TheError.FullyQualifiedErrorId.ShouldStartWith("LedgerNotFound,");
        _shell.Run("@() | Get-ChuiziVideo").ShouldBeClean().Output.ShouldBeEmpty();
    }
}
