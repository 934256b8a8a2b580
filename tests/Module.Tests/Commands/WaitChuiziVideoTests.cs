using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Chuizi.Video.Module.Tests.Commands;

public sealed class WaitChuiziVideoTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Trait("Speed", "Medium")]
    [Fact]
    public void Finished_videos_have_the_details_from_the_API()
    {
        Outcome outcome = _shell.Run("'a', 'b' | New-ChuiziVideo -Duration 4 | Wait-ChuiziVideo").ShouldBeClean();

        outcome.Texts("Status").ShouldBe(["succeeded", "succeeded"]);
        outcome.Values("Cost").ShouldBe([.. _shell.Server.Jobs.Select(job => (object)job.Cost)], ignoreOrder: true);
        outcome.Values("Latency").ShouldAllBe(latency => latency is double);
        outcome.Values("Url").Cast<Uri>().ShouldAllBe(url => url.AbsoluteUri.StartsWith(_shell.Server.MediaAddress.AbsoluteUri));
        outcome.Texts("Prompt").Order().ShouldBe(["a", "b"]);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void Videos_are_output_in_order_of_completion()
    {
        using Shell shell = new(new SandboxOptions { GenerationTime = TimeSpan.FromMilliseconds(50), Balance = 100 });
        StrongBox<bool> isOutput = new();
        // The slow one is in progress until the other has been output.
        shell.Server.Faults.Add(
            new SandboxFault
            {
                Kind = FaultKind.UnknownStatusWord,
                Word = "processing",
                Route = SandboxRoute.Poll,
                Times = int.MaxValue,
                Match = request => !Volatile.Read(ref isOutput.Value)
                    && shell.Server.Jobs.Any(job => job.Prompt == "slow" && request.Path.EndsWith(job.Id, StringComparison.Ordinal)),
            });
        Outcome outcome = shell
            .Run(
                "param($any) 'slow', 'fast' | New-ChuiziVideo | Wait-ChuiziVideo -PollInterval 0.1 | ForEach-Object { $any.Value = $true; $_ }",
                ("any", isOutput))
            .ShouldBeClean();

        outcome.Texts("Prompt").ShouldBe(["fast", "slow"]);
    }

    [Fact]
    public void A_failed_video_is_one_error_and_continues_down_the_pipeline()
    {
        Outcome outcome = _shell.Run("'a', 'a forbidden b' | New-ChuiziVideo | Wait-ChuiziVideo | Save-ChuiziVideo");

        outcome.TheError.FullyQualifiedErrorId.ShouldBe("GenerationFailed,Chuizi.Video.Module.Commands.WaitChuiziVideoCommand");
        outcome.TheError.ToString().ShouldContain("Content policy violation");
        outcome
            .TheError.TargetObject.ToString()
            .ShouldBe(_shell.Server.Jobs.Single(job => job.Prompt.Contains("forbidden", StringComparison.Ordinal)).Id);
        outcome.Texts("Status").Order().ShouldBe(["failed", "succeeded"]);
    }

    [Fact]
    public void Ids_are_accepted_as_strings_rows_and_parameters()
    {
        _shell.Run("1..3 | ForEach-Object { \"p$_\" } | New-ChuiziVideo").ShouldBeClean();
        string[] ids = [.. _shell.Server.Jobs.Select(job => job.Id)];

        _shell.Run("param($ids) $ids | Wait-ChuiziVideo", ("ids", ids)).ShouldBeClean().Texts("Id").ShouldBe(ids, ignoreOrder: true);
        _shell.Run("param($ids) Wait-ChuiziVideo $ids", ("ids", ids)).ShouldBeClean().Texts("Id").ShouldBe(ids, ignoreOrder: true);
        Outcome rows = _shell
            .Run("param($ids) $ids | ForEach-Object { [pscustomobject]@{ VideoId = $_; Slug = 's' } } | Wait-ChuiziVideo", ("ids", ids))
            .ShouldBeClean();
        rows.Texts("Id").ShouldBe(ids, ignoreOrder: true);
        rows.Values("Input").ShouldAllBe(input => PSObject.AsPSObject(input).Properties["Slug"].Value.Equals("s"));
    }

    [Theory]
    [InlineData("[pscustomobject]@{ Name = 'x' } | Wait-ChuiziVideo", "Input 1: This row has no Id. Its columns are Name.")]
    [InlineData("[pscustomobject]@{ Id = '17' } | Wait-ChuiziVideo", "The Id '17' is a number, not a video id.")]
    [InlineData("[pscustomobject]@{ Id = 17 } | Wait-ChuiziVideo", "The Id of this row is 17 (Int32)")]
    [InlineData("5 | Wait-ChuiziVideo", "This Int32 has no Id")]
    [InlineData("$null | Wait-ChuiziVideo", "Expected a video, but got null.")]
    [InlineData("'' | Wait-ChuiziVideo", "id is empty")]
    [InlineData("Wait-ChuiziVideo ..", "'..' is not a video id")]
    [InlineData("Wait-ChuiziVideo \"a`tb\"", "'a b' is not a video id")]
    [InlineData("Wait-ChuiziVideo ('x' * 2049)", "is not a video id")]
    [InlineData("\"$([pscustomobject]@{ Id = 'vid-1' })\" | Wait-ChuiziVideo", "'@{Id=vid-1}' is not a video id")]
    [InlineData("[System.Diagnostics.Process]::GetCurrentProcess() | Wait-ChuiziVideo", "The Id of this Process is")]
    public void Input_without_an_id_is_one_error(string script, string expected)
    {
        Outcome outcome = _shell.Run(script);

        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("NoVideoId,");
        outcome.TheError.ToString().ShouldContain(expected);
        _shell.Requests.ShouldBeEmpty();
    }

    // The user must be able to paste any id that the API returns.
    [Theory]
    [InlineData("'a b'", "a b")]
    [InlineData("'视频/1?x=y#z'", "视频/1?x=y#z")]
    [InlineData("('x' * 2048)", null)]
    public void Any_id_that_the_API_may_return_is_requested_unchanged(string argument, string? id)
    {
        string expected = Uri.EscapeDataString(id ?? new string('x', 2048));

        foreach (
            string script in (string[])
                [$"Wait-ChuiziVideo -Id {argument}", $"{argument} | Get-ChuiziVideo", $"@{{ Id = {argument} }} | Save-ChuiziVideo"])
        {
            _shell.Run(script).TheError.FullyQualifiedErrorId.ShouldStartWith("VideoNotFound,");
            _shell.Requests[^1].Path.ShouldBe($"/v1/videos/{expected}");
        }
    }

    [Fact]
    public void An_id_that_does_not_exist_is_one_error()
    {
        Outcome outcome = _shell.Run("Wait-ChuiziVideo vid-nowhere");

        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("VideoNotFound,");
        outcome.Output.ShouldBeEmpty();
    }

    [Fact]
    public void An_empty_pipeline_sends_no_request()
    {
        _shell.Run("@() | Wait-ChuiziVideo").ShouldBeClean().Output.ShouldBeEmpty();
        _shell.Requests.ShouldBeEmpty();
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_timeout_reports_the_id_and_the_video_stays_in_progress()
    {
        using Shell shell = new(new SandboxOptions { GenerationTime = TimeSpan.FromHours(1), Balance = 100 });
        Outcome outcome = shell.Run("New-ChuiziVideo 'long' | Wait-ChuiziVideo -Timeout 0.3 -PollInterval 0.1 | Save-ChuiziVideo");

        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("WaitTimeout,");
        outcome.TheError.ToString().ShouldContain(shell.Server.Jobs[0].Id);
        outcome.Texts("Status").ShouldBe(["processing"]);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_deadline_cancels_a_pending_request()
    {
        using Shell shell = new(new SandboxOptions { GenerationTime = TimeSpan.Zero, Balance = 100 });
        shell.Server.Faults.Add(
            new SandboxFault
            {
                Kind = FaultKind.Slow,
                Delay = TimeSpan.FromHours(1),
                Route = SandboxRoute.Poll,
                Times = int.MaxValue,
            });
        Outcome outcome = shell.Run("New-ChuiziVideo 'p' | Wait-ChuiziVideo -Deadline 0.4 -PollInterval 0.1");

        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("WaitTimeout,");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("abc")]
    [InlineData("[timespan]::Zero")]
    [InlineData("1e300")]
    public void An_invalid_Timeout_is_refused(string value)
    {
        Outcome outcome = _shell.Run($"Wait-ChuiziVideo x -Timeout {value}");

        outcome.TheError.ToString().ShouldContain("is not a valid duration.");
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void Timeout_and_PollInterval_accept_text_and_a_TimeSpan()
    {
        using Shell shell = new(new SandboxOptions { GenerationTime = TimeSpan.FromHours(1), Balance = 100 });
        shell.Run("$v = New-ChuiziVideo 'p'").ShouldBeClean();

        string said = shell
            .Run("$v = New-ChuiziVideo 'p'; $v | Wait-ChuiziVideo -Timeout '00:00:00.2' -PollInterval ([timespan]::FromSeconds(0.05))")
            .TheError.ToString();
        Match seconds = Regex.Match(said, @"after (?<seconds>[\d.]+) s", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);
        // A slow machine takes longer than 0.2 s, but another unit would be at least 12 s.
        double.Parse(seconds.Groups["seconds"].Value, CultureInfo.InvariantCulture).ShouldBeLessThan(12, said);
    }

    [Fact]
    public void An_unknown_status_counts_as_in_progress_with_one_warning()
    {
        _shell.Server.Faults.Add(
            new SandboxFault
            {
                Kind = FaultKind.UnknownStatusWord,
                Word = "queued",
                Route = SandboxRoute.Poll,
                Times = 3,
            });
        Outcome outcome = _shell.Run("New-ChuiziVideo 'p' | Wait-ChuiziVideo -PollInterval 0.05");

        outcome.Warnings.Count.ShouldBe(1);
        outcome.Warnings[0].ShouldContain("'queued'");
        outcome.Texts("Status").ShouldBe(["succeeded"]);
    }

    [Fact]
    public void An_invalid_key_ends_the_wait_and_every_video_is_still_output()
    {
        _shell.Run("$v = 1..5 | ForEach-Object { \"p$_\" } | New-ChuiziVideo").ShouldBeClean();
        _shell.Server.Faults.Add(
            new SandboxFault
            {
                Kind = FaultKind.Status,
                Status = 401,
                Code = "invalid_api_key",
                Route = SandboxRoute.Poll,
                Times = int.MaxValue,
            });
        Outcome outcome = _shell.Run("$v | Wait-ChuiziVideo | Save-ChuiziVideo");

        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("InvalidApiKey,");
        outcome.Texts("Id").ShouldBe(_shell.Server.Jobs.Select(job => job.Id), ignoreOrder: true);
        outcome.Texts("Status").ShouldAllBe(status => status == "processing");
        _shell.Run("try { $v.Id | Wait-ChuiziVideo } catch { 'ended' }").Output.Single().ToString().ShouldBe("ended");
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void Each_pipeline_reports_the_error_of_a_video_again()
    {
        HandClock clock = new();
        using Shell shell = new(
            new SandboxOptions { GenerationTime = TimeSpan.FromHours(1), Balance = 100, Clock = clock }, clock: TimeProvider.System);
        shell.Run("$v = 'a', 'forbidden' | New-ChuiziVideo").ShouldBeClean();
        shell
            .Run("$v | Wait-ChuiziVideo -Timeout 0.2 | Save-ChuiziVideo")
            .Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0])
            .ShouldBe(["WaitTimeout"]);

        clock.Advance(TimeSpan.FromHours(1));
        Outcome again = shell.Run("$v | Wait-ChuiziVideo | Save-ChuiziVideo");
        again.TheError.FullyQualifiedErrorId.ShouldStartWith("GenerationFailed,");
        Directory.GetFiles(shell.Folder, "*.mp4").Length.ShouldBe(1);
        shell.Run("$v | Wait-ChuiziVideo").TheError.FullyQualifiedErrorId.ShouldStartWith("GenerationFailed,");
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void Under_Stop_a_failure_ends_the_pipeline_only_after_every_video_is_saved()
    {
        Outcome outcome = _shell.Run("""
            $ErrorActionPreference = 'Stop'
            try { 'forbidden', 'b', 'c', 'd' | New-ChuiziVideo | Wait-ChuiziVideo | Save-ChuiziVideo | ForEach-Object { $_ } } catch { "caught $($_.FullyQualifiedErrorId)" }
            """);

        outcome.Output.Count.ShouldBe(5);
        outcome.Output[^1].ToString().ShouldStartWith("caught GenerationFailed,");
        Directory.GetFiles(_shell.Folder, "*.mp4").Length.ShouldBe(3);
    }

    [Fact]
    public void Under_Stop_a_failure_ends_the_pipeline_even_when_failed_videos_are_filtered_out()
    {
        Outcome outcome = _shell.Run("""
            try { 'forbidden', 'b' | New-ChuiziVideo | Wait-ChuiziVideo -ErrorAction Stop | Where-Object Status -eq succeeded | Save-ChuiziVideo } catch { "caught $($_.FullyQualifiedErrorId)" }
            """);

        outcome.Output[^1].ToString().ShouldStartWith("caught GenerationFailed,");
        Directory.GetFiles(_shell.Folder, "*.mp4").Length.ShouldBe(1);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void Progress_is_one_bar_that_completes()
    {
        using Shell shell = new(
            new SandboxOptions { GenerationTime = TimeSpan.FromSeconds(0.6), Balance = 100 },
            host: new RecordingHost(80));
        Outcome outcome = shell.Run("'a', 'b' | New-ChuiziVideo | Wait-ChuiziVideo -PollInterval 0.2").ShouldBeClean();

        ProgressRecord[] bar =
        [
            .. outcome.Progress.Where(record =>
                record.Activity == "Waiting for videos" || record.RecordType == ProgressRecordType.Completed),
        ];
        bar.ShouldContain(record => record.StatusDescription.Contains("of 2 done", StringComparison.Ordinal));
        bar[^1].RecordType.ShouldBe(ProgressRecordType.Completed);
        bar.ShouldAllBe(record => record.ParentActivityId == -1);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_deserialized_video_can_be_waited_for()
    {
        Outcome outcome = _shell.Run("""
            $v = [pscustomobject]@{ Prompt = 'p'; Slug = 's' } | New-ChuiziVideo -Duration 4
            $copy = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($v))
            $copy.PSObject.TypeNames[0]; $copy.Input.Slug
            $copy | Wait-ChuiziVideo
            """).ShouldBeClean();

        outcome.Output[0].ToString().ShouldBe("Deserialized.Chuizi.Video.Video");
        outcome.Output[1].ToString().ShouldBe("s");
        outcome.Output[2].Properties["Status"].Value.ShouldBe("succeeded");
        outcome.Output[2].Properties["Duration"].Value.ShouldBe(4);
    }
}
