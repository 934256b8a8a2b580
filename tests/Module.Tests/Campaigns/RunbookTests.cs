using Chuizi.Video.Client.Ledger;

namespace Chuizi.Video.Module.Tests.Campaigns;

/// <summary>
/// <c>examples/batch.ps1</c> as a scheduler runs it: repeatedly, each time in a new process with less time than it needs.
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
    public void A_run_exits_with_2_at_its_deadline_and_the_next_finishes_with_0()
    {
        // The API accepts only the first submissions before it returns 429, and the videos take an hour.
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
        (int code, string output) = Run(batch, deadline: 20);

        code.ShouldBe(2, output);
        output.ShouldContain("Not submitted because the -Deadline was reached: ");
        // The deadline is real time, so a busy machine may submit fewer rows.
        int sent = Recorded(batch).Count(status => status == VideoStatus.Processing);
        sent.ShouldBeInRange(1, SentInTime);
        Recorded(batch).ShouldAllBe(status => status == VideoStatus.Processing || status == VideoStatus.Skipped);
        _server.Jobs.Count.ShouldBe(sent);

        _server.Faults.Clear();
        _clock.Leap(s_generation);
        Thread finisher = new(() => FinishJobs(Rows));
        finisher.Start();
        (code, output) = Run(batch, deadline: 300);
        finisher.Join();

        code.ShouldBe(0, output);
        EachRowIsSentOnce(batch);
        Directory.GetFiles(batch.Saved, "*.mp4").Length.ShouldBe(Rows);
        Recorded(batch).ShouldBe(Enumerable.Repeat(VideoStatus.Succeeded, Rows));

        int requests = _server.Requests.Count(request => request.Route == SandboxRoute.Submit);
        (code, output) = Run(batch, deadline: 300);
        code.ShouldBe(0, output);
        _server.Requests.Count(request => request.Route == SandboxRoute.Submit).ShouldBe(requests, "the third run sends nothing");
    }

    [Fact]
    public void The_next_run_finishes_what_a_terminated_run_submitted()
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
        (int code, string output) = Run(batch, deadline: 300);

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

    /// <summary>Lets the hour pass after all rows are submitted.</summary>
    private void FinishJobs(int count)
    {
        Eventually.Is(() => _server.Jobs.Count == count, "the submissions");
        _clock.Leap(s_generation);
    }
}
