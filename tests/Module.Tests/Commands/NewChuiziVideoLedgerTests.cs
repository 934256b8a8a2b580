namespace Chuizi.Video.Module.Tests.Commands;

/// <summary>Repeated runs of one pipeline with one -Ledger do only what is still missing.</summary>
[Trait("Speed", "Medium")]
public sealed class NewChuiziVideoLedgerTests : IDisposable
{
    private const string Rows =
        "$rows = 1..6 | ForEach-Object { [pscustomobject]@{ Prompt = \"p$_\"; Duration = 4; FileName = \"f$_\" } };";
    private const string Whole = "$rows | New-ChuiziVideo -Ledger run.jsonl | Wait-ChuiziVideo | Save-ChuiziVideo out";

    private readonly Shell _shell = new();

    private string Ledger => Path.Combine(_shell.Folder, "run.jsonl");

    public void Dispose() => _shell.Dispose();

    [Fact]
    public void A_new_signature_is_not_a_new_row_and_is_recorded_nowhere()
    {
        string Rows(string signature) => $$"""
            1..3 | ForEach-Object { [pscustomobject]@{
                Prompt = "p$_"; Model = 'bailian/happyhorse-1.0-video-edit'
                SourceVideo = "https://acc.blob.core.windows.net/in/$_.mp4?sv=2024-11-04&sp=r&sig={{signature}}"
            } } | New-ChuiziVideo -Ledger run.jsonl | Wait-ChuiziVideo | Save-ChuiziVideo out -Sidecar
            """;
        _shell.Run(Rows("SECRET1%2B")).ShouldBeClean();
        _shell.Run(Rows("SECRET2%2B")).ShouldBeClean();

        _shell.Posts.Count.ShouldBe(3);
        _shell.Posts.ShouldAllBe(post => post.Body!.Contains("sig=SECRET1%2B", StringComparison.Ordinal));
        foreach (string file in Directory.GetFiles(_shell.Folder, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".mp4", StringComparison.Ordinal)))
        {
            File.ReadAllText(file).ShouldNotContain("SECRET", customMessage: file);
        }

        Outcome revived = _shell.Run("Get-ChuiziVideo -Ledger run.jsonl | Select-Object -First 1 | New-ChuiziVideo");
        revived.TheError.ToString().ShouldContain("SourceVideo");
        revived.TheError.ToString().ShouldContain("has a masked signature");
        _shell.Posts.Count.ShouldBe(3);
    }

    [Fact]
    public void A_ledger_of_another_version_is_listed_but_not_continued()
    {
        _shell.Run("'a' | New-ChuiziVideo -Ledger run.jsonl | Wait-ChuiziVideo").ShouldBeClean();
        string text = File.ReadAllText(Ledger);
        File.WriteAllText(Ledger, text.Replace("\"key\":\"2-", "\"key\":\"1-", StringComparison.Ordinal));

        Outcome outcome = _shell.Run("'a', 'b' | New-ChuiziVideo -Ledger run.jsonl");
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("LedgerVersion,");
        _shell.Posts.Count.ShouldBe(1);
        _shell.Run("Get-ChuiziVideo -Ledger run.jsonl | Save-ChuiziVideo out").ShouldBeClean().Output.Count.ShouldBe(1);
    }

    [Fact]
    public void A_rerun_of_a_finished_batch_sends_nothing_and_returns_the_same_videos()
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
        second.Values("Latency").ShouldAllBe(latency => latency is double);
        PSObject.AsPSObject(second.Output[0].Properties["Input"].Value).Properties["FileName"].ShouldNotBeNull("the row is today's");
    }

    [Fact]
    public void A_rerun_waits_for_and_saves_rows_that_were_only_submitted()
    {
        _shell.Run(Rows + "$rows[0..2] | New-ChuiziVideo -Ledger run.jsonl").ShouldBeClean();

        Outcome outcome = _shell.Run(Whole).ShouldBeClean();

        outcome.Texts("Prompt").Order().ShouldBe(["p1", "p2", "p3", "p4", "p5", "p6"]);
        _shell.Posts.Count.ShouldBe(6);
        Directory.GetFiles(Path.Combine(_shell.Folder, "out")).Length.ShouldBe(6);
    }

    [Fact]
    public void Only_a_changed_request_makes_a_row_new_not_its_FileName_or_position()
    {
        _shell.Run(Rows + Whole).ShouldBeClean();

        _shell.Run("$rows[1].Duration = 6; $rows[2].FileName = 'other'; [array]::Reverse($rows);" + Whole).ShouldBeClean();

        _shell.Posts.Count.ShouldBe(7);
        _shell.Server.Jobs[^1].Duration.ShouldBe(6);
    }

    [Fact]
    public void Identical_rows_count_separately()
    {
        _shell.Run("'same', 'same' | New-ChuiziVideo -Ledger run.jsonl").ShouldBeClean();
        Outcome outcome = _shell.Run("'same', 'same', 'same' | New-ChuiziVideo -Ledger run.jsonl").ShouldBeClean();

        _shell.Posts.Count.ShouldBe(3);
        outcome.Texts("Id").Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public void A_local_image_is_compared_by_content()
    {
        File.Copy(Repository.PathOf("examples", "lighthouse.png"), Path.Combine(_shell.Folder, "a.png"));
        const string Script =
            "[pscustomobject]@{ Prompt = 'p'; Model = 'bailian/wan2.6-i2v'; Image = 'a.png' } | New-ChuiziVideo -Ledger run.jsonl";
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
    public void A_missing_file_is_downloaded_again_without_a_new_submission()
    {
        _shell.Run(Rows + Whole).ShouldBeClean();
        File.Delete(Path.Combine(_shell.Folder, "out", "f3.mp4"));
        int requests = _shell.Requests.Count;

        _shell.Run(Whole).ShouldBeClean();

        _shell.Requests.Skip(requests).Select(request => request.Route).ShouldBe([SandboxRoute.Media]);
        File.Exists(Path.Combine(_shell.Folder, "out", "f3.mp4")).ShouldBeTrue();
    }

    [Fact]
    public void A_changed_file_does_not_count_as_saved()
    {
        _shell.Run(Rows + Whole).ShouldBeClean();
        File.AppendAllText(Path.Combine(_shell.Folder, "out", "f3.mp4"), "x");

        _shell.Run(Whole).TheError.FullyQualifiedErrorId.ShouldStartWith("FileExists,");
        _shell.Run(Whole + " -Force").ShouldBeClean().Output.Count.ShouldBe(6);
        _shell.Posts.Count.ShouldBe(6);
    }

    [Fact]
    public void A_bad_row_prevents_new_submissions_but_recorded_rows_continue()
    {
        _shell.Run(Rows + "$rows[0..2] | New-ChuiziVideo -Ledger run.jsonl").ShouldBeClean();

        Outcome outcome = _shell.Run("$rows[4].Duration = 'soon';" + Whole);
        outcome
            .TheError.ToString()
            .ShouldBe("Row 5: Duration 'soon' is not valid. Use a whole number of seconds, 1 or more, such as 8. Nothing was submitted.");
        outcome.Texts("Path").Count.ShouldBe(3);
        _shell.Posts.Count.ShouldBe(3);

        Outcome skipping = _shell.Run(Whole.Replace("-Ledger", "-SkipInvalid -Ledger", StringComparison.Ordinal));
        skipping.Errors.ShouldBeEmpty();
        skipping
            .Warnings.Single()
            .ShouldBe("Row 5: Duration 'soon' is not valid. Use a whole number of seconds, 1 or more, such as 8. The row is skipped.");
        _shell.Posts.Count.ShouldBe(5);
    }

    [Fact]
    public void The_same_list_is_sent_once_to_each_API_address()
    {
        using Shell other = new();
        string elsewhere = Path.Combine(_shell.Folder, "run.jsonl");
        foreach (Shell shell in new[] { _shell, other, _shell, other })
        {
            shell
                .Run("param($ledger)" + Rows + "$rows | New-ChuiziVideo -Ledger $ledger | Wait-ChuiziVideo", ("ledger", elsewhere))
                .ShouldBeClean()
                .Output.Count.ShouldBe(6);
        }

        _shell.Server.Jobs.Count.ShouldBe(6);
        other.Server.Jobs.Count.ShouldBe(6);
        _shell.Server.Jobs.Select(job => job.Id).Intersect(other.Server.Jobs.Select(job => job.Id)).ShouldBeEmpty();
    }

    [Fact]
    public void After_the_ledger_is_deleted_all_rows_are_sent_again()
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
    public void A_file_that_is_not_a_ledger_is_left_unchanged(string text)
    {
        File.WriteAllText(Ledger, text);
        Outcome outcome = _shell.Run("New-ChuiziVideo 'p' -Ledger run.jsonl");
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("InvalidLedger,");
        File.ReadAllText(Ledger).ShouldBe(text);
        _shell.Posts.ShouldBeEmpty();
    }

    [Fact]
    public void A_damaged_line_is_reported_and_its_readable_part_still_counts()
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
    public void A_row_that_another_run_is_submitting_is_elsewhere_and_not_sent()
    {
        using Shell other = new();
        _shell.Server.Faults.Add(new SandboxFault { Kind = FaultKind.Slow, Delay = TimeSpan.FromHours(1), Route = SandboxRoute.Submit });
        using PowerShell slow = _shell.Begin("New-ChuiziVideo 'p1' -Duration 4 -Ledger run.jsonl");
        slow.BeginInvoke();
        Eventually.Is(() => _shell.Posts.Count == 1, "the request");

        Outcome outcome = other.Run(
            "param($key, $uri, $ledger) Connect-ChuiziVideo $key -BaseUri $uri;"
                + Rows
                + "$rows | New-ChuiziVideo -Resubmit -Ledger $ledger",
            ("key", _shell.Server.ApiKey),
            ("uri", _shell.Server.BaseAddress.ToString()),
            ("ledger", Ledger));

        outcome.Errors.ShouldBeEmpty();
        outcome.Texts("Status").ShouldBe(Enumerable.Repeat("processing", 6));
        outcome.Texts("Elsewhere").ShouldBe(["True", "False", "False", "False", "False", "False"]);
        _shell.Posts.Count.ShouldBe(6);

        slow.Stop();
        _shell.Server.Dispose();
        Eventually.Is(() => Directory.GetFiles(_shell.Folder, "*.lock").Length == 0, "the end of the request");
    }
}
