namespace Chuizi.Video.Module.Tests.Commands;

/// <summary>
/// <c>-Summary</c> of Wait-ChuiziVideo and Save-ChuiziVideo returns one object instead of the videos, whatever their outcome.
/// </summary>
public sealed class SummaryTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Trait("Speed", "Medium")]
    [Fact]
    public void One_object_summarizes_the_outcome_of_a_list()
    {
        Outcome outcome = _shell.Run(
            "'a', 'forbidden b', 'c', 'forbidden d' | New-ChuiziVideo -OutVariable videos | Wait-ChuiziVideo | Save-ChuiziVideo -Summary; "
                + "$videos");
        VideoSummary summary = TheSummary(outcome);

        (summary.Total, summary.Succeeded, summary.Saved, summary.Failed, summary.ExitCode).ShouldBe((4, 2, 2, 2, 3));
        summary.Cost.ShouldBe(
            _shell.Server.Jobs.Where(job => !job.Prompt.Contains("forbidden", StringComparison.Ordinal)).Sum(job => job.Cost));
        summary.Problems.ShouldHaveSingleItem().ToString().ShouldBe("2 GenerationFailed: Content policy violation");
        outcome.Errors.Count.ShouldBe(2);

        // The videos in -OutVariable are up to date.
        outcome.Output.Count.ShouldBe(5);
        outcome.Output.Skip(1).Count(video => video.Properties["Path"].Value is not null).ShouldBe(2);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void An_unfinished_video_counts_as_processing_with_its_reason_after_Wait_and_Save()
    {
        using Shell shell = new(new SandboxOptions { GenerationTime = TimeSpan.FromHours(1), Balance = 100 });

        VideoSummary waited = TheSummary(shell.Run("'a', 'b' | New-ChuiziVideo | Wait-ChuiziVideo -Deadline 0.3 -Summary"));
        VideoSummary saved = TheSummary(
            shell.Run("'a', 'b' | New-ChuiziVideo | Wait-ChuiziVideo -Deadline 0.3 | Save-ChuiziVideo -Summary"));

        foreach (VideoSummary summary in new[] { waited, saved })
        {
            (summary.Total, summary.Processing, summary.ExitCode).ShouldBe((2, 2, 2));
            summary.Problems.ShouldHaveSingleItem().Reason.ShouldBe("WaitTimeout");
            summary.Problems[0].Ids.Length.ShouldBe(2);
            summary.CostUnknown.ShouldBe(2);
        }
    }

    [Fact]
    public void A_bare_id_without_a_video_counts_as_failed()
    {
        Outcome outcome = _shell.Run(
            "'vid-nowhere' | Wait-ChuiziVideo -Summary; [pscustomobject]@{ Name = 'x' } | Save-ChuiziVideo -Summary");

        outcome
            .Output.Select(item => (VideoSummary)item.BaseObject)
            .Select(summary => (summary.Total, summary.Failed, summary.ExitCode, summary.Problems.Single().Reason))
            .ShouldBe([(1, 1, 3, "VideoNotFound"), (1, 1, 3, "NoVideoId")]);
        outcome.Errors.Count.ShouldBe(2);
    }

    [Fact]
    public void A_list_not_sent_because_of_a_bad_row_has_exit_code_1()
    {
        Outcome outcome = _shell.Run(
            "'a', '' | New-ChuiziVideo | Wait-ChuiziVideo | Save-ChuiziVideo -Summary; @() | Save-ChuiziVideo -Summary");

        outcome.Output.Select(item => ((VideoSummary)item.BaseObject).ExitCode).ShouldBe([1, 0]);
        _shell.Posts.ShouldBeEmpty();
    }

    [Fact]
    public void Rows_not_sent_after_an_account_error_count_as_skipped()
    {
        _shell.Server.Faults.Add(
            new SandboxFault
            {
                Kind = FaultKind.Status,
                Status = 402,
                Code = "insufficient_balance",
                Message = "no money",
                Route = SandboxRoute.Submit,
                Skip = 2,
                Times = 100,
            });
        Outcome outcome = _shell.Run(
            "'a', 'b', 'c', 'd', 'e' | New-ChuiziVideo -ThrottleLimit 1 | Wait-ChuiziVideo | Save-ChuiziVideo -Summary");
        VideoSummary summary = TheSummary(outcome);

        (summary.Total, summary.Saved, summary.Skipped, summary.ExitCode).ShouldBe((5, 2, 3, 2));
        summary.Problems.ShouldHaveSingleItem().Reason.ShouldBe("InsufficientBalance");
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("InsufficientBalance,");
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void Rows_not_sent_before_the_deadline_count_as_skipped_with_one_error_that_lists_them()
    {
        using Shell shell = new(
            new SandboxOptions
            {
                GenerationTime = TimeSpan.Zero,
                Balance = 100,
                RequestsPerMinute = 4,
            });
        Outcome outcome = shell.Run(
            "'a', 'b', 'c', 'd', 'e', 'f' | New-ChuiziVideo -Deadline 6 -ThrottleLimit 1 | Wait-ChuiziVideo -Deadline 6 -Summary");

        VideoSummary summary = TheSummary(outcome);
        summary.Total.ShouldBe(6);
        // The deadline is real time, so a busy machine may submit fewer rows than the limit permits.
        summary.Skipped.ShouldBeInRange(2, 6);
        shell.Posts.Count.ShouldBe(6 - summary.Skipped);
        summary.ExitCode.ShouldBe(2);
        ErrorRecord error = outcome.Errors.Single(one =>
            one.FullyQualifiedErrorId.StartsWith("DeadlineReached,", StringComparison.Ordinal));
        error.ToString().ShouldStartWith("Not submitted because the -Deadline was reached: rows ");
        ((Video[])error.TargetObject).Select(video => video.Prompt).ShouldBe(
            ((string[])["a", "b", "c", "d", "e", "f"])[^summary.Skipped..]);
    }

    [Fact]
    public void An_error_before_the_first_video_is_thrown_without_a_summary()
    {
        _shell.Server.Faults.Add(
            new SandboxFault
            {
                Kind = FaultKind.Status,
                Status = 401,
                Code = "invalid_api_key",
                Message = "no",
                Route = SandboxRoute.Submit,
            });
        Outcome refused = _shell.Run(
            "try { 'a' | New-ChuiziVideo | Wait-ChuiziVideo -Summary } catch { \"caught $($_.FullyQualifiedErrorId)\" }");

        refused.Texts("Length").Count.ShouldBe(1);
        refused.Output[0].ToString().ShouldStartWith("caught InvalidApiKey,");
    }

    [Theory]
    [InlineData("$ErrorActionPreference = 'Stop'", "")]
    [InlineData("", " -ErrorAction Stop")]
    public void Under_Stop_the_summary_is_still_assigned_and_errors_become_warnings(string before, string parameter)
    {
        Outcome outcome = _shell.Run(
            $"{before}; $summary = 'a', 'forbidden', 'forbidden' | New-ChuiziVideo{parameter} | Wait-ChuiziVideo{parameter} | "
                + $"Save-ChuiziVideo -Summary{parameter}; $summary");

        (outcome.Thrown, TheSummary(outcome).ExitCode).ShouldBe((null, 3));
        outcome.Warnings.ShouldHaveSingleItem().ShouldEndWith(" (First of 2 errors.)");
    }

    [Fact]
    public void Under_Stop_a_list_that_is_not_sent_throws()
    {
        Outcome outcome = _shell.Run(
            "$ErrorActionPreference = 'Stop'; try { 'a', '' | New-ChuiziVideo | Wait-ChuiziVideo -Summary } catch { \"caught $($_.FullyQualifiedErrorId)\" }"
        );

        outcome.Output.ShouldHaveSingleItem().ToString().ShouldStartWith("caught InvalidInput,");
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void An_account_error_during_lookup_lets_downloads_finish_and_counts_every_video()
    {
        _shell.Run("$v = 1..6 | ForEach-Object { \"p$_\" } | New-ChuiziVideo | Wait-ChuiziVideo; $ids = $v.Id").ShouldBeClean();
        _shell.Server.Faults.Add(
            new SandboxFault
            {
                Kind = FaultKind.Status,
                Status = 403,
                Code = "ip_not_allowed",
                Message = "no",
                Route = SandboxRoute.Poll,
                Skip = 1,
                Times = 100,
            });
        Outcome outcome = _shell.Run("$ids[0..2] + $v[3..5] | Save-ChuiziVideo -ThrottleLimit 1 -Summary");
        VideoSummary summary = TheSummary(outcome);

        // The three lookups are sent at the same time, so the one that succeeds may be canceled by the first that is refused.
        summary.Saved.ShouldBeOneOf(3, 4);
        (summary.Total, summary.ExitCode).ShouldBe((6, 2));
        summary.Problems.ShouldHaveSingleItem().ToString().ShouldStartWith($"{6 - summary.Saved} AccessDenied: ");
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("AccessDenied,");
        Directory.GetFiles(_shell.Folder, "*.mp4").Length.ShouldBe(summary.Saved);
    }

    [Fact]
    public void An_account_error_while_waiting_is_the_reason_for_all_remaining_videos()
    {
        using Shell shell = new(new SandboxOptions { GenerationTime = TimeSpan.FromHours(1), Balance = 100 });
        shell.Run("$ids = ('a', 'b', 'c', 'd' | New-ChuiziVideo).Id").ShouldBeClean();
        shell.Server.Faults.Add(
            new SandboxFault
            {
                Kind = FaultKind.Status,
                Status = 403,
                Code = "ip_not_allowed",
                Message = "no",
                Route = SandboxRoute.Poll,
                Times = 100,
            });

        shell.Run("$ids | Wait-ChuiziVideo").Output.ShouldBeEmpty("an id without a result is not output");
        Outcome outcome = shell.Run("$v = 'e' | New-ChuiziVideo; @($v) + $ids | Wait-ChuiziVideo -Summary");

        TheSummary(outcome).Problems.ShouldHaveSingleItem().ToString().ShouldStartWith("5 AccessDenied: ");
    }

    [Fact]
    public void With_WhatIf_videos_are_counted_but_not_saved()
    {
        VideoSummary summary = TheSummary(_shell.Run("'a', 'b' | New-ChuiziVideo | Wait-ChuiziVideo | Save-ChuiziVideo -Summary -WhatIf"));

        (summary.Total, summary.Saved, summary.ExitCode).ShouldBe((2, 0, 2));
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void An_existing_file_gives_exit_code_3()
    {
        _shell.Run("New-ChuiziVideo 'a' | Wait-ChuiziVideo | Save-ChuiziVideo -FileName a").ShouldBeClean();

        TheSummary(_shell.Run("New-ChuiziVideo 'b' | Wait-ChuiziVideo | Save-ChuiziVideo -FileName a -Summary")).ExitCode.ShouldBe(3);
    }

    [Trait("Speed", "Medium")]
    [Theory]
    [InlineData("$ids | Wait-ChuiziVideo -Timeout 0.2 | Save-ChuiziVideo -Summary", 2, 2, "WaitTimeout")]
    [InlineData("$ids[0], 'vid-nowhere' | Get-ChuiziVideo | Wait-ChuiziVideo -Timeout 0.2 -Summary", 2, 2, "WaitTimeout")]
    [InlineData("'vid-nowhere' | Get-ChuiziVideo | Save-ChuiziVideo -Summary", 1, 3, "VideoNotFound")]
    [InlineData("[pscustomobject]@{ Name = 'x' } | Wait-ChuiziVideo | Save-ChuiziVideo -Summary", 1, 3, "NoVideoId")]
    [InlineData("'', '' | New-ChuiziVideo -SkipInvalid | Wait-ChuiziVideo | Save-ChuiziVideo -Summary", 2, 3, "InvalidInput")]
    public void Videos_dropped_by_an_earlier_cmdlet_are_counted(string script, int total, int exitCode, string reason)
    {
        using Shell shell = new(new SandboxOptions { GenerationTime = TimeSpan.FromHours(1), Balance = 100 });
        shell.Run("$ids = ('a', 'b' | New-ChuiziVideo).Id").ShouldBeClean();
        VideoSummary summary = TheSummary(shell.Run(script));

        (summary.Total, summary.ExitCode).ShouldBe((total, exitCode));
        summary.Problems[0].Reason.ShouldBe(reason);
    }

    [Fact]
    public void The_cost_of_a_video_and_its_bare_id_counts_once()
    {
        VideoSummary summary = TheSummary(_shell.Run("$v = New-ChuiziVideo 'a' | Wait-ChuiziVideo; $v, $v.Id | Wait-ChuiziVideo -Summary"));

        (summary.Total, summary.Cost).ShouldBe((2, _shell.Server.Jobs.Single().Cost));
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_summary_survives_serialization()
    {
        Outcome outcome = _shell.Run("""
            $summary = 'a', 'forbidden' | New-ChuiziVideo | Wait-ChuiziVideo -Summary -ErrorAction SilentlyContinue
            [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($summary, 1))
            """);

        PSObject back = outcome.Output.ShouldHaveSingleItem();
        back.Properties["ExitCode"].Value.ShouldBe(3);
        PSObject failure = PSObject.AsPSObject(
            ((System.Collections.IList)PSObject.AsPSObject(back.Properties["Problems"].Value).BaseObject)[0]!);
        failure.Properties["Reason"].Value.ShouldBe("GenerationFailed");
        failure.Properties["Ids"].Value.ShouldNotBeNull();
    }

    private static VideoSummary TheSummary(Outcome outcome) =>
        outcome.Output.Select(item => item.BaseObject).OfType<VideoSummary>().ShouldHaveSingleItem();
}
