using Chuizi.Video.Client.Ledger;

namespace Chuizi.Video.Module.Tests.Cmdlets;

/// <summary>After a stop, the ledger has every submission, and a message says how to continue.</summary>
[Trait("Speed", "Medium")]
public sealed class StopLedgerTests : IDisposable
{
    private readonly RecordingHost _host = new(400);
    private readonly ManualResetEventSlim _isHeld = new();
    private readonly ManualResetEventSlim _isAnswered = new();
    private readonly Shell _shell;
    private int _submissions;

    public StopLedgerTests() =>
        _shell = new Shell(
            new SandboxOptions
            {
                Balance = 1000,
                GenerationTime = TimeSpan.FromHours(1),
                Latency = TimeSpan.FromMilliseconds(400),
            },
            host: _host,
            clock: new FastClock(10));

    private string Ledger => Path.Combine(_shell.Folder, "run.jsonl");

    /// <summary>The number of videos that have been polled.</summary>
    private int Polled => _shell.Server.Requests
        .Where(request => request.Route == SandboxRoute.Poll)
        .Select(request => request.VideoId)
        .Distinct()
        .Count();

    public void Dispose()
    {
        // Pending submissions write to the folder until they are answered.
        Eventually.Is(() => Directory.GetFiles(_shell.Folder, "*.lock").Length == 0, "the end of the runs");
        _shell.Dispose();
        _isHeld.Dispose();
        _isAnswered.Dispose();
    }

    [Fact]
    public void Stopping_New_sends_nothing_more_and_pending_ids_reach_the_ledger()
    {
        // On the clock of the system, because the requests that are held must not time out.
        using Shell session = new(_shell.Server, _shell.Folder, _host);
        HoldAfter(8);
        using PowerShell shell = session.Begin("1..20 | ForEach-Object { \"p$_\" } | New-ChuiziVideo -ThrottleLimit 4 -Ledger run.jsonl");
        shell.BeginInvoke();
        Eventually.Is(() => _shell.Server.Jobs.Count == 8 && _isHeld.IsSet, "two rounds");

        shell.Stop();
        int posts = _shell.Posts.Count;

        // An immediate rerun waits for the pending submissions instead of treating them as lost, and sends only the remaining rows.
        using PowerShell again = session.Begin(
            "param($answered) 1..20 | ForEach-Object { \"p$_\"; if ($_ -eq 20) { $answered.Set() } } | New-ChuiziVideo -Ledger run.jsonl",
            ("answered", _isAnswered));
        again.Invoke().Count.ShouldBe(20);
        again.Streams.Error.ShouldBeEmpty();
        posts.ShouldBeLessThanOrEqualTo(12);
        _shell.Posts.Count.ShouldBe(20);
        LedgerListing
            .Read(Ledger, out _)
            .Where(entry => entry.Video.Status != VideoStatus.Skipped)
            .Select(entry => entry.Video.Id)
            .ShouldBe(_shell.Server.Jobs.Select(job => job.Id), ignoreOrder: true);
    }

    [Fact]
    public void Pending_ids_reach_the_ledger_after_Select_First_ends_the_pipeline()
    {
        _shell
            .Run("1..200 | ForEach-Object { \"p$_\" } | New-ChuiziVideo -Ledger run.jsonl | Select-Object -First 1")
            .ShouldBeClean()
            .Output.Count.ShouldBe(1);

        Eventually.Is(() => Directory.GetFiles(_shell.Folder, "*.lock").Length == 0, "the answers");
        _shell.Server.Jobs.Count.ShouldBeLessThan(200);
        LedgerListing
            .Read(Ledger, out _)
            .Select(entry => entry.Video.Id)
            .OfType<string>()
            .ShouldBe(_shell.Server.Jobs.Select(job => job.Id), ignoreOrder: true);
    }

    [Fact]
    public void Stopping_New_warns_where_to_find_the_ids()
    {
        HoldAfter(4);

        string text = StopWhen(
            "1..20 | ForEach-Object { \"p$_\" } | New-ChuiziVideo -ThrottleLimit 1 -Ledger run.jsonl",
            () => _isHeld.IsSet && Shows("4 of 20 submitted"));
        _isAnswered.Set();

        // A row that was just being shown may follow.
        text.ShouldContain(
            "WARNING: No more rows will be submitted. 1 submission is in progress. "
                + $"Its id will be recorded in the ledger '{Ledger}'. To submit the remaining rows, run the same command again. "
                + $"To list the submitted videos, run: Get-ChuiziVideo -Ledger '{Ledger}'");
    }

    [Fact]
    public void The_progress_counts_the_rows_of_this_call_that_were_submitted_and_that_failed()
    {
        using Shell other = new();
        _shell.Server.Faults.Add(new SandboxFault { Kind = FaultKind.Slow, Delay = TimeSpan.FromHours(1), Route = SandboxRoute.Submit });
        using PowerShell slow = other.Begin(
            $"Connect-ChuiziVideo '{_shell.Server.ApiKey}' -BaseUri '{_shell.Server.BaseAddress}'; "
                + $"New-ChuiziVideo 'elsewhere' -Ledger '{Ledger}'");
        slow.BeginInvoke();
        Eventually.Is(() => _shell.Posts.Count == 1, "the request of the other run");
        _shell.Server.Faults.Add(new SandboxFault
        {
            Kind = FaultKind.Status, Status = 400, Route = SandboxRoute.Submit, Match = _ => _shell.Posts.Count == 3,
        });
        HoldAfter(1);

        StopWhen(
            "'elsewhere', 'a', 'b', 'c' | New-ChuiziVideo -ThrottleLimit 1 -Ledger run.jsonl",
            () => _isHeld.IsSet && Shows("1 of 3 submitted, 1 failed"));

        _isAnswered.Set();
        slow.Stop();
        _shell.Server.Dispose();
        Eventually.Is(() => Directory.GetFiles(_shell.Folder, "*.lock").Length == 0, "the end of the requests");
    }

    [Fact]
    public void Stopping_New_while_the_request_limit_delays_all_submissions_says_how_to_continue()
    {
        // The clock stands still, so that no minute ends, however slow this machine is.
        using Shell shell = new(new SandboxOptions { Balance = 1000, RequestsPerMinute = 4 }, host: _host, clock: new HandClock());
        string text = StopWhen(
            "1..40 | ForEach-Object { \"p$_\" } | New-ChuiziVideo -Ledger run.jsonl",
            // The fourth request of the minute is kept for a poll.
            () => Shows("3 of 40 submitted", "waiting because of the request limit"),
            shell);

        string ledger = Path.Combine(shell.Folder, "run.jsonl");
        // A row that was just being shown may follow.
        text.ShouldContain(
            "WARNING: No more rows will be submitted. To submit the remaining rows, run the same command again. "
                + $"To list the submitted videos, run: Get-ChuiziVideo -Ledger '{ledger}'");
    }

    [Fact]
    public async Task An_id_that_cannot_be_recorded_after_a_stop_is_shown()
    {
        // On the clock of the system, because the request must not time out meanwhile.
        using Shell shell = new(_shell.Server, _shell.Folder, _host);
        HoldAfter(0);
        Task<Outcome> run = Task.Run(() => shell.RunAtPrompt("New-ChuiziVideo 'a' -Ledger run.jsonl"));
        Eventually.Is(() => _isHeld.IsSet, "the submission");
        shell.Stop();
        await run.WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken);
        File.Delete(Ledger);
        Directory.CreateDirectory(Ledger);
        _isAnswered.Set();

        Eventually.Is(
            () =>
                _shell.Server.Jobs.Count == 1 && _host.Text.Contains(
                    $"The video {_shell.Server.Jobs[0].Id} was submitted, but its id could not be recorded in the ledger. Keep this id: ",
                    StringComparison.Ordinal),
            "the id");
        Eventually.Is(() => Directory.GetFiles(_shell.Folder, "*.lock").Length == 0, "the end of the run");
    }

    [Theory]
    [InlineData("Wait-ChuiziVideo", "")]
    [InlineData("Wait-ChuiziVideo -Timeout 600", " | Save-ChuiziVideo -FileName '{Row}' -Force 'my videos'")]
    [InlineData("Save-ChuiziVideo", " | Export-ChuiziVideoGallery 'my page.html'")]
    public void Stopping_gives_one_command_that_ends_where_the_pipeline_ended(string wait, string rest)
    {
        string text = StopWhen($"'a', 'b' | New-ChuiziVideo | {wait}{rest}", () => Polled == 2);
        string named = rest.Replace("-Force 'my", "-Force -Destination 'my", StringComparison.Ordinal)
            .Replace("Gallery 'my", "Gallery -Path 'my", StringComparison.Ordinal);
        string ids = string.Join(", ", _shell.Server.Jobs.OrderBy(job => job.Prompt).Select(job => $"'{job.Id}'"));
        (text + "\n").ShouldContain($"WARNING: 2 videos are still in progress. To continue, run:\n{ids} | {wait}{named}\n");

        string withLedger = StopWhen($"'c', 'd' | New-ChuiziVideo -Ledger run.jsonl | {wait}{rest}", () => Polled == 4);
        string command = $"Get-ChuiziVideo -Ledger '{Ledger}' -Status processing | {wait}{named}";
        (withLedger + "\n").ShouldContain($"\n{command}\n");
        _shell.Run("Get-ChuiziVideo -Ledger run.jsonl -Status processing").ShouldBeClean().Output.Count.ShouldBe(2);
    }

    [Fact]
    public void Timeouts_are_one_error_with_the_command_to_go_on_and_the_ledger_keeps_the_jobs_open()
    {
        Outcome outcome = _shell.Run("'a', 'b' | New-ChuiziVideo -Ledger run.jsonl | Wait-ChuiziVideo -Timeout 0.6");

        ErrorRecord error = outcome.TheError;
        error.FullyQualifiedErrorId.ShouldStartWith("WaitTimeout,");
        error.ToString().ShouldStartWith("2 videos were not finished in time: ");
        ((object[])error.TargetObject).Length.ShouldBe(2);
        error.ErrorDetails.RecommendedAction.ShouldBe(
            $"To continue, run: Get-ChuiziVideo -Ledger '{Ledger}' -Status processing | Wait-ChuiziVideo -Timeout 0.6");
        outcome.Texts("Status").ShouldBe(["processing", "processing"]);
        _shell
            .Run("'a', 'b' | New-ChuiziVideo -Ledger run.jsonl")
            .ShouldBeClean()
            .Texts("Id")
            .ShouldBe(outcome.Texts("Id"), ignoreOrder: true);
        _shell.Posts.Count.ShouldBe(2);
    }

    /// <summary>Lets the first submissions through, and holds the others until they are answered.</summary>
    private void HoldAfter(int count) => _shell.Server.Faults.Add(
        new SandboxFault { Kind = FaultKind.Slow, Route = SandboxRoute.Submit, Match = _ =>
        {
            if (Interlocked.Increment(ref _submissions) <= count)
            {
                return false;
            }

            _isHeld.Set();
            return !_isAnswered.Wait(Eventually.Patience);
        } });

    /// <summary>Whether a line that was shown since the last look contains all of these texts.</summary>
    private bool Shows(params string[] texts) =>
        _host.Take().Any(line => texts.All(text => line.Contains(text, StringComparison.Ordinal)));

    /// <summary>Runs a command as at a prompt, stops it as Ctrl+C does, and returns what was shown.</summary>
    private string StopWhen(string command, Func<bool> isTime, Shell? session = null)
    {
        session ??= _shell;
        _host.Take();
        Task<Outcome> run = Task.Run(() => session.RunAtPrompt(command));
        Eventually.Is(isTime, "the moment");

        session.Stop();

        run.Wait(Eventually.Patience).ShouldBeTrue("the prompt is back");
        // If the pipeline was writing at that moment, it ends before its cmdlets learn of the stop.
        Eventually.Is(() => _host.Text.Contains("WARNING: ", StringComparison.Ordinal), "the message");
        return _host.Text;
    }
}
