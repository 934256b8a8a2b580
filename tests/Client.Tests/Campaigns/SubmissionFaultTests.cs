using System.Collections.Concurrent;
using System.Globalization;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Sandbox;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Campaigns;

/// <summary>A thousand submissions, most of which fail: none is billed twice, none is lost, and the ledger records each one.</summary>
[Trait("Speed", "Medium")]
public sealed class SubmissionFaultTests : ClientTest
{
    private const int Count = 1000;

    // The server has accepted the job, and its response is lost or truncated.
    private static readonly Func<string, SandboxFault>[] s_afterAcceptance =
    [
        prompt => Fault(prompt, FaultKind.DropAfterAcceptance),
        prompt => Fault(prompt, FaultKind.StatusAfterAcceptance, status: 500),
        prompt => Fault(prompt, FaultKind.StatusAfterAcceptance, status: 502),
        prompt => Fault(prompt, FaultKind.StatusAfterAcceptance, status: 504),
        prompt => Fault(prompt, FaultKind.StatusAfterAcceptance, status: 520),
        prompt => Fault(prompt, FaultKind.HtmlPage),
        prompt => Fault(prompt, FaultKind.MalformedJson),
        prompt => Fault(prompt, FaultKind.Truncated),
        prompt => Fault(prompt, FaultKind.Truncated, at: 5),
        prompt => Fault(prompt, FaultKind.Truncated, at: 60),
        prompt => Fault(prompt, FaultKind.Stalled, at: 7, delay: 0.01),
        prompt => Fault(prompt, FaultKind.Slow, delay: 0.01),
    ];

    // The server has provably not accepted the job.
    private static readonly Func<string, SandboxFault>[] s_beforeAcceptance =
    [
        prompt => Fault(prompt, FaultKind.Status, status: 429),
        prompt => Fault(prompt, FaultKind.Status, status: 429, times: 3),
        prompt => Fault(prompt, FaultKind.StatusWithoutEnvelope, status: 429),
        prompt => Fault(prompt, FaultKind.Status, status: 503),
        prompt => Fault(prompt, FaultKind.Status, status: 503, times: 3),
    ];

    private readonly ConcurrentBag<PlannedRow> _outcomes = [];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Faults_after_acceptance_never_cause_a_second_submission_and_are_recorded(int seed)
    {
        SandboxServer server = Start(new SandboxOptions { Balance = 10_000, GenerationTime = TimeSpan.Zero });
        AddFaults(server, s_afterAcceptance, seed);
        string ledger = Folder().Of("run.jsonl");

        await SubmitAsync(server, ledger, resubmit: false);

        server.Faults.Pending.ShouldBeEmpty();
        Posts(server).Count.ShouldBe(Count);
        server.Jobs.Select(job => job.Prompt).Distinct().Count().ShouldBe(Count);
        server.Jobs.Count.ShouldBe(Count);
        ShouldBeRecorded(server, ledger);
        _outcomes.Count(outcome => outcome.Failure is null).ShouldBeInRange(Count / 10, Count / 2);

        // Run again: rows with an id are known, and the others are reported, not re-sent.
        _outcomes.Clear();
        await SubmitAsync(server, ledger, resubmit: false);
        _outcomes.ShouldAllBe(outcome =>
            outcome.Action == RowAction.IsKnown || outcome.Failure!.Kind == ChuiziErrorKind.SubmissionOutcomeUnknown);
        _outcomes.Count.ShouldBe(Count);
        Posts(server).Count.ShouldBe(Count);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Faults_before_acceptance_are_retried_without_a_double_submission(int seed)
    {
        SandboxServer server = Start(new SandboxOptions { Balance = 10_000, GenerationTime = TimeSpan.Zero });
        AddFaults(server, s_beforeAcceptance, seed);
        string ledger = Folder().Of("run.jsonl");

        await SubmitAsync(server, ledger, resubmit: false);

        server.Faults.Pending.ShouldBeEmpty();
        _outcomes.Count.ShouldBe(Count);
        _outcomes.ShouldAllBe(outcome => outcome.Failure == null && outcome.State != null);
        server.Jobs.Select(job => job.Prompt).Distinct().Count().ShouldBe(Count);
        server.Jobs.Count.ShouldBe(Count);
        Posts(server).Count.ShouldBe(Count + server.Faults.Injected);
        ShouldBeRecorded(server, ledger);
    }

    [Fact]
    public async Task Only_Resubmit_re_sends_rows_with_an_unknown_outcome()
    {
        SandboxServer server = Start(new SandboxOptions { Balance = 10_000, GenerationTime = TimeSpan.Zero });
        AddFaults(server, s_afterAcceptance, seed: 5);
        string ledger = Folder().Of("run.jsonl");
        await SubmitAsync(server, ledger, resubmit: false);
        int unknown = _outcomes.Count(outcome => outcome.Failure is not null);
        _outcomes.Clear();

        await SubmitAsync(server, ledger, resubmit: true);

        _outcomes.ShouldAllBe(outcome => outcome.Failure == null);
        Posts(server).Count.ShouldBe(Count + unknown);
        (await VideoLedger.At(ledger).ReadAsync(book => book.Entries.Count(entry => entry.Status == VideoStatus.Unknown))).ShouldBe(
            unknown,
            "the unknown outcomes stay in the ledger");
        LedgerListing
            .Read(ledger, out _)
            .ShouldAllBe(entry => entry.Video.Status == VideoStatus.Processing, "the listing has the last of each row");
    }

    /// <summary>Checks that the outcomes, the server's jobs and the ledger entries agree.</summary>
    private void ShouldBeRecorded(SandboxServer server, string ledger)
    {
        Dictionary<string, Video> recorded = LedgerListing
            .Read(ledger, out IReadOnlyList<string> damage)
            .Select(entry => entry.Video)
            .ToDictionary(video => video.Prompt!);
        damage.ShouldBeEmpty();
        recorded.Count.ShouldBe(Count);
        _outcomes.Select(outcome => outcome.Position).Order().ShouldBe(Enumerable.Range(0, Count));
        Dictionary<string, string> jobs = server.Jobs.ToDictionary(job => job.Prompt, job => job.Id);
        foreach (PlannedRow outcome in _outcomes)
        {
            string prompt = Prompt(outcome.Position);
            Video video = recorded[prompt];
            if (outcome.State is { } state)
            {
                state.Id.ShouldBe(jobs[prompt]);
                video.Id.ShouldBe(jobs[prompt]);
                video.Status.ShouldBe(VideoStatus.Processing);
            }
            else
            {
                outcome.Failure!.Kind.ShouldBe(ChuiziErrorKind.SubmissionOutcomeUnknown);
                video.Id.ShouldBeNull();
                video.Status.ShouldBe(VideoStatus.Unknown);
                video.RequestId.ShouldBe(
                    Posts(server).Single(post => post.Body!.Contains(Quoted(prompt), StringComparison.Ordinal)).RequestId);
            }
        }
    }

    private async Task SubmitAsync(SandboxServer server, string ledger, bool resubmit)
    {
        ChuiziClient client = Connect(server);
        SubmissionTerms terms = new() { Origin = client.Connection.Origin, Deduplicates = true, Resubmit = resubmit };
        VideoLedger open = VideoLedger.At(ledger);
        CheckedRow[] rows = [.. Enumerable.Range(0, Count).Select(index => new CheckedRow(index + 1, Request(Prompt(index)), [], []))];
        SubmissionPlan plan = await open.ReadAsync(book =>
            SubmissionPlanner.Make(rows, terms, new CostEstimator(terms.Origin, null, null), open, book));
        BatchSubmitter submitter = new(client, 16, Submissions.Claims(open, terms));
        // Submits all rows, although the plan excludes some: the ledger itself must prevent a second submission.
        await submitter.RunAsync(plan.Rows, _outcomes.Add, CancellationToken.None);
        submitter.End.ShouldBeNull();
        submitter.NotSent.ShouldBeEmpty();
    }

    private static void AddFaults(SandboxServer server, Func<string, SandboxFault>[] kinds, int seed)
    {
        Random random = new(seed);
        for (int index = 0; index < Count; index++)
        {
            server.Faults.Add(kinds[random.Next(kinds.Length)](Prompt(index)));
        }
    }

    private static SandboxFault Fault(string prompt, FaultKind kind, int status = 0, int times = 1, long at = 0, double delay = 0) => new()
    {
        Kind = kind, Route = SandboxRoute.Submit, Status = status, Times = times, At = at, Delay = TimeSpan.FromSeconds(delay),
        Match = request => request.Body!.Contains(Quoted(prompt), StringComparison.Ordinal),
    };

    private static List<RecordedRequest> Posts(SandboxServer server) => [.. server.Requests.Where(request => request.Method == "POST")];

    private static string Prompt(int index) => index.ToString("'Prompt' 0000", CultureInfo.InvariantCulture);

    private static string Quoted(string prompt) => $"\"{prompt}\"";
}
