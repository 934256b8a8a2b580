using System.Diagnostics;
using Chuizi.Video.Client.Ledger;

namespace Chuizi.Video.Module.Tests.Campaigns;

/// <summary>
/// <c>examples/batch.ps1</c> as a scheduler runs it: in a process of its own, with less time than it needs, again and again.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class RunbookTests : IDisposable
{
    private const int Rows = 12;
    private const int SentInTime = 5;

    private static readonly TimeSpan s_generation = TimeSpan.FromHours(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("chuizi-runbook-").FullName;
    private readonly FastClock _clock = new(1);
    private readonly SandboxServer _server;

    public RunbookTests() =>
        _server = SandboxServer.Start(
            new SandboxOptions
            {
                Balance = 1000,
                GenerationTime = s_generation,
                Clock = _clock,
            });

    public void Dispose()
    {
        _server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_run_ends_at_its_deadline_with_2_and_the_next_does_the_rest_with_0()
    {
        // The key has used up its minute after a few submissions, and the videos take an hour.
        _server.Faults.Add(
            new SandboxFault
            {
                Kind = FaultKind.Status,
                Status = 429,
                RetryAfter = s_generation,
                Route = SandboxRoute.Submit,
                Skip = SentInTime,
                Times = int.MaxValue,
            });
        using ChildBatch batch = new(_server, _folder, Rows);
        Stopwatch watch = Stopwatch.StartNew();
        // Real time is the point; a loaded machine must be able to submit the first rows within it.
        (int code, string output) = Run(batch, deadline: 10);

        code.ShouldBe(2, output);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(1));
        output.ShouldContain("Not sent before the -Deadline: ");
        Recorded(batch).Count(status => status == VideoStatus.Processing).ShouldBe(SentInTime);
        Recorded(batch).ShouldAllBe(status => status == VideoStatus.Processing || status == VideoStatus.Skipped);
        _server.Jobs.Count.ShouldBe(SentInTime);

        _server.Faults.Clear();
        _clock.Leap(s_generation);
        Thread finisher = new(() => FinishJobs(Rows));
        finisher.Start();
        (code, output) = Run(batch, deadline: 60);
        finisher.Join();

        code.ShouldBe(0, output);
        EachRowIsSentOnce(batch);
        Directory.GetFiles(batch.Saved, "*.mp4").Length.ShouldBe(Rows);
        Recorded(batch).ShouldBe(Enumerable.Repeat(VideoStatus.Succeeded, Rows));

        int requests = _server.Requests.Count(request => request.Route == SandboxRoute.Submit);
        (code, output) = Run(batch, deadline: 60);
        code.ShouldBe(0, output);
        _server.Requests.Count(request => request.Route == SandboxRoute.Submit).ShouldBe(requests, "the third run sends nothing");
    }

    [Fact]
    public void A_run_that_the_scheduler_ends_leaves_all_to_the_next()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent with kill.");
        using ChildBatch batch = new(_server, _folder, Rows);
        Start(batch, deadline: 600);
        Eventually.Is(() => _server.Jobs.Count == Rows, "the submissions");
        batch.Running!.Signal("TERM");
        batch.AwaitEnd();
        batch.Running!.ExitCode.ShouldNotBeInRange(0, 3);
        Recorded(batch).ShouldBe(Enumerable.Repeat(VideoStatus.Processing, Rows));

        _clock.Leap(s_generation);
        (int code, string output) = Run(batch, deadline: 60);

        code.ShouldBe(0, output);
        EachRowIsSentOnce(batch);
    }

    private static string[] Recorded(ChildBatch batch)
    {
        string[] statuses = [.. LedgerListing.Read(batch.Ledger, out IReadOnlyList<string> damage).Select(entry => entry.Video.Status)];
        damage.ShouldBeEmpty();
        return statuses;
    }

    private static void Start(ChildBatch batch, int deadline)
    {
        batch.Write("run.ps1", $$"""
            param([string] $Module, [string] $Key, [string] $Uri)
            . ./connect.ps1 $Module $Key $Uri
            & '{{Repository.PathOf("examples", "batch.ps1")}}' list.csv out -Ledger run.jsonl -Deadline {{deadline}} -Quiet
            exit $LASTEXITCODE
            """);
        batch.Start("run.ps1");
    }

    private static (int Code, string Output) Run(ChildBatch batch, int deadline)
    {
        Start(batch, deadline);
        string output = batch.AwaitEnd();
        return (batch.Running!.ExitCode, output);
    }

    private void EachRowIsSentOnce(ChildBatch batch) =>
        _server.Jobs.Select(job => job.Prompt).Order(StringComparer.Ordinal).ShouldBe(batch.Prompts.Order(StringComparer.Ordinal));

    /// <summary>Lets the hour pass once all are submitted.</summary>
    private void FinishJobs(int count)
    {
        Eventually.Is(() => _server.Jobs.Count == count, "the submissions");
        _clock.Leap(s_generation);
    }
}
