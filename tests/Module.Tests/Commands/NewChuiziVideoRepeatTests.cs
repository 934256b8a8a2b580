namespace Chuizi.Video.Module.Tests.Commands;

/// <summary>
/// Rows in a -Ledger whose outcome is unknown, or that failed or were refused, and when they are submitted again.
/// </summary>
[Trait("Speed", "Medium")]
public sealed class NewChuiziVideoRepeatTests : IDisposable
{
    private const string Rows =
        "$rows = 1..6 | ForEach-Object { [pscustomobject]@{ Prompt = \"p$_\"; Duration = 4; FileName = \"f$_\" } };";
    private const string Whole = "$rows | New-ChuiziVideo -Ledger run.jsonl | Wait-ChuiziVideo | Save-ChuiziVideo out";

    private readonly Shell _shell = new();

    private string Ledger => Path.Combine(_shell.Folder, "run.jsonl");

    public void Dispose() => _shell.Dispose();

    [Fact]
    public void An_unknown_outcome_is_reported_by_each_run_and_re_submitted_only_with_Resubmit()
    {
        _shell.Server.Faults.Add(
            new SandboxFault
            {
                Kind = FaultKind.DropAfterAcceptance,
                Route = SandboxRoute.Submit,
                Match = request => request.Body!.Contains("\"p4\"", StringComparison.Ordinal),
            });
        Outcome first = _shell.Run(Rows + Whole);
        first.TheError.FullyQualifiedErrorId.ShouldBe("SubmissionOutcomeUnknown,Chuizi.Video.Module.Commands.NewChuiziVideoCommand");
        first.Texts("Status").Order().ShouldBe(["succeeded", "succeeded", "succeeded", "succeeded", "succeeded", "unknown"]);

        Outcome second = _shell.Run(Whole);
        second.TheError.FullyQualifiedErrorId.ShouldStartWith("SubmissionOutcomeUnknown,");
        second.TheError.ToString().ShouldStartWith("Row 4: Submitted at ");
        second.TheError.ErrorDetails.RecommendedAction.ShouldContain("-Resubmit");
        ((Video)second.Output.Single(video => ((Video)video.BaseObject).Status == "unknown").BaseObject).RequestId.ShouldBe(
            _shell.Posts.Single(post => post.Body!.Contains("\"p4\"", StringComparison.Ordinal)).RequestId);
        _shell.Posts.Count.ShouldBe(6);

        Outcome third = _shell.Run(Whole.Replace("-Ledger", "-Resubmit -Ledger", StringComparison.Ordinal)).ShouldBeClean();
        third.Texts("Status").ShouldAllBe(status => status == "succeeded");
        _shell.Posts.Count.ShouldBe(7);
        _shell.Run(Whole).ShouldBeClean().Output.Count.ShouldBe(6);
    }

    [Fact]
    public void Many_unknown_outcomes_of_an_earlier_run_are_one_error_that_lists_the_rows()
    {
        _shell.Server.Faults.Add(
            new SandboxFault
            {
                Kind = FaultKind.DropAfterAcceptance,
                Route = SandboxRoute.Submit,
                Times = 4,
                Skip = 1,
            });
        _shell.Run(Rows + "$rows | New-ChuiziVideo -Ledger run.jsonl -ThrottleLimit 1").Errors.Count.ShouldBe(4);

        Outcome second = _shell.Run(Whole);

        second
            .TheError.ToString()
            .ShouldStartWith("Outcome unknown for 4 rows of an earlier run: rows 2-5. The first was submitted at ");
        second.TheError.ToString().ShouldEndWith($" UTC. See the Error property of each video. They are recorded as unknown in the ledger '{Ledger}'.");
        second
            .Output.Select(video => (Video)video.BaseObject)
            .Where(video => video.Status == "unknown")
            .ShouldAllBe(video => video.Error!.Message!.StartsWith("Submitted at "));
        second.Texts("Status").Count(status => status == "succeeded").ShouldBe(2);
    }

    [Theory]
    [InlineData(401, null, "InvalidApiKey")]
    [InlineData(402, null, "InsufficientBalance")]
    [InlineData(403, "ip_not_allowed", "AccessDenied")]
    [InlineData(403, "daily_limit_exceeded", "DailyLimitExceeded")]
    public void An_account_error_ends_the_run_and_the_same_command_sends_the_rest(int status, string? code, string id)
    {
        _shell.Server.Faults.Add(
            new SandboxFault
            {
                Kind = FaultKind.Status,
                Status = status,
                Code = code,
                Route = SandboxRoute.Submit,
                Skip = 2,
            });
        Outcome first = _shell.Run(Rows + Whole.Replace("-Ledger", "-ThrottleLimit 1 -Ledger", StringComparison.Ordinal));

        first.TheError.FullyQualifiedErrorId.ShouldStartWith(id + ",");
        first
            .TheError.ToString()
            .ShouldContain("Not submitted: rows 3-6. Run the same command with the same -Ledger to submit the remaining rows.");
        first.Texts("Status").Order().ShouldBe(["skipped", "skipped", "skipped", "skipped", "succeeded", "succeeded"]);
        _shell.Posts.Count.ShouldBe(3);

        _shell.Run(Whole).ShouldBeClean().Output.Count.ShouldBe(6);
        _shell.Server.Jobs.Count.ShouldBe(6);
    }

    [Fact]
    public void A_model_that_is_not_allowed_stops_only_its_rows()
    {
        FastClock clock = new(10);
        using Shell shell = new(
            new SandboxOptions { GenerationTime = TimeSpan.Zero, AllowedModels = ["google/veo-3.1-lite"], Clock = clock }, clock: clock);
        Outcome outcome = shell.Run(
            Rows
                + "1, 3, 5 | ForEach-Object { $rows[$_].PSObject.Properties.Add([psnoteproperty]::new('Model', 'google/veo-3.1')) };"
                + Whole);

        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("ModelNotAllowed,");
        outcome.TheError.ToString().ShouldContain("Not submitted: rows 2, 4 and 6.");
        outcome.Texts("Status").Order().ShouldBe(["skipped", "skipped", "skipped", "succeeded", "succeeded", "succeeded"]);
        shell
            .Run(Whole)
            .TheError.FullyQualifiedErrorId.ShouldStartWith(
                "ModelNotAllowed,",
                Case.Sensitive,
                "they were not taken, so they are tried again");
    }

    [Fact]
    public void Failed_rows_are_returned_with_one_warning_and_sent_again_with_RetryFailed()
    {
        _shell.Run(Rows + "$rows[1].Prompt = 'forbidden 2'; $rows[4].Prompt = 'forbidden 5'");
        _shell
            .Run(Whole)
            .Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0])
            .ShouldBe(["GenerationFailed", "GenerationFailed"]);

        Outcome second = _shell.Run(Whole);
        second.Errors.ShouldBeEmpty();
        second.Warnings.ShouldBe(["Failed in an earlier run: rows 2 and 5. To submit failed rows again, use -RetryFailed."]);
        second.Output.Count(video => ((Video)video.BaseObject).Error?.Message == "Content policy violation").ShouldBe(2);
        _shell.Posts.Count.ShouldBe(6);

        Outcome third = _shell.Run(Whole.Replace("-Ledger", "-RetryFailed -Ledger", StringComparison.Ordinal));
        third.Errors.Count.ShouldBe(2);
        _shell.Posts.Count.ShouldBe(8);
    }

    [Theory]
    [InlineData("-Resubmit")]
    [InlineData("-RetryFailed")]
    public void Resubmit_and_RetryFailed_require_a_ledger(string name)
    {
        _shell.Run($"New-ChuiziVideo 'p' {name}").TheError.FullyQualifiedErrorId.ShouldStartWith("LedgerRequired,");
        _shell.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("$v")]
    [InlineData("Get-ChuiziVideo -Ledger run.jsonl")]
    public void A_video_piped_back_counts_as_its_original_row(string videos)
    {
        _shell
            .Run(
                "$v = [pscustomobject]@{ Prompt = 'p'; Duration = 4 } | New-ChuiziVideo -Watermark $false -Parameter @{ seed = 7; style = @{ weight = 0.5; tags = 'a', 'b' } } -Ledger run.jsonl"
            )
            .ShouldBeClean();

        _shell.Run($"{videos} | New-ChuiziVideo -Ledger run.jsonl").ShouldBeClean().Texts("Id").ShouldBe([_shell.Server.Jobs[0].Id]);
        _shell.Posts.Count.ShouldBe(1);
    }
}
