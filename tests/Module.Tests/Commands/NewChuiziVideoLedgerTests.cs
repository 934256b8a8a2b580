namespace Chuizi.Video.Module.Tests.Commands;

/// <summary>The same pipeline again and again over one -Ledger: only what is missing happens.</summary>
public sealed class NewChuiziVideoLedgerTests : IDisposable
{
    private const string Rows = "$rows = 1..6 | ForEach-Object { [pscustomobject]@{ Prompt = \"p$_\"; Duration = 4; FileName = \"f$_\" } };";
    private const string Whole = "$rows | New-ChuiziVideo -Ledger run.jsonl | Wait-ChuiziVideo | Save-ChuiziVideo out";

    private readonly Shell _shell = new();

    private string Ledger => Path.Combine(_shell.Folder, "run.jsonl");

    public void Dispose() => _shell.Dispose();

    [Fact]
    public void A_finished_batch_passes_straight_through()
    {
        Outcome first = _shell.Run(Rows + Whole).ShouldBeClean();
        int requests = _shell.Requests.Count;

        Outcome second = _shell.Run(Whole).ShouldBeClean();

        _shell.Requests.Count.ShouldBe(requests, "nothing is asked, nothing is sent");
        second.Texts("Id").ShouldBe(first.Texts("Id"), ignoreOrder: true);
        second.Values("Cost").ShouldAllBe(cost => 0.12m.Equals(cost));
        second.Texts("Status").ShouldAllBe(status => status == "succeeded");
        second.Texts("Ledger").ShouldAllBe(ledger => ledger == Ledger);
        second.Texts("Path").Order().ShouldBe(Enumerable.Range(1, 6).Select(n => Path.Combine(_shell.Folder, "out", $"f{n}.mp4")));
        second.Values("Latency").ShouldAllBe(latency => latency is TimeSpan);
        PSObject.AsPSObject(second.Output[0].Properties["Input"].Value).Properties["FileName"].ShouldNotBeNull("the row is today's");
    }

    [Fact]
    public void What_was_only_submitted_is_waited_for_and_saved()
    {
        _shell.Run(Rows + "$rows[0..2] | New-ChuiziVideo -Ledger run.jsonl").ShouldBeClean();

        Outcome outcome = _shell.Run(Whole).ShouldBeClean();

        outcome.Texts("Prompt").Order().ShouldBe(["p1", "p2", "p3", "p4", "p5", "p6"]);
        _shell.Posts.Count.ShouldBe(6);
        Directory.GetFiles(Path.Combine(_shell.Folder, "out")).Length.ShouldBe(6);
    }

    [Fact]
    public void A_changed_row_is_a_new_row_and_other_columns_and_their_order_change_nothing()
    {
        _shell.Run(Rows + Whole).ShouldBeClean();

        _shell.Run("$rows[1].Duration = 6; $rows[2].FileName = 'other'; [array]::Reverse($rows);" + Whole).ShouldBeClean();

        _shell.Posts.Count.ShouldBe(7);
        _shell.Server.Jobs[^1].Duration.ShouldBe(6);
    }

    [Fact]
    public void Identical_rows_are_counted()
    {
        _shell.Run("'same', 'same' | New-ChuiziVideo -Ledger run.jsonl").ShouldBeClean();
        Outcome outcome = _shell.Run("'same', 'same', 'same' | New-ChuiziVideo -Ledger run.jsonl").ShouldBeClean();

        _shell.Posts.Count.ShouldBe(3);
        outcome.Texts("Id").Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public void A_local_image_counts_by_its_content()
    {
        File.Copy(Repository.PathOf("examples", "lighthouse.png"), Path.Combine(_shell.Folder, "a.png"));
        const string Script = "[pscustomobject]@{ Prompt = 'p'; Model = 'bailian/wan2.6-i2v'; Image = 'a.png' } | New-ChuiziVideo -Ledger run.jsonl";
        _shell.Run(Script).ShouldBeClean();
        File.SetLastWriteTimeUtc(Path.Combine(_shell.Folder, "a.png"), DateTime.UtcNow.AddHours(1));
        _shell.Run(Script).ShouldBeClean();
        _shell.Posts.Count.ShouldBe(1);

        File.Move(Path.Combine(_shell.Folder, "a.png"), Path.Combine(_shell.Folder, "b.png"));
        Outcome gone = _shell.Run(Script).ShouldBeClean();
        gone.Texts("Id").ShouldBe([_shell.Server.Jobs[0].Id], "a job that runs is not given up because its image has gone");

        File.WriteAllBytes(Path.Combine(_shell.Folder, "a.png"), [.. File.ReadAllBytes(Path.Combine(_shell.Folder, "b.png")), 0]);
        _shell.Run(Script).ShouldBeClean();
        _shell.Posts.Count.ShouldBe(2);
    }

    [Fact]
    public void A_file_that_has_gone_is_saved_again_and_nothing_is_paid_for_it()
    {
        _shell.Run(Rows + Whole).ShouldBeClean();
        File.Delete(Path.Combine(_shell.Folder, "out", "f3.mp4"));
        int requests = _shell.Requests.Count;

        _shell.Run(Whole).ShouldBeClean();

        _shell.Requests.Skip(requests).Select(request => request.Route).ShouldBe([SandboxRoute.Media]);
        File.Exists(Path.Combine(_shell.Folder, "out", "f3.mp4")).ShouldBeTrue();
    }

    [Fact]
    public void A_file_that_is_not_what_was_saved_is_no_saved_file()
    {
        _shell.Run(Rows + Whole).ShouldBeClean();
        File.AppendAllText(Path.Combine(_shell.Folder, "out", "f3.mp4"), "x");

        _shell.Run(Whole).TheError.FullyQualifiedErrorId.ShouldStartWith("FileExists,");
        _shell.Run(Whole + " -Force").ShouldBeClean().Output.Count.ShouldBe(6);
        _shell.Posts.Count.ShouldBe(6);
    }

    [Fact]
    public void An_unknown_submission_is_named_at_each_run_and_sent_again_only_with_Resubmit()
    {
        _shell.Server.Faults.Add(new SandboxFault { Kind = FaultKind.DropAfterAcceptance, Route = SandboxRoute.Submit, Match = request => request.Body!.Contains("\"p4\"", StringComparison.Ordinal) });
        Outcome first = _shell.Run(Rows + Whole);
        first.TheError.FullyQualifiedErrorId.ShouldBe("SubmissionOutcomeUnknown,Chuizi.Video.Module.Commands.NewChuiziVideoCommand");
        first.Texts("Status").Order().ShouldBe(["succeeded", "succeeded", "succeeded", "succeeded", "succeeded", "unknown"]);

        Outcome second = _shell.Run(Whole);
        second.TheError.FullyQualifiedErrorId.ShouldStartWith("SubmissionOutcomeUnknown,");
        second.TheError.ToString().ShouldStartWith("Row 4: It was sent at ");
        second.TheError.ErrorDetails.RecommendedAction.ShouldContain("-Resubmit");
        ((Video)second.Output.Single(video => ((Video)video.BaseObject).Status == "unknown").BaseObject).RequestId.ShouldBe(_shell.Posts.Single(post => post.Body!.Contains("\"p4\"", StringComparison.Ordinal)).RequestId);
        _shell.Posts.Count.ShouldBe(6);

        Outcome third = _shell.Run(Whole.Replace("-Ledger", "-Resubmit -Ledger", StringComparison.Ordinal)).ShouldBeClean();
        third.Texts("Status").ShouldAllBe(status => status == "succeeded");
        _shell.Posts.Count.ShouldBe(7);
        _shell.Run(Whole).ShouldBeClean().Output.Count.ShouldBe(6);
    }

    [Fact]
    public void Many_unknown_submissions_of_an_earlier_run_are_one_error_that_names_them()
    {
        _shell.Server.Faults.Add(new SandboxFault { Kind = FaultKind.DropAfterAcceptance, Route = SandboxRoute.Submit, Times = 4, Skip = 1 });
        _shell.Run(Rows + "$rows | New-ChuiziVideo -Ledger run.jsonl -ThrottleLimit 1").Errors.Count.ShouldBe(4);

        Outcome second = _shell.Run(Whole);

        second.TheError.ToString().ShouldStartWith("Unknown whether the API took 4 rows of an earlier run: rows 2-5, the first of them sent at ");
        second.TheError.ToString().ShouldEndWith($" UTC. The Error of each video says more. The ledger '{Ledger}' has them as unknown.");
        second.Output.Select(video => (Video)video.BaseObject).Where(video => video.Status == "unknown").ShouldAllBe(video => video.Error!.Message!.StartsWith("It was sent at "));
        second.Texts("Status").Count(status => status == "succeeded").ShouldBe(2);
    }

    [Theory]
    [InlineData(401, null, "InvalidApiKey")]
    [InlineData(402, null, "InsufficientBalance")]
    [InlineData(403, "ip_not_allowed", "AccessDenied")]
    [InlineData(403, "daily_limit_exceeded", "DailyLimitExceeded")]
    public void An_account_error_ends_the_run_and_the_same_command_sends_the_rest(int status, string? code, string id)
    {
        _shell.Server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = status, Code = code, Route = SandboxRoute.Submit, Skip = 2 });
        Outcome first = _shell.Run(Rows + Whole.Replace("-Ledger", "-ThrottleLimit 1 -Ledger", StringComparison.Ordinal));

        first.TheError.FullyQualifiedErrorId.ShouldStartWith(id + ",");
        first.TheError.ToString().ShouldContain("Not sent: rows 3-6. The same command with the same -Ledger sends what is missing.");
        first.Texts("Status").ShouldBe(["succeeded", "succeeded"], "those that are paid go on");
        _shell.Posts.Count.ShouldBe(3);

        _shell.Run(Whole).ShouldBeClean().Output.Count.ShouldBe(6);
        _shell.Server.Jobs.Count.ShouldBe(6);
    }

    [Fact]
    public void A_model_that_is_not_allowed_ends_only_its_rows()
    {
        using Shell shell = new(new SandboxOptions { GenerationTime = TimeSpan.Zero, AllowedModels = ["google/veo-3.1-lite"] });
        Outcome outcome = shell.Run(Rows + "1, 3, 5 | ForEach-Object { $rows[$_].PSObject.Properties.Add([psnoteproperty]::new('Model', 'google/veo-3.1')) };" + Whole);

        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("ModelNotAllowed,");
        outcome.TheError.ToString().ShouldContain("Not sent: rows 2, 4 and 6.");
        outcome.Texts("Status").Order().ShouldBe(["skipped", "skipped", "skipped", "succeeded", "succeeded", "succeeded"]);
        shell.Run(Whole).TheError.FullyQualifiedErrorId.ShouldStartWith("ModelNotAllowed,", Case.Sensitive, "they were not taken, so they are tried again");
    }

    [Fact]
    public void A_failed_row_passes_as_data_with_one_warning_and_is_sent_again_with_RetryFailed()
    {
        _shell.Run(Rows + "$rows[1].Prompt = 'forbidden 2'; $rows[4].Prompt = 'forbidden 5'");
        _shell.Run(Whole).Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0]).ShouldBe(["GenerationFailed", "GenerationFailed"]);

        Outcome second = _shell.Run(Whole);
        second.Errors.ShouldBeEmpty();
        second.Warnings.ShouldBe(["Failed in an earlier run: rows 2 and 5. -RetryFailed sends such rows again."]);
        second.Output.Count(video => ((Video)video.BaseObject).Error?.Message == "Content policy violation").ShouldBe(2);
        _shell.Posts.Count.ShouldBe(6);

        Outcome third = _shell.Run(Whole.Replace("-Ledger", "-RetryFailed -Ledger", StringComparison.Ordinal));
        third.Errors.Count.ShouldBe(2);
        _shell.Posts.Count.ShouldBe(8);
    }

    [Theory]
    [InlineData("-Resubmit")]
    [InlineData("-RetryFailed")]
    public void What_is_about_earlier_runs_needs_a_ledger(string name)
    {
        _shell.Run($"New-ChuiziVideo 'p' {name}").TheError.FullyQualifiedErrorId.ShouldStartWith("LedgerRequired,");
        _shell.Requests.ShouldBeEmpty();
    }

    [Fact]
    public void A_bad_row_keeps_new_rows_from_being_sent_and_known_ones_go_on()
    {
        _shell.Run(Rows + "$rows[0..2] | New-ChuiziVideo -Ledger run.jsonl").ShouldBeClean();

        Outcome outcome = _shell.Run("$rows[4].Duration = 'soon';" + Whole);
        outcome.TheError.ToString().ShouldBe("Row 5: Duration 'soon' is not a whole number of seconds from 1; give 8, for example. Nothing is sent.");
        outcome.Texts("Path").Count.ShouldBe(3);
        _shell.Posts.Count.ShouldBe(3);

        Outcome skipping = _shell.Run(Whole.Replace("-Ledger", "-SkipInvalid -Ledger", StringComparison.Ordinal));
        skipping.Errors.ShouldBeEmpty();
        skipping.Warnings.Single().ShouldBe("Row 5: Duration 'soon' is not a whole number of seconds from 1; give 8, for example. It is skipped.");
        _shell.Posts.Count.ShouldBe(5);
    }

    [Fact]
    public void The_same_list_at_another_origin_is_sent_there_once()
    {
        using Shell other = new();
        string elsewhere = Path.Combine(_shell.Folder, "run.jsonl");
        foreach (Shell shell in new[] { _shell, other, _shell, other })
        {
            shell.Run("param($ledger)" + Rows + "$rows | New-ChuiziVideo -Ledger $ledger | Wait-ChuiziVideo", ("ledger", elsewhere)).ShouldBeClean().Output.Count.ShouldBe(6);
        }

        _shell.Server.Jobs.Count.ShouldBe(6);
        other.Server.Jobs.Count.ShouldBe(6);
        _shell.Server.Jobs.Select(job => job.Id).Intersect(other.Server.Jobs.Select(job => job.Id)).ShouldBeEmpty();
    }

    [Fact]
    public void A_ledger_that_was_deleted_is_begun_anew()
    {
        _shell.Run(Rows + Whole).ShouldBeClean();
        File.Delete(Ledger);
        _shell.Run("$rows | New-ChuiziVideo -Ledger run.jsonl").ShouldBeClean();
        _shell.Posts.Count.ShouldBe(12);
        File.ReadAllLines(Ledger).Length.ShouldBe(12);
    }

    [Theory]
    [InlineData("Prompt,Model\na lake,google/veo-3.1\n")]
    [InlineData("{\"name\":\"x\"}\n")]
    public void A_file_that_is_no_ledger_is_left_alone(string text)
    {
        File.WriteAllText(Ledger, text);
        Outcome outcome = _shell.Run("New-ChuiziVideo 'p' -Ledger run.jsonl");
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("InvalidLedger,");
        File.ReadAllText(Ledger).ShouldBe(text);
        _shell.Posts.ShouldBeEmpty();
    }

    [Fact]
    public void A_damaged_line_is_named_and_what_it_tells_still_counts()
    {
        _shell.Run(Rows + "$rows | New-ChuiziVideo -Ledger run.jsonl").ShouldBeClean();
        string[] lines = File.ReadAllLines(Ledger);
        int submitted = Array.FindIndex(lines, line => line.Contains("\"submitted\"", StringComparison.Ordinal));
        lines[submitted] = lines[submitted][..^30];
        File.WriteAllLines(Ledger, [.. lines[..3], "!!", .. lines[3..]]);

        Outcome outcome = _shell.Run("$rows | New-ChuiziVideo -Ledger run.jsonl");

        outcome.Warnings.Count.ShouldBe(2);
        outcome.Warnings[0].ShouldContain($"The ledger '{Ledger}': Line ");
        string.Concat(outcome.Warnings).ShouldContain("'!!'");
        outcome.Texts("Id").ShouldBe(_shell.Server.Jobs.OrderBy(job => job.Prompt).Select(job => job.Id));
        _shell.Posts.Count.ShouldBe(6);
    }

    [Fact]
    public void A_row_that_another_run_sends_just_now_is_named_and_not_sent()
    {
        using Shell other = new();
        _shell.Server.Faults.Add(new SandboxFault { Kind = FaultKind.Slow, Delay = TimeSpan.FromHours(1), Route = SandboxRoute.Submit });
        using PowerShell slow = _shell.Begin("New-ChuiziVideo 'p1' -Duration 4 -Ledger run.jsonl");
        slow.BeginInvoke();
        Eventually.Is(() => _shell.Posts.Count == 1, "the request");

        Outcome outcome = other.Run("param($key, $uri, $ledger) Connect-ChuiziVideo $key -BaseUri $uri;" + Rows + "$rows | New-ChuiziVideo -Resubmit -Ledger $ledger",
            ("key", _shell.Server.ApiKey), ("uri", _shell.Server.BaseAddress.ToString()), ("ledger", Ledger));

        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("SubmissionElsewhere,");
        outcome.TheError.ToString().ShouldContain("Not sent: row 1. Another run that uses the ledger");
        outcome.Texts("Status").ShouldBe(["skipped", "processing", "processing", "processing", "processing", "processing"]);
        _shell.Posts.Count.ShouldBe(6);

        slow.Stop();
        _shell.Server.Dispose();
        Eventually.Is(() => Directory.GetFiles(_shell.Folder, "*.lock").Length == 0, "the end of the request");
    }
}
