using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Client.Waiting;
using Chuizi.Video.Sandbox;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Campaigns;

/// <summary>
/// Two hundred rows under a limit of 60 requests per minute: submitted and waited for as fast as that allows, without a 429.
/// </summary>
[Trait("Speed", "Medium")]
public sealed class RequestBudgetUseTests : ClientTest
{
    private const int Count = 200;
    private const int Limit = 60;

    private readonly ManualClock _clock = new();
    private readonly HashSet<string> _finished = [];
    private DateTimeOffset _lastSubmitted;

    public enum LearnedFrom
    {
        KeyInfo,
        Headers,
        TheUser,
    }

    [Theory]
    [InlineData(LearnedFrom.KeyInfo)]
    [InlineData(LearnedFrom.Headers)]
    [InlineData(LearnedFrom.TheUser)]
    public async Task The_request_limit_is_used_up_and_never_exceeded(LearnedFrom source)
    {
        SandboxServer server = Start(
            new SandboxOptions
            {
                Clock = _clock,
                RequestsPerMinute = Limit,
                GenerationTime = TimeSpan.FromSeconds(30),
                GenerationTimeMaximum = TimeSpan.FromSeconds(180),
                Balance = 10_000,
            });
        if (source == LearnedFrom.Headers)
        {
            server.Faults.Add(new SandboxFault { Kind = FaultKind.NotFound, Route = SandboxRoute.KeyInfo, Times = int.MaxValue });
        }

        ChuiziClient client = Connect(server.BaseAddress, server.ApiKey);
        client.LimitRequestsPerMinute(source == LearnedFrom.TheUser ? Limit : null);
        DateTimeOffset start = _clock.GetUtcNow();

        await RunAsync(client, Count);

        double whole = (_clock.GetUtcNow() - start).TotalMinutes;
        _finished.ShouldBe(server.Jobs.Select(job => job.Id), ignoreOrder: true);
        server.Jobs.Count.ShouldBe(Count);
        server.Requests.Count(request => request.Status == 429).ShouldBe(0);
        double minutes = (_lastSubmitted - start).TotalMinutes;
        // A last window that began within the final seconds does not count. The server verifies that no window is exceeded.
        double windows = Math.Floor(minutes - 0.1) + 1;
        int used = server.Requests.Count(request =>
            request.Route is SandboxRoute.Submit or SandboxRoute.Poll
            && request.Time <= _lastSubmitted.UtcDateTime
            && request.Time < start.AddMinutes(windows).UtcDateTime);
        double share = used / (Limit * windows);
        share.ShouldBeInRange(0.85, 1.1, $"{used} requests in {minutes:0.0} minutes");
        // Four fifths of the window go to submissions while any remain.
        minutes.ShouldBeLessThan((Count / (Limit * 0.8)) + 0.2);
        // About two requests per video, so twice as many minutes as submissions alone would take. docs/guides/scale-out.md relies on this.
        double polls = server.Requests.Count(request => request.Route == SandboxRoute.Poll) / (double)Count;
        polls.ShouldBeInRange(1, 1.25);
        whole.ShouldBeInRange(2.0 * Count / Limit - 1, (2.0 * Count / Limit) + 1);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(30)]
    [InlineData(50)]
    public async Task The_last_polls_of_a_list_use_all_room_in_the_window(int generation)
    {
        const int Rows = 80;
        SandboxServer server = Start(
            new SandboxOptions
            {
                Clock = _clock,
                RequestsPerMinute = Limit,
                GenerationTime = TimeSpan.FromSeconds(generation),
                Balance = 10_000,
            });
        DateTimeOffset start = _clock.GetUtcNow();

        await RunAsync(Connect(server.BaseAddress, server.ApiKey), Rows);

        _finished.Count.ShouldBe(Rows);
        server.Requests.Count(request => request.Status == 429).ShouldBe(0);
        // Two requests a video and 60 a minute: 60 at the start, 60 after a minute and 40 after two.
        double seconds = (_clock.GetUtcNow() - start).TotalSeconds;
        seconds.ShouldBeLessThan(1.05 * 120);
    }

    [Fact]
    public async Task A_limit_that_is_only_known_from_a_429_is_respected_from_then_on()
    {
        // Responses without rate-limit hints, from a window of ten per minute.
        Queue<DateTimeOffset> window = [];
        DateTimeOffset start = _clock.GetUtcNow();
        List<string> seen = [];
        int refused = 0;
        int jobs = 0;
        RawServer server = Serve(request =>
        {
            lock (window)
            {
                if (request.Target.EndsWith("/key/info", StringComparison.Ordinal))
                {
                    return RawReply.Json("{}", 404);
                }

                DateTimeOffset now = _clock.GetUtcNow();
                while (window.TryPeek(out DateTimeOffset oldest) && now - oldest >= TimeSpan.FromSeconds(60))
                {
                    window.Dequeue();
                }

                if (window.Count >= 10)
                {
                    refused++;
                    seen.Add($"refused at {(now - start).TotalSeconds}");
                    return RawReply.Json("""{"error":{"message":"slow down","code":"rate_limit_exceeded"}}""", 429);
                }

                window.Enqueue(now);
                seen.Add($"taken at {(now - start).TotalSeconds}");
                return RawReply.Json($$"""{"id":"vid-{{++jobs}}","status":"processing"}""");
            }
        });
        ChuiziClient client = Connect(server.Address, SandboxServer.DefaultApiKey);
        PlannedRow[] rows = Submissions.Rows(Enumerable.Range(0, 30).Select(index => Request($"Prompt {index}")));
        List<PlannedRow> outcomes = [];
        Task run = Submissions
            .Submitter(client, 16)
            .RunAsync(
                rows,
                outcome =>
                {
                    lock (outcomes)
                    {
                        outcomes.Add(outcome);
                    }
                },
                CancellationToken.None);

        await MoveAsync(client, run, () => false);

        outcomes.ShouldAllBe(outcome => outcome.State != null);
        jobs.ShouldBe(30);
        // All requests in flight at the first 429, and one more attempt a minute afterwards.
        refused.ShouldBeLessThanOrEqualTo(16 + 3, string.Join(", ", seen));
    }

    // A real request timeout would expire when the clock jumps.
    private ChuiziClient Connect(Uri address, string key) => new(ApiConnection.Create(key, address.OriginalString), new ChuiziClientOptions
    {
        Clock = _clock, Random = () => 0.5, GetTimeout = Forever, PostTimeout = Forever,
    });

    private async Task RunAsync(ChuiziClient client, int count)
    {
        VideoWaiter waiter = new(client, new WaitOptions { Timeout = TimeSpan.FromHours(3), ThrottleLimit = 16 });
        Task waiting = waiter.RunAsync(CancellationToken.None);
        PlannedRow[] rows = Submissions.Rows(Enumerable.Range(0, count).Select(index => Request($"Prompt {index}")));
        Task submitting = SubmitAsync();
        await MoveAsync(client, Task.WhenAll(submitting, waiting), () => waiter.Progress.Polling > 0);
        while (waiter.Outcomes.TryRead(out WaitOutcome? outcome))
        {
            outcome.State!.Status.ShouldBe(VideoStatus.Succeeded);
            _finished.Add(outcome.State.Id).ShouldBeTrue();
        }

        async Task SubmitAsync()
        {
            await Submissions.Submitter(client, 16).RunAsync(rows, Ended, CancellationToken.None);
            waiter.Complete();
        }

        void Ended(PlannedRow outcome)
        {
            outcome.State.ShouldNotBeNull(outcome.Failure?.Message);
            _lastSubmitted = _clock.GetUtcNow();
            waiter.Add(outcome.ToVideo(), isNew: true);
        }
    }

    /// <summary>Moves the clock from timer to timer whenever nothing else has run for a few checks.</summary>
    private async Task MoveAsync(ChuiziClient client, Task run, Func<bool> isBusy)
    {
        using CancellationTokenSource patience = new(Eventually.Patience);
        int quiet = 0;
        while (!run.IsCompleted)
        {
            quiet = client.Budget.UnderWay == 0 && !isBusy() && ThreadPool.PendingWorkItemCount == 0 ? quiet + 1 : 0;
            if (quiet > 3 && _clock.NextDue is { } due && due - _clock.GetUtcNow() < TimeSpan.FromHours(1))
            {
                quiet = 0;
                _clock.Advance(due - _clock.GetUtcNow() is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
            }

            await Task.Delay(quiet > 0 ? 1 : 0, patience.Token);
        }

        await run;
    }
}
