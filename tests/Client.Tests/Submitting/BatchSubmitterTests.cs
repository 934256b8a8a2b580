using System.Collections.Concurrent;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Sandbox;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Submitting;

public sealed class BatchSubmitterTests : ClientTest
{
    private readonly ConcurrentBag<PlannedRow> _outcomes = [];

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    public async Task All_rows_are_submitted_once_and_reported_at_their_position(int throttleLimit)
    {
        SandboxServer server = Start(new SandboxOptions { Balance = 1000 });
        BatchSubmitter submitter = Submissions.Submitter(Connect(server), throttleLimit);
        await submitter.RunAsync(Requests(100), _outcomes.Add, CancellationToken.None);

        submitter.End.ShouldBeNull();
        submitter.NotSent.ShouldBeEmpty();
        submitter.Ended.ShouldBe(100);
        _outcomes.Select(outcome => outcome.Position).Order().ShouldBe(Enumerable.Range(0, 100));
        foreach (PlannedRow outcome in _outcomes)
        {
            server.Jobs.Single(job => job.Id == outcome.State!.Id).Prompt.ShouldBe($"Prompt {outcome.Position}");
        }

        server.Jobs.Count.ShouldBe(100);
        server.PeakActiveRequests.ShouldBeLessThanOrEqualTo(throttleLimit);
    }

    [Fact]
    public async Task Rows_do_not_take_all_tickets_while_a_row_before_them_publishes_its_file()
    {
        SandboxServer server = Start();
        ChuiziClient client = Connect(server);
        client.LimitRequestsPerMinute(2);
        string image = Folder().Write("a.png", Images.Png(640, 480));
        VideoRequest[] requests = [Request("Prompt 0") with { Image = Image(image) }, .. Enumerable.Range(1, 4).Select(at => Request($"Prompt {at}"))];
        PlannedRow[] rows = [.. requests.Select((request, at) => Submissions.Row(at + 1, request, estimate: 0.1m, position: at))];
        SubmissionTerms terms = new() { Origin = client.Connection.Origin, MaxCost = 100 };
        BatchSubmitter submitter = new(client, 4, Submissions.Claims(VideoLedger.InMemory(), terms))
        {
            Publisher = new PublishedFiles(_ => Task.FromResult<string?>("https://a/1.png")),
        };
        await submitter.RunAsync(rows, _outcomes.Add, CancellationToken.None).WaitAsync(Eventually.Patience);

        submitter.End.ShouldBeNull();
        server.Jobs.Select(job => job.Prompt).ShouldBe(rows.Select(row => $"Prompt {row.Position}"), ignoreOrder: true);
    }

    [Theory]
    [InlineData(401, null, ChuiziErrorKind.InvalidApiKey)]
    [InlineData(402, null, ChuiziErrorKind.InsufficientBalance)]
    [InlineData(403, "ip_not_allowed", ChuiziErrorKind.AccessDenied)]
    [InlineData(403, "daily_limit_exceeded", ChuiziErrorKind.DailyLimitExceeded)]
    [InlineData(429, null, ChuiziErrorKind.RateLimited)]
    public async Task An_error_that_every_request_would_get_ends_the_batch(int status, string? code, ChuiziErrorKind kind)
    {
        SandboxServer server = Start();
        server.Faults.Add(new SandboxFault
        {
            Kind = FaultKind.Status, Status = status, Code = code, Route = SandboxRoute.Submit, Skip = 3, Times = int.MaxValue,
        });
        BatchSubmitter submitter = Submissions.Submitter(Connect(server, rateLimitRetries: 2), 1);
        await submitter.RunAsync(Requests(10), _outcomes.Add, CancellationToken.None);

        submitter.End!.Kind.ShouldBe(kind);
        submitter.NotSent.Select(row => row.Position).ShouldBe([3, 4, 5, 6, 7, 8, 9]);
        submitter.Ended.ShouldBe(3);
        _outcomes.Select(outcome => outcome.Position).Order().ShouldBe([0, 1, 2]);
        server.Requests.Count(request => request.Route == SandboxRoute.Submit).ShouldBe(status == 429 ? 6 : 4);
    }

    [Fact]
    public async Task A_batch_that_ends_early_accounts_for_every_row()
    {
        SandboxServer server = Start();
        server.Faults.Add(
            new SandboxFault
            {
                Kind = FaultKind.Status,
                Status = 402,
                Route = SandboxRoute.Submit,
                Skip = 20,
                Times = int.MaxValue,
            });
        BatchSubmitter submitter = Submissions.Submitter(Connect(server), 8);
        await submitter.RunAsync(Requests(100), _outcomes.Add, CancellationToken.None);
        _outcomes.Count.ShouldBe(20);
        server.Jobs.Count.ShouldBe(20);
        _outcomes
            .Select(outcome => outcome.Position)
            .Concat(submitter.NotSent.Select(row => row.Position))
            .Order()
            .ShouldBe(Enumerable.Range(0, 100));
        // At most the requests in flight at the first rejection.
        server.Requests.Count(request => request.Route == SandboxRoute.Submit).ShouldBeLessThanOrEqualTo(28);
    }

    [Fact]
    public async Task An_unreachable_API_ends_the_batch_and_nothing_counts_as_sent()
    {
        SandboxServer server = Start();
        await server.DisposeAsync();
        BatchSubmitter submitter = Submissions.Submitter(Connect(server, retries: 1), 1);
        await submitter.RunAsync(Requests(5), _outcomes.Add, CancellationToken.None);
        submitter.End!.Kind.ShouldBe(ChuiziErrorKind.Unreachable);
        submitter.NotSent.Select(row => row.Position).ShouldBe([0, 1, 2, 3, 4]);
        _outcomes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(FaultKind.Status, 400, null, ChuiziErrorKind.RequestRejected)]
    [InlineData(FaultKind.Status, 404, "model_not_found", ChuiziErrorKind.ModelNotFound)]
    [InlineData(FaultKind.Status, 500, null, ChuiziErrorKind.SubmissionOutcomeUnknown)]
    [InlineData(FaultKind.DropAfterAcceptance, 0, null, ChuiziErrorKind.SubmissionOutcomeUnknown)]
    [InlineData(FaultKind.Status, 503, null, ChuiziErrorKind.ServerError)]
    public async Task An_error_of_one_request_does_not_affect_the_others(FaultKind kind, int status, string? code, ChuiziErrorKind expected)
    {
        SandboxServer server = Start();
        server.Faults.Add(new SandboxFault
        {
            Kind = kind, Status = status, Code = code, Times = int.MaxValue,
            Match = request => request.Body!.Contains("Prompt 3", StringComparison.Ordinal),
        });
        BatchSubmitter submitter = Submissions.Submitter(Connect(server, retries: 1), 2);
        await submitter.RunAsync(Requests(10), _outcomes.Add, CancellationToken.None);
        submitter.End.ShouldBeNull();
        submitter.NotSent.ShouldBeEmpty();
        submitter.Ended.ShouldBe(10);
        _outcomes.Single(outcome => outcome.Failure is not null).ShouldSatisfyAllConditions(
            outcome => outcome.Position.ShouldBe(3),
            outcome => outcome.State.ShouldBeNull(),
            outcome => outcome.Failure!.Kind.ShouldBe(expected));
    }

    [Fact]
    public async Task A_model_that_is_not_allowed_fails_all_its_rows()
    {
        SandboxServer server = Start(new SandboxOptions { AllowedModels = ["google/veo-3.1-lite"] });
        VideoRequest refused = new() { Model = "google/veo-3.1", Prompt = "p" };
        PlannedRow[] rows = Submissions.Rows(Enumerable.Range(0, 10).Select(index => index % 2 == 0 ? Request() : refused));
        BatchSubmitter submitter = Submissions.Submitter(Connect(server), 1);
        await submitter.RunAsync(rows, _outcomes.Add, CancellationToken.None);
        submitter.End.ShouldBeNull();
        submitter.NotSent.ShouldBeEmpty();
        _outcomes.Where(outcome => outcome.State is not null).Select(outcome => outcome.Position).Order().ShouldBe([0, 2, 4, 6, 8]);
        _outcomes
            .Where(outcome => outcome.Failure?.Kind == ChuiziErrorKind.ModelNotAllowed)
            .Select(outcome => outcome.Position)
            .Order()
            .ShouldBe([1, 3, 5, 7, 9]);
        server.Requests.Count.ShouldBe(6, "the model is requested once");
        _outcomes.First(outcome => outcome.Failure is not null).ToVideo().Status.ShouldBe(VideoStatus.Skipped);
    }

    [Fact]
    public async Task A_deadline_while_the_limit_of_the_key_is_requested_ends_the_batch()
    {
        ManualClock clock = new();
        SandboxServer server = Start(new SandboxOptions { Clock = new ManualClock() });
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Slow, Delay = TimeSpan.FromHours(1), Route = SandboxRoute.KeyInfo });
        ChuiziClient client = new(
            ApiConnection.Create(SandboxServer.DefaultApiKey, server.BaseAddress.ToString()),
            new ChuiziClientOptions { Clock = clock });
        BatchSubmitter submitter = Submissions.Submitter(client, 3, TimeSpan.FromSeconds(10));
        Task run = submitter.RunAsync(Requests(40), _outcomes.Add, CancellationToken.None);
        await Eventually.IsAsync(() => server.ActiveRequests == 1);

        clock.Advance(TimeSpan.FromSeconds(10));
        await run.WaitAsync(Eventually.Patience);

        submitter.End!.Kind.ShouldBe(ChuiziErrorKind.DeadlineReached);
        submitter.NotSent.Count.ShouldBe(40);
        server.Jobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task At_the_deadline_nothing_more_is_sent_and_requests_in_flight_complete()
    {
        ManualClock clock = new();
        ManualClock serverClock = new();
        SandboxServer server = Start(new SandboxOptions { Clock = serverClock, Latency = TimeSpan.FromSeconds(10) });
        ChuiziClient client = new(
            ApiConnection.Create(SandboxServer.DefaultApiKey, server.BaseAddress.ToString()),
            new ChuiziClientOptions { Clock = clock });
        BatchSubmitter submitter = Submissions.Submitter(client, 3, TimeSpan.FromMinutes(1));
        Task run = submitter.RunAsync(Requests(8), _outcomes.Add, CancellationToken.None);
        await serverClock.WaitForTimersAsync(3);

        clock.Advance(TimeSpan.FromMinutes(1));
        serverClock.Advance(TimeSpan.FromSeconds(10));
        await run;

        submitter.End!.Kind.ShouldBe(ChuiziErrorKind.DeadlineReached);
        _outcomes.Select(outcome => outcome.Position).Order().ShouldBe([0, 1, 2]);
        _outcomes.ShouldAllBe(outcome => outcome.State != null);
        submitter.NotSent.Select(row => row.Position).ShouldBe([3, 4, 5, 6, 7]);
        server.Jobs.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_deadline_in_the_past_sends_nothing()
    {
        SandboxServer server = Start();
        BatchSubmitter submitter = Submissions.Submitter(Connect(server), 4, TimeSpan.Zero);
        await submitter.RunAsync(Requests(40), _outcomes.Add, CancellationToken.None);
        submitter.NotSent.Count.ShouldBe(40);
        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_long_list_checks_the_key_first_and_a_rejected_key_sends_nothing()
    {
        SandboxServer server = Start();
        BatchSubmitter submitter = Submissions.Submitter(Connect(server.BaseAddress, "ck-00000000000000000000000000000000"), 4);
        await submitter.RunAsync(Requests(31), _outcomes.Add, CancellationToken.None);
        submitter.End!.Kind.ShouldBe(ChuiziErrorKind.InvalidApiKey);
        submitter.NotSent.Count.ShouldBe(31);
        server.Requests.Single().Route.ShouldBe(SandboxRoute.KeyInfo);
    }

    [Fact]
    public async Task A_deleted_image_fails_only_its_request()
    {
        using TempFolder folder = new();
        string path = folder.Write("a.png", Images.Png(640, 480));
        MediaSource image = MediaSource.Read("Image", path, Path.GetFullPath);
        VideoRequest withImage = new() { Model = "bailian/wan2.6-i2v", Prompt = "p", Image = image };
        PlannedRow[] requests = [.. Requests(3), Submissions.Row(null, withImage, position: 3)];
        File.Delete(path);
        SandboxServer server = Start();
        await Submissions.Submitter(Connect(server), 4).RunAsync(requests, _outcomes.Add, CancellationToken.None);
        PlannedRow failed = _outcomes.Single(outcome => outcome.Failure is not null);
        failed.Position.ShouldBe(3);
        failed.Failure!.Kind.ShouldBe(ChuiziErrorKind.RequestRejected);
        failed.Failure.Message.ShouldContain("a.png");
        server.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Canceling_returns_at_once_and_requests_in_flight_complete()
    {
        ManualClock serverClock = new();
        SandboxServer server = Start(new SandboxOptions { Clock = serverClock, Latency = TimeSpan.FromSeconds(10) });
        List<RequestTrace> traces = [];
        BatchSubmitter submitter = Submissions.Submitter(Connect(server, trace: trace =>
        {
            lock (traces)
            {
                traces.Add(trace);
            }
        }), 4);
        using CancellationTokenSource cancellation = new();
        Task run = submitter.RunAsync(Requests(20), _outcomes.Add, cancellation.Token);
        await serverClock.WaitForTimersAsync(4);

        await cancellation.CancelAsync();
        // Longer than the cancellation needs; only a hang reaches it.
        await Should.ThrowAsync<OperationCanceledException>(run.WaitAsync(Eventually.Patience));
        _outcomes.ShouldBeEmpty();

        // The responses arrive after the cancellation.
        serverClock.Advance(TimeSpan.FromSeconds(10));
        await Eventually.IsAsync(() =>
        {
            lock (traces)
            {
                return traces.Count == 4;
            }
        });
        traces.ShouldAllBe(trace => trace.Status == 200);
        server.Jobs.Count.ShouldBe(4);
        server.Requests.Count.ShouldBe(4);
    }

    [Fact]
    public async Task An_empty_batch_completes()
    {
        BatchSubmitter submitter = Submissions.Submitter(Connect(Start()), 4);
        await submitter.RunAsync([], _outcomes.Add, CancellationToken.None);
        submitter.Ended.ShouldBe(0);
    }

    private static PlannedRow[] Requests(int count) =>
        Submissions.Rows(Enumerable.Range(0, count).Select(index => Request($"Prompt {index}")));
}
