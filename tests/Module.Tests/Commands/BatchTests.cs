using System.Text.RegularExpressions;

namespace Chuizi.Video.Module.Tests.Commands;

/// <summary>Invoke-ChuiziVideoBatch: one line for a scheduler.</summary>
public sealed partial class BatchTests : IDisposable
{
    private readonly FastClock _clock = new(20);
    private readonly Shell _shell;

    public BatchTests() =>
        _shell = new Shell(new SandboxOptions { GenerationTime = TimeSpan.FromSeconds(2), Balance = 100, Clock = _clock }, clock: _clock);

    public void Dispose() => _shell.Dispose();

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_list_becomes_files_a_ledger_a_log_and_a_summary()
    {
        Write("Prompt,Duration,FileName", "a lake,4,lake", "forbidden,4,no", ",,", "a hill,4,hill");
        Outcome outcome = _shell.Run("Invoke-ChuiziVideoBatch list.csv out -MaxCost 5; $LASTEXITCODE");
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("GenerationFailed,");
        VideoSummary summary = (VideoSummary)outcome.Output[0].BaseObject;
        (summary.Total, summary.Saved, summary.Failed, summary.ExitCode).ShouldBe((3, 2, 1, 3));
        outcome.Output[1].BaseObject.ShouldBe(3);
        Directory.GetFiles(Of("out")).Select(Path.GetFileName).Order().ShouldBe(["hill.mp4", "lake.mp4"]);
        File.Exists(Of("list.csv.ledger.jsonl")).ShouldBeTrue();
        // The order of the videos is not fixed; everything else is.
        string[] log = [.. File.ReadAllLines(Of("list.csv.log")).Select(Plain)];
        log.ShouldBe(
            [
                "<time> INFO    Started: Invoke-ChuiziVideoBatch <folder>/list.csv",
                "<time> INFO    Submitted: 3 videos, $0.36 estimated. $0.36 of -MaxCost $5.00 is spent or committed.",
                "<time> ERROR   GenerationFailed: The video <id> failed: Content policy violation. Prompt: 'forbidden'",
                "<time> INFO    Row 1: saved lake.mp4 (<id>, $0.12, 2s)",
                "<time> WARNING Row 2: failed (<id>): Content policy violation",
                "<time> INFO    Row 4: saved hill.mp4 (<id>, $0.12, 2s)",
                "<time> WARNING Ended with exit code 3: 3 videos: 2 saved, 1 failed; cost $0.24, <time>",
            ],
            ignoreOrder: true);
        log[0].ShouldContain("Started");
        log[^1].ShouldContain("Ended");
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_second_run_sends_nothing_and_is_appended_to_the_log()
    {
        Write("Prompt,Duration", "a lake,4", "a hill,4");
        _shell.Run("Invoke-ChuiziVideoBatch list.csv out").ShouldBeClean();
        Outcome outcome = _shell.Run("Invoke-ChuiziVideoBatch list.csv out -LogPath logs/new/run.log; $LASTEXITCODE").ShouldBeClean();
        outcome.Output[^1].BaseObject.ShouldBe(0);
        _shell.Posts.Count.ShouldBe(2);
        File.Exists(Of("logs/new/run.log")).ShouldBeTrue();
        _shell.Run("Invoke-ChuiziVideoBatch list.csv out").ShouldBeClean();
        File.ReadAllLines(Of("list.csv.log")).Count(line => line.Contains("Ended with exit code 0", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Theory]
    [InlineData("Prompt,Duration", "a lake,soon", "InvalidInput", "Row 1, line 2: Duration 'soon'")]
    [InlineData("Wide", "Tall", "InvalidInput", "Prompt not found. The columns are Wide.")]
    public void A_list_that_cannot_be_used_gives_exit_code_1_and_a_summary(string header, string row, string id, string message)
    {
        Write(header, row);
        Outcome outcome = _shell.Run("Invoke-ChuiziVideoBatch list.csv out; $LASTEXITCODE");
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith(id + ",");
        outcome.TheError.ToString().ShouldContain(message);
        outcome.Output.Select(item => item.ToString()).Last().ShouldBe("1");
        ((VideoSummary)outcome.Output[0].BaseObject).ExitCode.ShouldBe(1);
        _shell.Posts.ShouldBeEmpty();
    }

    [Fact]
    public void Without_a_connection_the_exit_code_is_1()
    {
        Write("Prompt", "a");
        using Shell shell = new(connect: false);
        string list = Of("list.csv");
        shell.Run($"Invoke-ChuiziVideoBatch '{list}' out; $LASTEXITCODE").TheError.FullyQualifiedErrorId.ShouldStartWith("NotConnected,");
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void Under_Stop_the_whole_list_is_done_and_the_summary_comes()
    {
        Write("Prompt", "forbidden", "a hill");
        Outcome outcome = _shell.Run("$ErrorActionPreference = 'Stop'; Invoke-ChuiziVideoBatch list.csv out");
        outcome.Errors.ShouldBeEmpty();
        outcome.Warnings.ShouldHaveSingleItem().ShouldContain("Content policy violation");
        ((VideoSummary)outcome.Output.Single().BaseObject).Saved.ShouldBe(1);
    }

    [Trait("Speed", "Medium")]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ledgers_of_parts_stop_a_run_until_the_command_in_the_error_merges_them(bool hasLedger)
    {
        const string List = "it's a [list].csv";
        string ledger = Of($"{List}.ledger.jsonl");
        string[] parts = [.. Enumerable.Range(0, 3).Select(part => Of($"{List}.ledger.{part}-of-3.jsonl"))];
        File.WriteAllLines(Of(List), ["Prompt,FileName", "a,a", "b,b", "c,c", "d,d", "e,e"]);
        _shell.Run(
            """
            param($list, $ledgers)
            $rows = @(Import-Csv -LiteralPath $list)
            for ($row = 0; $row -lt 5; $row++) {
                $rows[$row] | New-ChuiziVideo -Ledger $ledgers[$row % $ledgers.Count]
            }
            """,
            ("list", List),
            ("ledgers", hasLedger ? [ledger, .. parts] : parts)).ShouldBeClean();
        File.WriteAllText(Of($"{List}.ledger.1-of-3.jsonl.bak"), "");
        File.WriteAllText(Of($"another-{List}.ledger.1-of-3.jsonl"), "");

        Outcome refused = Invoke("; $LASTEXITCODE");
        ErrorRecord error = refused.TheError;
        error.FullyQualifiedErrorId.ShouldStartWith("UnmergedLedgers,");
        error.TargetObject.ShouldBe(parts);
        error.ToString().ShouldContain("(it's a [list].csv.ledger.0-of-3.jsonl, ");
        refused.Output[^1].BaseObject.ShouldBe(1);
        _shell.Posts.Count.ShouldBe(5);

        string command = error.ErrorDetails.RecommendedAction.Split(" merge them: ")[1];
        _shell.Run(command).ShouldBeClean();
        parts.ShouldAllBe(part => !File.Exists(part));
        parts.Count(part => File.Exists(part + ".merged")).ShouldBe(hasLedger ? 3 : 2, "without a ledger, the first part becomes it");
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(ledger).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        ((VideoSummary)Invoke().ShouldBeClean().Output.Single().BaseObject).Saved.ShouldBe(5);
        _shell.Posts.Count.ShouldBe(5);

        Outcome Invoke(string then = "") =>
            _shell.Run($"param($list) Invoke-ChuiziVideoBatch $list out -Quiet{then}", ("list", List));
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void Ledgers_of_parts_do_not_stop_a_run_that_names_its_ledger()
    {
        Write("Prompt", "a");
        File.WriteAllText(Of("list.csv.ledger.0-of-1.jsonl"), "");
        _shell.Run("Invoke-ChuiziVideoBatch list.csv out -Ledger list.csv.ledger.0-of-1.jsonl").ShouldBeClean();
        _shell.Posts.Count.ShouldBe(1);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_file_that_another_worker_has_saved_elsewhere_too_is_not_an_error()
    {
        Write("Prompt", "a", "b");
        foreach (string folder in new[] { "out", "other", "out" })
        {
            Outcome outcome = _shell.Run($"Invoke-ChuiziVideoBatch list.csv {folder}; $LASTEXITCODE").ShouldBeClean();
            ((VideoSummary)outcome.Output[0].BaseObject).Saved.ShouldBe(2);
            outcome.Output[1].BaseObject.ShouldBe(0);
        }

        _shell.Posts.Count.ShouldBe(2);
        _shell.Server.Requests.Count(request => request.Route == SandboxRoute.Media).ShouldBe(4);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void Several_runs_of_one_list_share_the_work_and_the_log()
    {
        Write("Prompt", [.. Enumerable.Range(1, 20).Select(number => $"p{number}")]);
        Outcome outcome = _shell.Run(
            """
            param($key, $uri)
            $module = (Get-Module Chuizi.Video).Path
            1..3 | ForEach-Object -Parallel {
                Import-Module $using:module
                Connect-ChuiziVideo $using:key -BaseUri $using:uri
                Set-Location $using:PWD
                Invoke-ChuiziVideoBatch list.csv out -Quiet
            }
            """,
            ("key", _shell.Server.ApiKey),
            ("uri", _shell.Server.BaseAddress.ToString())).ShouldBeClean();
        outcome.Texts("ExitCode").ShouldBe(["0", "0", "0"]);
        outcome.Texts("Saved").ShouldBe(["20", "20", "20"]);
        _shell.Posts.Count.ShouldBe(20);
        string[] log = File.ReadAllLines(Of("list.csv.log"));
        log.Count(line => line.Contains("Ended with exit code 0", StringComparison.Ordinal)).ShouldBe(3);
        log.Count(line => line.Contains(": saved ", StringComparison.Ordinal)).ShouldBe(60);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void At_its_deadline_a_run_ends_with_2_and_one_error_with_the_command_to_go_on()
    {
        Write("Prompt", [.. Enumerable.Range(1, 12).Select(number => $"p{number}")]);
        using Shell shell = new(new SandboxOptions { GenerationTime = TimeSpan.FromHours(1), Balance = 100 });
        // Submitted first, so that the deadline is about waiting however slow the machine is.
        shell.Run($"Import-Csv '{Of("list.csv")}' | New-ChuiziVideo -Ledger '{Of("list.csv.ledger.jsonl")}'").ShouldBeClean();
        Outcome outcome = shell.Run($"Invoke-ChuiziVideoBatch '{Of("list.csv")}' '{Of("out")}' -Deadline 3; $LASTEXITCODE");
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("WaitTimeout,");
        outcome.TheError.ToString().ShouldBe("12 videos were not finished in time. The API continues to render them.");
        outcome.TheError.ErrorDetails.RecommendedAction.ShouldContain("-Status processing | Wait-ChuiziVideo");
        outcome.Output[^1].BaseObject.ShouldBe(2);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void Confirm_asks_before_anything_is_submitted()
    {
        Write("Prompt", "a");
        using Shell shell = new(_shell.Server, _shell.Folder, new RecordingHost(width: 200));
        shell.Run("Invoke-ChuiziVideoBatch list.csv out -Confirm").Errors.ShouldNotBeEmpty("the host does not answer");
        _shell.Posts.ShouldBeEmpty();
    }

    [Fact]
    public void What_if_shows_the_plan_and_sends_nothing()
    {
        Write("Prompt", "a");
        RecordingHost host = new(width: 200);
        using Shell shell = new(_shell.Server, _shell.Folder, host);
        shell.Run("Invoke-ChuiziVideoBatch list.csv out -WhatIf").Errors.ShouldBeEmpty();
        host.Text.ShouldContain("Total: 1 video to submit");
        _shell.Posts.ShouldBeEmpty();
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void What_if_false_submits_whatever_the_preference_is()
    {
        Write("Prompt,Duration", "a,4");
        _shell.Run("$WhatIfPreference = $true; Invoke-ChuiziVideoBatch list.csv out").Errors.ShouldBeEmpty();
        _shell.Posts.ShouldBeEmpty();
        _shell.Run("$WhatIfPreference = $true; Invoke-ChuiziVideoBatch list.csv out -WhatIf:$false").ShouldBeClean();
        _shell.Posts.Count.ShouldBe(1);
    }

    [Trait("Speed", "Medium")]
    [Theory]
    [InlineData("a hill,soon,", "")]
    [InlineData("a hill,4,new/model", "-MaxCost 5")]
    public void A_row_that_cannot_be_submitted_needs_attention_even_if_all_others_are_saved(string row, string parameters)
    {
        Write("Prompt,Duration,Model", "a lake,4,");
        _shell.Run("Invoke-ChuiziVideoBatch list.csv out").ShouldBeClean();
        Write("Prompt,Duration,Model", "a lake,4,", row);
        Outcome outcome = _shell.Run($"Invoke-ChuiziVideoBatch list.csv out {parameters}; $LASTEXITCODE");
        VideoSummary summary = (VideoSummary)outcome.Output[0].BaseObject;
        (summary.Total, summary.Saved, outcome.Output[^1].BaseObject).ShouldBe((2, 1, 3));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void A_redirected_run_has_no_escape_sequences()
    {
        Write("Prompt,FileName", "a lake,lake", "forbidden,no");
        string script = Of("run.ps1");
        File.WriteAllText(
            script,
            $"Import-Module '{Repository.Module}'; $null = Start-ChuiziVideoSandbox -GenerationTime 0\n"
                + "Invoke-ChuiziVideoBatch list.csv videos; exit $LASTEXITCODE");
        ChildResult result = ChildProcess.RunScript(script, [], _shell.Folder);
        result.ExitCode.ShouldBe(3, result.Text);
        result.Text.ShouldNotContain("\e");
        result.Text.ShouldContain("Content policy violation");
        result.Output.ShouldContain("Saved          : 1");
    }

    [Theory]
    [InlineData("list.csv videos -Exit", 0)]
    [InlineData("none.csv -Exit", 1)]
    [InlineData("list.csv -Exit -Deadline 2001-01-01", 1)]
    [Trait("Speed", "Slow")]
    public void A_process_ends_with_the_exit_code(string arguments, int code)
    {
        Write("Prompt", "a lake");
        string command = $"Import-Module '{Repository.Module}'; $null = Start-ChuiziVideoSandbox -GenerationTime 0; "
            + $"Invoke-ChuiziVideoBatch {arguments}";
        ChildResult result = ChildProcess.Run(
            [.. PowerShellExecutable.Command, "-NoProfile", "-NonInteractive", "-Command", command], _shell.Folder);
        result.ExitCode.ShouldBe(code, result.Text);
    }

    private void Write(string header, params string[] rows) => File.WriteAllLines(Of("list.csv"), [header, .. rows]);

    private string Of(string name) => Path.Combine(_shell.Folder, name);

    private string Plain(string line)
    {
        string plain = line.Replace(_shell.Folder, "<folder>", StringComparison.Ordinal).Replace('\\', '/');
        plain = Time().Replace(plain, "<time>");
        plain = Id().Replace(plain, "<id>");
        return Request().Replace(plain, "(request <request>)");
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ|elapsed \d+s", RegexOptions.NonBacktracking)]
    private static partial Regex Time();

    [GeneratedRegex("vid-[0-9a-f]+", RegexOptions.NonBacktracking)]
    private static partial Regex Id();

    [GeneratedRegex(@"\(request [^)]+\)", RegexOptions.NonBacktracking)]
    private static partial Regex Request();
}
