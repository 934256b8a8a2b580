namespace Chuizi.Video.Module.Tests.Commands;

/// <summary><c>-Summary</c> of Wait-ChuiziVideo and Save-ChuiziVideo: one object instead of the videos, whatever happened to them.</summary>
public sealed class SummaryTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Fact]
    public void One_object_says_what_became_of_a_list()
    {
        Outcome outcome = _shell.Run("'a', 'forbidden b', 'c', 'forbidden d' | New-ChuiziVideo -OutVariable videos | Wait-ChuiziVideo | Save-ChuiziVideo -Summary; $videos");
        VideoSummary summary = TheSummary(outcome);

        (summary.Total, summary.Succeeded, summary.Saved, summary.Failed, summary.ExitCode).ShouldBe((4, 2, 2, 2, 3));
        summary.Cost.ShouldBe(_shell.Server.Jobs.Where(job => !job.Prompt.Contains("forbidden", StringComparison.Ordinal)).Sum(job => job.Cost));
        summary.Failures.ShouldHaveSingleItem().ToString().ShouldBe("2 GenerationFailed: Content policy violation");
        outcome.Errors.Count.ShouldBe(2);

        // The videos themselves are where they were kept.
        outcome.Output.Count.ShouldBe(5);
        outcome.Output.Skip(1).Count(video => video.Properties["Path"].Value is not null).ShouldBe(2);
    }

    [Fact]
    public void A_video_not_finished_in_time_is_open_and_has_its_reason_also_after_Save()
    {
        using Shell shell = new(new SandboxOptions { GenerationTime = TimeSpan.FromHours(1), Balance = 100 });

        VideoSummary waited = TheSummary(shell.Run("'a', 'b' | New-ChuiziVideo | Wait-ChuiziVideo -Deadline 0.3 -Summary"));
        VideoSummary saved = TheSummary(shell.Run("'a', 'b' | New-ChuiziVideo | Wait-ChuiziVideo -Deadline 0.3 | Save-ChuiziVideo -Summary"));

        foreach (VideoSummary summary in new[] { waited, saved })
        {
            (summary.Total, summary.Processing, summary.ExitCode).ShouldBe((2, 2, 2));
            summary.Failures.ShouldHaveSingleItem().Reason.ShouldBe("WaitTimeout");
            summary.Failures[0].Ids.Length.ShouldBe(2);
            summary.CostUnknown.ShouldBe(2);
        }
    }

    [Fact]
    public void A_bare_id_that_comes_to_nothing_counts_too()
    {
        Outcome outcome = _shell.Run("'vid-nowhere' | Wait-ChuiziVideo -Summary; [pscustomobject]@{ Name = 'x' } | Save-ChuiziVideo -Summary");

        outcome.Output.Select(item => (VideoSummary)item.BaseObject).Select(summary => (summary.Total, summary.Failed, summary.ExitCode, summary.Failures.Single().Reason))
            .ShouldBe([(1, 1, 3, "VideoNotFound"), (1, 1, 3, "NoVideoId")]);
        outcome.Errors.Count.ShouldBe(2);
    }

    [Fact]
    public void Where_a_bad_row_keeps_the_list_from_being_sent_the_exit_code_says_so()
    {
        Outcome outcome = _shell.Run("'a', '' | New-ChuiziVideo | Wait-ChuiziVideo | Save-ChuiziVideo -Summary; @() | Save-ChuiziVideo -Summary");

        outcome.Output.Select(item => ((VideoSummary)item.BaseObject).ExitCode).ShouldBe([1, 0]);
        _shell.Posts.ShouldBeEmpty();
    }

    [Fact]
    public void Rows_that_an_account_error_leaves_unsent_are_open()
    {
        _shell.Server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 402, Code = "insufficient_balance", Message = "no money", Route = SandboxRoute.Submit, Skip = 2, Times = 100 });
        Outcome outcome = _shell.Run("'a', 'b', 'c', 'd', 'e' | New-ChuiziVideo -ThrottleLimit 1 | Wait-ChuiziVideo | Save-ChuiziVideo -Summary");
        VideoSummary summary = TheSummary(outcome);

        (summary.Total, summary.Saved, summary.Skipped, summary.ExitCode).ShouldBe((5, 2, 3, 2));
        summary.Failures.ShouldHaveSingleItem().Reason.ShouldBe("InsufficientBalance");
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("InsufficientBalance,");
    }

    [Fact]
    public void What_ends_the_call_before_anything_came_is_thrown_and_there_is_no_summary()
    {
        _shell.Server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 401, Code = "invalid_api_key", Message = "no", Route = SandboxRoute.Submit });
        Outcome refused = _shell.Run("try { 'a' | New-ChuiziVideo | Wait-ChuiziVideo -Summary } catch { \"caught $($_.FullyQualifiedErrorId)\" }");

        refused.Texts("Length").Count.ShouldBe(1);
        refused.Output[0].ToString().ShouldStartWith("caught InvalidApiKey,");
    }

    [Fact]
    public void Under_Stop_the_summary_comes_before_the_error()
    {
        Outcome outcome = _shell.Run("""
            try { 'a', 'forbidden' | New-ChuiziVideo | Wait-ChuiziVideo | Save-ChuiziVideo -Summary -ErrorAction Stop -OutVariable summary } catch { }
            $summary
            """);

        outcome.Output.Select(item => ((VideoSummary)item.BaseObject).ExitCode).ShouldBe([3, 3]);
    }

    [Fact]
    public void It_survives_a_job()
    {
        Outcome outcome = _shell.Run("""
            $summary = 'a', 'forbidden' | New-ChuiziVideo | Wait-ChuiziVideo -Summary -ErrorAction SilentlyContinue
            [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($summary, 1))
            """);

        PSObject back = outcome.Output.ShouldHaveSingleItem();
        back.Properties["ExitCode"].Value.ShouldBe(3);
        PSObject failure = PSObject.AsPSObject(((System.Collections.IList)PSObject.AsPSObject(back.Properties["Failures"].Value).BaseObject)[0]!);
        failure.Properties["Reason"].Value.ShouldBe("GenerationFailed");
        failure.Properties["Ids"].Value.ShouldNotBeNull();
    }

    private static VideoSummary TheSummary(Outcome outcome) => outcome.Output.Select(item => item.BaseObject).OfType<VideoSummary>().ShouldHaveSingleItem();
}
