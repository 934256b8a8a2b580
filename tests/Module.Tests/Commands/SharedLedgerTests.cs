namespace Chuizi.Video.Module.Tests.Commands;

/// <summary>The same command with the same list and ledger, at two prompts at once.</summary>
public sealed class SharedLedgerTests : IDisposable
{
    private const string Whole =
        "1..4 | ForEach-Object { [pscustomobject]@{ Prompt = \"p$_\"; Duration = 4; FileName = \"f$_\" } } "
            + "| New-ChuiziVideo -Ledger run.jsonl | Wait-ChuiziVideo -PollInterval 1 | Save-ChuiziVideo out";

    /// <summary>The clock of the sandbox, so that the videos are finished when a test says so.</summary>
    private readonly HandClock _clock = new();
    private readonly Shell _one;
    private readonly Shell _other;

    public SharedLedgerTests()
    {
        _one = new Shell(new SandboxOptions { GenerationTime = TimeSpan.FromHours(1), Clock = _clock });
        _other = new Shell(_one.Server, _one.Folder, new RecordingHost(80));
    }

    public void Dispose()
    {
        _other.Dispose();
        _one.Dispose();
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void The_second_follows_the_first_in_the_ledger_and_each_video_is_paid_polled_and_saved_once()
    {
        using PowerShell one = _one.Begin(Whole);
        IAsyncResult first = one.BeginInvoke();
        Eventually.Is(() => Polled() == 4, "the polls of the first");
        using PowerShell other = _other.Begin($"{Whole} -Summary");
        IAsyncResult second = other.BeginInvoke();
        Eventually.Is(() => other.Streams.Information.Count > 0, "the line about the first");
        other.Streams.Information[0].ToString().ShouldBe("4 videos are in progress in other runs with the same ledger: rows 1-4.");

        _clock.Advance(TimeSpan.FromHours(1));
        PSObject[] videos = [.. one.EndInvoke(first)];
        PSObject summary = other.EndInvoke(second).ShouldHaveSingleItem();

        one.Streams.Error.ShouldBeEmpty();
        other.Streams.Error.ShouldBeEmpty();
        videos.ShouldAllBe(video => !(bool)video.Properties["Elsewhere"].Value);
        (summary.Properties["ExitCode"].Value, summary.Properties["Saved"].Value).ShouldBe((0, 4));
        _one.Posts.Count.ShouldBe(4);
        _one.Requests.Count(request => request.Route == SandboxRoute.Media).ShouldBe(4);
        Directory.GetFiles(_one.Folder, "*.lock").ShouldBeEmpty("both runs have ended");
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void The_second_continues_when_the_first_is_stopped()
    {
        using PowerShell one = _one.Begin(Whole);
        IAsyncResult first = one.BeginInvoke();
        Eventually.Is(() => Polled() == 4, "the polls of the first");
        using PowerShell other = _other.Begin(Whole);
        IAsyncResult second = other.BeginInvoke();
        Eventually.Is(() => other.Streams.Information.Count > 0, "the line about the first");

        one.Stop();
        Should.Throw<PipelineStoppedException>(() => one.EndInvoke(first));
        _clock.Advance(TimeSpan.FromHours(1));
        PSObject[] videos = [.. other.EndInvoke(second)];

        other.Streams.Error.ShouldBeEmpty();
        videos.Select(video => $"{video.Properties["Status"].Value} {video.Properties["Elsewhere"].Value}").ShouldBe(
            Enumerable.Repeat("succeeded False", 4));
        _one.Posts.Count.ShouldBe(4);
        Directory.GetFiles(Path.Combine(_one.Folder, "out")).Length.ShouldBe(4);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_later_pipeline_that_waits_has_a_run_of_its_own()
    {
        using PowerShell one = _one.Begin(Whole);
        IAsyncResult first = one.BeginInvoke();
        Eventually.Is(() => Polled() == 4, "the polls of the first");
        _other.Run($"$v = {Whole[..Whole.IndexOf(" | Wait-", StringComparison.Ordinal)]}").Output.ShouldBeEmpty();
        one.Stop();
        Should.Throw<PipelineStoppedException>(() => one.EndInvoke(first));
        Directory.GetFiles(_one.Folder, "*.lock").ShouldBeEmpty("both runs have ended");

        using PowerShell other = _other.Begin("$v | Wait-ChuiziVideo -PollInterval 1");
        IAsyncResult second = other.BeginInvoke();
        Eventually.Is(() => Directory.GetFiles(_one.Folder, "*.lock").Length == 1, "the run of the pipeline that waits");
        _clock.Advance(TimeSpan.FromHours(1));
        other.EndInvoke(second).Count.ShouldBe(4);
        other.Streams.Error.ShouldBeEmpty();
        Directory.GetFiles(_one.Folder, "*.lock").ShouldBeEmpty();
        _one.Posts.Count.ShouldBe(4);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_run_without_waiting_leaves_the_rows_of_the_other_to_it()
    {
        using PowerShell one = _one.Begin(Whole);
        one.BeginInvoke();
        Eventually.Is(() => Polled() == 4, "the polls of the first");

        Outcome outcome = _other.Run(
            "1..5 | ForEach-Object { [pscustomobject]@{ Prompt = \"p$_\"; Duration = 4 } } | New-ChuiziVideo -Ledger run.jsonl");

        outcome.ShouldBeClean().Texts("Elsewhere").ShouldBe(["True", "True", "True", "True", "False"]);
        outcome.Texts("Status").ShouldBe(Enumerable.Repeat("processing", 5));
        _one.Posts.Count.ShouldBe(5);
        _other.Run("Test-ChuiziVideo p1 -Duration 4 -Ledger run.jsonl").Texts("Problem").ShouldBe(["Another run is making this video now."]);
        one.Stop();
    }

    [Fact]
    public void Videos_are_waited_for_even_if_no_other_run_can_be_told()
    {
        _one.Run("'p1' | New-ChuiziVideo -Duration 4 -Ledger run.jsonl").ShouldBeClean();
        // The name of a lock file beside it would be too long.
        string ledger = new string('n', 240) + ".jsonl";
        File.Copy(Path.Combine(_one.Folder, "run.jsonl"), Path.Combine(_one.Folder, ledger));

        Outcome outcome = _one.Run("param($ledger) 'p1' | New-ChuiziVideo -Duration 4 -Ledger $ledger", ("ledger", ledger));

        outcome.Errors.ShouldBeEmpty();
        outcome.Texts("Status").ShouldBe(["processing"]);
        outcome.Warnings.ShouldHaveSingleItem().ShouldStartWith("Other runs may wait for the same videos too: The lock file for the ledger");
        _one.Posts.Count.ShouldBe(1);
    }

    /// <summary>The number of videos that were polled.</summary>
    private int Polled() => _one.Requests.Where(request => request.Route == SandboxRoute.Poll).Select(request => request.VideoId).Distinct()
        .Count();
}
