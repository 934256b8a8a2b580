namespace Chuizi.Video.Module.Tests.Commands;

/// <summary>The default ledger, and Get-ChuiziVideo, which lists it.</summary>
public sealed class DefaultLedgerTests : IDisposable
{
    private const string PaidKey = "ck-0123456789abcdef0123456789abcdef";

    private readonly string? _before = Environment.GetEnvironmentVariable("CHUIZI_LEDGER");
    private readonly FastClock _clock = new(10);
    private readonly Shell _shell;

    public DefaultLedgerTests()
    {
        _shell = new Shell(
            new SandboxOptions { ApiKey = PaidKey, GenerationTime = TimeSpan.Zero, Balance = 1000, Clock = _clock }, clock: _clock);
        Environment.SetEnvironmentVariable("CHUIZI_LEDGER", Kept);
    }

    private string Kept => Path.Combine(_shell.Folder, "state", "deep");

    private string File => Directory.GetFiles(Kept, "ledger-*").Single();

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("CHUIZI_LEDGER", _before);
        _shell.Dispose();
    }

    [Trait("Speed", "Medium")]
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

    [Trait("Speed", "Medium")]
    [Fact]
    public void The_sandbox_never_writes_the_default_ledger()
    {
        using Shell sandbox = new();
        sandbox.Run("'a' | New-ChuiziVideo | Wait-ChuiziVideo | Save-ChuiziVideo").ShouldBeClean();
        Directory.GetFiles(Kept).ShouldBeEmpty("neither a monthly file nor the list of ledgers");
        sandbox.Run("Get-ChuiziVideo -All").ShouldBeClean().Texts("Prompt").ShouldBe(["a"], "this session knows it");
        _shell.Run("Get-ChuiziVideo -All").ShouldBeClean().Output.ShouldBeEmpty("the account's ledgers do not have it");
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void The_sandbox_rehearses_the_rescue_after_a_closed_window()
    {
        using SandboxServer server = SandboxServer.Start(new SandboxOptions { GenerationTime = TimeSpan.Zero, Clock = _clock });
        using (Shell closed = new(server, _shell.Folder, new RecordingHost(width: 80), _clock))
        {
            closed.Run("'a', 'b' | New-ChuiziVideo -FileName '{Prompt}'").ShouldBeClean();
        }

        using Shell shell = new(server, _shell.Folder, new RecordingHost(width: 80), _clock);
        shell.Run("Get-ChuiziVideo").ShouldBeClean().Output.Count.ShouldBe(2);
        shell.Run("Get-ChuiziVideo -Status processing | Save-ChuiziVideo out").ShouldBeClean();
        Directory.GetFiles(Path.Combine(_shell.Folder, "out")).Select(Path.GetFileName).Order().ShouldBe(["a.mp4", "b.mp4"]);
        shell.Run("Get-ChuiziVideo -Status processing").ShouldBeClean().Output.ShouldBeEmpty();
    }

    [Fact]
    public void The_ledger_of_a_sandbox_ends_with_it()
    {
        const string Run = "$null = Start-ChuiziVideoSandbox; 'a' | New-ChuiziVideo; @(Get-ChuiziVideo).Count";
        using Shell shell = new(connect: false);
        shell.Run(Run).ShouldBeClean().Output[^1].BaseObject.ShouldBe(1);
        string folder = Path.Combine(Kept, "sandbox-ledgers");
        Directory.GetFiles(folder).ShouldHaveSingleItem();
        shell.Run("Stop-ChuiziVideoSandbox").ShouldBeClean();
        Directory.GetFiles(folder).ShouldBeEmpty();
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

    [Trait("Speed", "Medium")]
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
    public void The_listing_is_filtered_by_time_and_model()
    {
        _shell.Run("'a', 'b' | New-ChuiziVideo -Model veo-3.1-lite, wan2.6-t2v -ThrottleLimit 1").ShouldBeClean();
        foreach ((string filter, int count) in new[]
            {
                ("-Model wan2.6-t2v", 2), ("-Model bailian/*", 2), ("-Model veo*, WAN*", 4), ("-Model nothing", 0),
                ("-After ([datetime]::Now.AddHours(1))", 0), ("-After ([datetime]::Now.AddHours(-1))", 4),
                ("-Before ([datetime]::Now.AddHours(1))", 4), ("-Before ([datetime]::UtcNow.AddHours(-1))", 0),
                ("-After ([datetime]::Now.AddHours(-1)) -Before ([datetime]::Now.AddHours(1)) -Model wan*", 2),
            })
        {
            _shell.Run($"Get-ChuiziVideo {filter}").ShouldBeClean().Output.Count.ShouldBe(count, filter);
        }
    }

    [Fact]
    public void Refresh_asks_for_what_is_in_progress_and_records_it()
    {
        _shell.Run("'a', 'forbidden' | New-ChuiziVideo -ThrottleLimit 1").ShouldBeClean();
        _shell.Run("Get-ChuiziVideo").ShouldBeClean().Texts("Status").ShouldBe(["processing", "processing"]);
        _shell.Run("Get-ChuiziVideo -Refresh").Texts("Status").ShouldBe(["failed", "succeeded"]);
        int requests = _shell.Requests.Count;
        _shell.Run("Get-ChuiziVideo -Refresh").Texts("Status").ShouldBe(["failed", "succeeded"]);
        _shell.Requests.Count.ShouldBe(requests, "nothing is in progress");
    }

    [Fact]
    public void An_id_is_completed_from_the_ledgers()
    {
        _shell.Run("$global:id = (New-ChuiziVideo 'A red kite' -Duration 4 -FileName kite).Id").ShouldBeClean();
        Video asked = (Video)_shell.Run("Get-ChuiziVideo $id").ShouldBeClean().Output.Single().BaseObject;
        (asked.Status, asked.Model, asked.Prompt, asked.Duration, asked.FileName, asked.Ledger)
            .ShouldBe(("succeeded", "google/veo-3.1-lite", "A red kite", 4, "kite", File));
        asked.Created.ShouldNotBeNull();
        _shell.Run("$id | Wait-ChuiziVideo").ShouldBeClean().Texts("Prompt").ShouldBe(["A red kite"]);
        _shell.Run("Save-ChuiziVideo -Id $id out").ShouldBeClean().Texts("Path")
            .ShouldBe([Path.Combine(_shell.Folder, "out", "kite.mp4")]);
        _shell.Run("[pscustomobject]@{ Id = $id; FileName = 'boat' } | Save-ChuiziVideo other").ShouldBeClean().Texts("Path")
            .ShouldBe([Path.Combine(_shell.Folder, "other", "boat.mp4")]);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void An_id_whose_outcome_the_ledger_does_not_know_is_asked_for()
    {
        _shell.Run("$global:id = (New-ChuiziVideo 'A red kite').Id").ShouldBeClean();
        string id = _shell.Server.Jobs.Single().Id;
        string origin = _shell.Server.BaseAddress.GetLeftPart(UriPartial.Authority);
        System.IO.File.AppendAllText(
            File,
            $$"""{"step":"settled","id":"{{id}}","origin":"{{origin}}","at":"2026-11-28T12:00:00Z","v":1,"status":"unknown"}""" + "\n");
        _shell.Run("Save-ChuiziVideo -Id $id out").ShouldBeClean().Texts("Status").ShouldBe(["succeeded"]);
        _shell.Run("$id | Wait-ChuiziVideo").ShouldBeClean().Texts("Status").ShouldBe(["succeeded"]);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_row_with_a_known_id_and_two_file_names_does_not_end_the_pipeline()
    {
        _shell.Run("$global:v = 'a', 'b' | New-ChuiziVideo").ShouldBeClean();
        const string Row = "[pscustomobject]@{ Id = $v[0].Id; Name = 'one'; File = 'two' }";
        _shell.Run($"{Row}, $v[1] | Wait-ChuiziVideo").ShouldBeClean().Output.Count.ShouldBe(2);
        Outcome outcome = _shell.Run($"{Row}, $v[1] | Save-ChuiziVideo out");
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("InvalidFileName,");
        Directory.GetFiles(Path.Combine(_shell.Folder, "out"), "*.mp4").ShouldHaveSingleItem();
    }

    [Fact]
    public void Refresh_lists_a_video_that_the_API_does_not_answer_for()
    {
        _shell.Run("'a', 'b' | New-ChuiziVideo -ThrottleLimit 1").ShouldBeClean();
        _shell.Server.Faults.Add(new SandboxFault { Kind = FaultKind.NotFound, Route = SandboxRoute.Poll });
        Outcome outcome = _shell.Run("Get-ChuiziVideo -Refresh");
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("VideoNotFound,");
        outcome.Output.Count.ShouldBe(2);
    }

    [Fact]
    public void Refresh_of_a_missing_ledger_is_the_usual_error() =>
        _shell.Run("Get-ChuiziVideo -Ledger missing.jsonl -Refresh").TheError.FullyQualifiedErrorId.ShouldStartWith("LedgerNotFound,");

    [Fact]
    public void A_text_that_is_no_known_id_is_searched_in_prompts_and_file_names()
    {
        _shell.Run("'A red kite', 'A blue boat' | New-ChuiziVideo -FileName 'scene {Row}' -ThrottleLimit 1").ShouldBeClean();
        _shell.Run("Get-ChuiziVideo KITE").ShouldBeClean().Texts("Prompt").ShouldBe(["A red kite"]);
        _shell.Run("Get-ChuiziVideo 'blue boat'").ShouldBeClean().Texts("Prompt").ShouldBe(["A blue boat"]);
        _shell.Run("Get-ChuiziVideo 'scene 2'").ShouldBeClean().Texts("Prompt").ShouldBe(["A blue boat"]);
        _shell.Run("Get-ChuiziVideo 'scene'").ShouldBeClean().Output.Count.ShouldBe(2);
        _shell.Run("Get-ChuiziVideo horse").TheError.FullyQualifiedErrorId.ShouldStartWith("VideoNotFound,");
    }

    [Fact]
    public void A_named_ledger_is_listed_whole_with_its_origins()
    {
        _shell.Run("'a' | New-ChuiziVideo -Ledger run.jsonl").ShouldBeClean();
        using Shell other = new(SandboxServer.Start(new SandboxOptions { ApiKey = PaidKey }), _shell.Folder, new RecordingHost(width: 80));
        Outcome outcome = other.Run("Get-ChuiziVideo -Ledger run.jsonl").ShouldBeClean();
        outcome.Texts("Origin").ShouldBe([_shell.Server.BaseAddress.GetLeftPart(UriPartial.Authority)]);
        other.Server.Dispose();
    }

    [Trait("Speed", "Medium")]
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
        outcome.Warnings.Single().ShouldBe("Not shown: 1 video from http://other.example. To see it, use -All or connect to that API.");
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
