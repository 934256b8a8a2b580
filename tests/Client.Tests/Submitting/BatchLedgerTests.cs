using System.Collections.Concurrent;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Client.Tests.Ledger;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Sandbox;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Submitting;

/// <summary>The most important promise, on disk: every submission that may be billed is in the ledger, whenever a run ends.</summary>
public sealed class BatchLedgerTests : LedgerTest
{
    private readonly ConcurrentQueue<PlannedRow> _outcomes = new();

    [Fact]
    public async Task An_intent_is_on_disk_before_its_request_arrives()
    {
        ConcurrentQueue<string> missing = new();
        RawServer server = Serve(request =>
        {
            string prompt = request.Text.Split("\"prompt\":\"")[1].Split('"')[0];
            LedgerBook book = new(keepsInputs: true);
            LedgerStore.At(LedgerPath).Read(book.ApplyLine);
            if (!book.Entries.Any(entry => entry.Intent!.Prompt == prompt))
            {
                missing.Enqueue(prompt);
            }

            return RawReply.Json($$"""{"id":"vid of {{prompt}}"}""");
        });
        await RunAsync(Connect(server.Address), 20, throttleLimit: 5);
        server.Requests.Count.ShouldBe(20);
        missing.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_id_is_on_disk_before_it_is_reported()
    {
        SandboxServer server = Start();
        ConcurrentQueue<string?> untold = new();
        BatchSubmitter submitter = new(Connect(server), 5, Log(server));
        await submitter.RunAsync(Rows(20), outcome =>
        {
            if (!Records.Read(LedgerPath).Entries.Any(entry => entry.Id == outcome.State!.Id && entry.Key == $"k-{outcome.Position}"))
            {
                untold.Enqueue(outcome.State!.Id);
            }
        }, CancellationToken.None);
        untold.ShouldBeEmpty();
        server.Jobs.Count.ShouldBe(20);
    }

    [Fact]
    public async Task All_submissions_are_in_the_ledger_and_the_run_leaves_no_other_files()
    {
        SandboxServer server = Start(new SandboxOptions { Balance = 1000 });
        await RunAsync(Connect(server), 100, throttleLimit: 16);
        LedgerBook book = Records.Read(LedgerPath);
        book.Entries.Select(entry => entry.Id)
            .Order(StringComparer.Ordinal)
            .ShouldBe(server.Jobs.Select(job => job.Id).Order(StringComparer.Ordinal));
        book.Entries.ShouldAllBe(entry => entry.Status == VideoStatus.Processing && entry.IsAnswered && entry.Origin == Origin(server));
        foreach (PlannedRow outcome in _outcomes)
        {
            book.Find(Origin(server), $"k-{outcome.Position}")!.Id.ShouldBe(outcome.State!.Id);
        }

        await Eventually.IsAsync(() => Home.Names.SequenceEqual(["run.jsonl"]));
        Lines.ShouldAllBe(line => !line.Contains(server.ApiKey, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_run_sends_missing_rows_and_returns_the_others()
    {
        SandboxServer server = Start();
        await RunAsync(Connect(server), 5);
        _outcomes.Clear();
        await RunAsync(Connect(server), 8);
        server.Jobs.Count.ShouldBe(8);
        _outcomes.Count.ShouldBe(8);
        _outcomes
            .Where(outcome => outcome.Action == RowAction.IsKnown)
            .Select(outcome => outcome.Position)
            .Order()
            .ShouldBe([0, 1, 2, 3, 4]);
        Video video = _outcomes.Single(outcome => outcome.Position == 2).ToVideo();
        (video.Id, video.Status).ShouldBe((server.Jobs.Single(job => job.Prompt == "Prompt 2").Id, VideoStatus.Processing));
    }

    [Fact]
    public async Task Two_concurrent_runs_submit_each_row_once()
    {
        SandboxServer server = Start();
        BatchSubmitter one = new(Connect(server), 4, Log(server));
        BatchSubmitter other = new(Connect(server), 4, Log(server, ledger: Stranger()));
        await Task.WhenAll(
            one.RunAsync(Rows(40), _outcomes.Enqueue, CancellationToken.None),
            other.RunAsync(Rows(40), _outcomes.Enqueue, CancellationToken.None));
        server
            .Jobs.Select(job => job.Prompt)
            .Order(StringComparer.Ordinal)
            .ShouldBe(Rows(40).Select(row => row.Request.Prompt).Order(StringComparer.Ordinal));
        _outcomes.Count(outcome => outcome.State is not null).ShouldBe(40);
        _outcomes
            .Where(outcome => outcome.State is null)
            .ShouldAllBe(outcome => outcome.Action == RowAction.IsKnown || outcome.Action == RowAction.IsElsewhere);
        _outcomes.Count.ShouldBe(80);
    }

    [Fact]
    public async Task An_abandoned_row_is_unknown_and_reports_its_time()
    {
        SandboxServer server = Start();
        LedgerRecord intent = Records.Intent("e", "k-1", origin: Origin(server));
        Write(intent);
        await RunAsync(Connect(server), 2);
        server.Jobs.Single().Prompt.ShouldBe("Prompt 0");
        ChuiziException failure = _outcomes.Single(outcome => outcome.Position == 1).Failure.ShouldNotBeNull();
        failure.Kind.ShouldBe(ChuiziErrorKind.SubmissionOutcomeUnknown);
        failure.Message.ShouldBe("Submitted at 2026-01-02 12:00:00 UTC, but the process ended before a response was recorded.");
    }

    [Fact]
    public async Task The_spending_limit_refuses_rows_in_order_without_ending_the_batch()
    {
        SandboxServer server = Start();
        await RunAsync(Connect(server), 5, throttleLimit: 4, terms: terms => terms with { MaxCost = 0.5m }, estimate: 0.2m);
        server.Jobs.Count.ShouldBe(2);
        _outcomes
            .Where(outcome => outcome.Failure?.Kind == ChuiziErrorKind.CostLimitReached)
            .Select(outcome => outcome.Position)
            .Order()
            .ShouldBe([2, 3, 4]);
        Records.Read(LedgerPath).Entries.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Canceling_sends_nothing_more_and_ids_in_flight_reach_the_ledger()
    {
        ManualClock serverClock = new();
        SandboxServer server = Start(new SandboxOptions { Clock = serverClock, Latency = TimeSpan.FromSeconds(10) });
        BatchSubmitter submitter = new(Connect(server), 4, Log(server));
        using CancellationTokenSource cancellation = new();
        Task run = submitter.RunAsync(Rows(20), _outcomes.Enqueue, cancellation.Token);
        await serverClock.WaitForTimersAsync(4);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(run.WaitAsync(Eventually.Patience));
        LedgerBook before = Records.Read(LedgerPath);
        before.Entries.Count.ShouldBe(4);
        before.Entries.ShouldAllBe(entry => !entry.IsAnswered && LedgerRun.IsAlive(LedgerStore.At(LedgerPath), entry.Run));
        Task end = LedgerRun.EndOf(before.Entries.First().Run);
        end.IsCompleted.ShouldBeFalse();

        serverClock.Advance(TimeSpan.FromSeconds(10));
        await end.WaitAsync(Eventually.Patience);
        LedgerBook after = Records.Read(LedgerPath);
        after
            .Entries.Select(entry => entry.Id)
            .Order(StringComparer.Ordinal)
            .ShouldBe(server.Jobs.Select(job => job.Id).Order(StringComparer.Ordinal));
        (server.Jobs.Count, server.Requests.Count).ShouldBe((4, 4));
        await Eventually.IsAsync(() => Home.Names.SequenceEqual(["run.jsonl"]), "the end of the run");
    }

    [Fact]
    public async Task A_request_canceled_between_attempts_is_recorded_as_not_sent()
    {
        ManualClock clock = new();
        SandboxServer server = Start();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 503, Times = int.MaxValue });
        BatchSubmitter submitter = new(Connect(server, clock), 1, Log(server));
        using CancellationTokenSource cancellation = new();
        Task run = submitter.RunAsync(Rows(3), _outcomes.Enqueue, cancellation.Token);
        await Eventually.IsAsync(() => server.Requests.Count == 1 && clock.NextDue - clock.GetUtcNow() < TimeSpan.FromSeconds(1));
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(run.WaitAsync(Eventually.Patience));
        await Eventually.IsAsync(() => Home.Names.SequenceEqual(["run.jsonl"]));
        LedgerEntry entry = Records.Read(LedgerPath).Entries.Single();
        (entry.Status, entry.IsAnswered, entry.Spent).ShouldBe((VideoStatus.Skipped, true, 0));
        server.Requests.Count.ShouldBe(1);
    }

    private static string Origin(SandboxServer server) => server.BaseAddress.GetLeftPart(UriPartial.Authority);

    private static PlannedRow[] Rows(int count, decimal? estimate = null) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(index => Submissions.Row(index + 1, Request($"Prompt {index}"), $"k-{index}", estimate, position: index)),
        ];

    private SubmissionClaims Log(SandboxServer server, VideoLedger? ledger = null) =>
        Submissions.Claims(ledger ?? Ledger, new SubmissionTerms { Origin = Origin(server), Deduplicates = true });

    private Task RunAsync(
        ChuiziClient client,
        int rows,
        int throttleLimit = 1,
        Func<SubmissionTerms, SubmissionTerms>? terms = null,
        decimal? estimate = null)
    {
        SubmissionTerms plain = new() { Origin = client.Connection.Origin, Deduplicates = true };
        return new BatchSubmitter(client, throttleLimit, Submissions.Claims(Ledger, terms?.Invoke(plain) ?? plain)).RunAsync(
            Rows(rows, estimate),
            _outcomes.Enqueue,
            CancellationToken.None);
    }
}
