using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Client.Waiting;
using Chuizi.Video.Sandbox;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Waiting;

public sealed class WaitFailureTests : WaitTest
{
    [Theory]
    [InlineData(FaultKind.Status, 500, ChuiziErrorKind.ServerError)]
    [InlineData(FaultKind.Status, 429, ChuiziErrorKind.RateLimited)]
    [InlineData(FaultKind.StatusWithoutEnvelope, 502, ChuiziErrorKind.ServerError)]
    [InlineData(FaultKind.StatusWithoutEnvelope, 401, ChuiziErrorKind.ServerError)]
    [InlineData(FaultKind.StatusWithoutEnvelope, 403, ChuiziErrorKind.ServerError)]
    [InlineData(FaultKind.StatusWithoutEnvelope, 404, ChuiziErrorKind.ServerError)]
    [InlineData(FaultKind.DropBeforeAcceptance, 0, ChuiziErrorKind.Unreachable)]
    [InlineData(FaultKind.MalformedJson, 0, ChuiziErrorKind.MalformedReply)]
    [InlineData(FaultKind.HtmlPage, 0, ChuiziErrorKind.MalformedReply)]
    [InlineData(FaultKind.RedirectLoop, 0, ChuiziErrorKind.UnexpectedRedirect)]
    public async Task A_failed_poll_is_not_a_failed_job(FaultKind kind, int status, ChuiziErrorKind expected)
    {
        SandboxServer server = StartAt(TimeSpan.Zero);
        ChuiziClient client = ConnectAt(server);
        Video[] videos = await SubmitAsync(client, 1);
        server.Faults.Add(new SandboxFault { Kind = kind, Route = SandboxRoute.Poll, Status = status, Times = 10 });
        List<(Video Video, ChuiziErrorKind Kind)> failed = [];
        VideoWaiter waiter = new(client, new WaitOptions()) { PollFailed = (video, exception) => failed.Add((video, exception.Kind)) };
        List<(WaitOutcome Outcome, TimeSpan At)> ended = await WaitAsync(waiter, videos);
        ended.Single().Outcome.State!.Status.ShouldBe(VideoStatus.Succeeded);
        failed.ShouldBe(Enumerable.Repeat((videos[0], expected), 10));
    }

    [Fact]
    public async Task Polls_that_keep_failing_end_in_WaitTimeout()
    {
        SandboxServer server = StartAt(TimeSpan.Zero);
        ChuiziClient client = ConnectAt(server);
        Video[] videos = await SubmitAsync(client, 1);
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Times = int.MaxValue });
        VideoWaiter waiter = new(client, new WaitOptions { Timeout = TimeSpan.FromMinutes(2) });
        List<(WaitOutcome Outcome, TimeSpan At)> ended = await WaitAsync(waiter, videos);
        ended.Single().Outcome.Failure!.Kind.ShouldBe(ChuiziErrorKind.WaitTimeout);
        ended.Single().At.ShouldBe(TimeSpan.FromMinutes(2));
    }

    [Theory]
    [InlineData("""{"error":{"message":"Service temporarily unavailable","code":"503"}}""")]
    [InlineData("""{"id":"vid-1","error":{"message":"upstream timeout","type":"timeout"}}""")]
    [InlineData("""{"id":"vid-1"}""")]
    [InlineData("null")]
    [InlineData("")]
    public async Task A_poll_without_a_status_is_repeated(string body)
    {
        int polls = 0;
        RawServer server = Serve(_ => RawReply.Json(++polls <= 3 ? body : """{"status":"succeeded","url":"https://a/1.mp4"}"""));
        VideoWaiter waiter = new(ConnectAt(server.Address), new WaitOptions());
        List<(WaitOutcome Outcome, TimeSpan At)> ended = await WaitAsync(waiter, [new Video { Id = "vid-1" }], isNew: false);
        ended.Single().Outcome.State!.Status.ShouldBe(VideoStatus.Succeeded);
    }

    [Fact]
    public async Task A_finished_job_whose_URL_comes_later_is_polled_for_some_seconds()
    {
        int polls = 0;
        RawServer server = Serve(_ => RawReply.Json(
            ++polls <= 2 ? """{"status":"succeeded","url":null}""" : """{"status":"succeeded","url":"https://a/1.mp4"}"""));
        List<(WaitOutcome Outcome, TimeSpan At)> ended = await WaitAsync(
            new VideoWaiter(ConnectAt(server.Address), new WaitOptions()), [new Video { Id = "vid-1" }], isNew: false);
        ended.Single().Outcome.State!.Url.ShouldBe(new Uri("https://a/1.mp4"));
        ended.Single().At.TotalSeconds.ShouldBe(4, 0.5);
    }

    [Fact]
    public async Task A_finished_job_without_a_URL_is_returned_after_some_seconds()
    {
        RawServer server = Serve(_ => RawReply.Json("""{"status":"succeeded"}"""));
        List<(WaitOutcome Outcome, TimeSpan At)> ended = await WaitAsync(
            new VideoWaiter(ConnectAt(server.Address), new WaitOptions()), [new Video { Id = "vid-1" }], isNew: false);
        ended.Single().Outcome.State!.Status.ShouldBe(VideoStatus.Succeeded);
        ended.Single().At.TotalSeconds.ShouldBe(10, 1);
    }

    [Fact]
    public async Task An_id_from_another_place_that_the_API_does_not_know_is_an_unknown_outcome()
    {
        RawServer server = Serve(_ => RawReply.Json("""{"error":{"message":"Not found","code":"generation_not_found"}}""", 404));
        Video video = new() { Id = "task-1", RequestId = "req-1" };
        VideoIdSource.AttachTo(video, "data.task_id");
        List<(WaitOutcome Outcome, TimeSpan At)> ended =
            await WaitAsync(new VideoWaiter(ConnectAt(server.Address), new WaitOptions()), [video], isNew: false);
        WaitOutcome outcome = ended.Single().Outcome;
        outcome.State!.Status.ShouldBe(VideoStatus.Unknown);
        outcome.Failure!.Kind.ShouldBe(ChuiziErrorKind.SubmissionOutcomeUnknown);
        outcome.Failure.Message.ShouldContain("data.task_id");
        outcome.Failure.RequestId.ShouldBe("req-1");
    }

    [Fact]
    public async Task An_unknown_id_throws_VideoNotFound_at_once()
    {
        SandboxServer server = StartAt(TimeSpan.Zero);
        VideoWaiter waiter = new(ConnectAt(server), new WaitOptions());
        List<(WaitOutcome Outcome, TimeSpan At)> ended = await WaitAsync(waiter, [new Video { Id = "vid-none" }], isNew: false);
        ended.Single().Outcome.Failure!.ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(ChuiziErrorKind.VideoNotFound), failure => failure.VideoId.ShouldBe("vid-none"));
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_new_job_may_be_not_found_at_first()
    {
        SandboxServer server = StartAt(TimeSpan.Zero);
        ChuiziClient client = ConnectAt(server);
        Video[] videos = await SubmitAsync(client, 1);
        server.Faults.Add(new SandboxFault { Kind = FaultKind.NotFound, Times = 4 });
        List<(WaitOutcome Outcome, TimeSpan At)> ended = await WaitAsync(new VideoWaiter(client, new WaitOptions()), videos);
        ended.Single().Outcome.State!.Status.ShouldBe(VideoStatus.Succeeded);
        PollTimes(server, videos[0]).ShouldBe([1, 4.92, 16.68, 26.48, 36.28]);
    }

    [Fact]
    public async Task A_new_job_that_stays_not_found_is_given_up_after_a_while()
    {
        SandboxServer server = StartAt(TimeSpan.Zero);
        ChuiziClient client = ConnectAt(server);
        Video[] videos = await SubmitAsync(client, 1);
        server.Faults.Add(new SandboxFault { Kind = FaultKind.NotFound, Times = int.MaxValue });
        List<(WaitOutcome Outcome, TimeSpan At)> ended = await WaitAsync(new VideoWaiter(client, new WaitOptions()), videos);
        ended.Single().Outcome.Failure!.Kind.ShouldBe(ChuiziErrorKind.VideoNotFound);
        ended.Single().At.ShouldBe(TimeSpan.FromSeconds(36.28));
    }

    [Fact]
    public async Task A_final_error_of_one_video_does_not_affect_the_others()
    {
        SandboxServer server = StartAt(TimeSpan.FromSeconds(10));
        ChuiziClient client = ConnectAt(server);
        Video[] videos = await SubmitAsync(client, 3);
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 400, Match = request => request.VideoId == videos[1].Id });
        List<(WaitOutcome Outcome, TimeSpan At)> ended = await WaitAsync(new VideoWaiter(client, new WaitOptions()), videos);
        ended[0].Outcome.Video.ShouldBeSameAs(videos[1]);
        ended[0].Outcome.Failure!.Kind.ShouldBe(ChuiziErrorKind.RequestRejected);
        ended.Count(end => end.Outcome.State?.Status == VideoStatus.Succeeded).ShouldBe(2);
    }

    [Theory]
    [InlineData(401, null, ChuiziErrorKind.InvalidApiKey)]
    [InlineData(402, null, ChuiziErrorKind.InsufficientBalance)]
    [InlineData(403, "ip_not_allowed", ChuiziErrorKind.AccessDenied)]
    public async Task An_error_that_every_poll_would_get_ends_the_wait(int status, string? code, ChuiziErrorKind kind)
    {
        // Three other polls hang; the waiter must not wait for them.
        ManualClock serverClock = new();
        SandboxServer server = Start(new SandboxOptions { Clock = serverClock, GenerationTime = TimeSpan.FromDays(1) });
        ChuiziClient client = ConnectAt(server);
        Video[] videos = await SubmitAsync(client, 5);
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Slow, Delay = TimeSpan.FromHours(1), Times = 3 });
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = status, Code = code, Times = int.MaxValue });
        VideoWaiter waiter = new(client, new WaitOptions { ThrottleLimit = 4 });
        Array.ForEach(videos, video => waiter.Add(video, isNew: false));
        await waiter.RunAsync(CancellationToken.None);
        List<Video> givenBack = [];
        ChuiziException end = await Should.ThrowAsync<ChuiziException>(async () =>
        {
            await foreach (WaitOutcome outcome in waiter.Outcomes.ReadAllAsync())
            {
                givenBack.Add(outcome.Video);
            }
        });
        end.Kind.ShouldBe(kind);
        givenBack.ShouldBe(videos, ignoreOrder: true, "no billed job is lost");
        waiter.Progress.Polling.ShouldBe(0);
        server.Requests.Count(request => request.Status == status).ShouldBe(1);
    }

    [Fact]
    public async Task Canceling_ends_the_polls_in_flight_and_waits_for_them()
    {
        ManualClock serverClock = new();
        SandboxServer server = Start(new SandboxOptions { Clock = serverClock, GenerationTime = TimeSpan.FromDays(1) });
        ChuiziClient client = ConnectAt(server);
        Video[] videos = await SubmitAsync(client, 6);
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Slow, Delay = TimeSpan.FromHours(1), Times = int.MaxValue });
        VideoWaiter waiter = new(client, new WaitOptions { ThrottleLimit = 4 });
        Array.ForEach(videos, video => waiter.Add(video, isNew: false));
        using CancellationTokenSource cancellation = new();
        Task run = waiter.RunAsync(cancellation.Token);
        await serverClock.WaitForTimersAsync(4);

        await cancellation.CancelAsync();
        await run;
        waiter.Progress.ShouldSatisfyAllConditions(progress => progress.Polling.ShouldBe(0), progress => progress.Done.ShouldBe(0));
        await Should.ThrowAsync<OperationCanceledException>(async () => await waiter.Outcomes.Completion);
        server.Requests.Count.ShouldBe(10);
        Clock.PendingTimers.ShouldBe(0);
    }

    [Fact]
    public async Task Canceling_does_not_return_while_a_poll_is_still_running()
    {
        SandboxServer server = StartAt(TimeSpan.Zero);
        ChuiziClient client = ConnectAt(server);
        Video[] videos = await SubmitAsync(client, 1);
        server.Faults.Add(new SandboxFault { Kind = FaultKind.UnknownStatusWord });
        TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using ManualResetEventSlim leave = new();
        VideoWaiter waiter = new(client, new WaitOptions())
        {
            UnfamiliarStatus = _ =>
            {
                entered.SetResult();
                leave.Wait();
            },
        };
        waiter.Add(videos[0], isNew: false);
        using CancellationTokenSource cancellation = new();
        Task run = waiter.RunAsync(cancellation.Token);
        await entered.Task;
        await cancellation.CancelAsync();
        for (int turn = 0; turn < 100; turn++)
        {
            await Task.Yield();
        }

        run.IsCompleted.ShouldBeFalse();
        leave.Set();
        await run;
        await Should.ThrowAsync<OperationCanceledException>(async () => await waiter.Outcomes.Completion);
        waiter.Progress.Polling.ShouldBe(0);
    }

    [Fact]
    public async Task A_callback_that_throws_ends_the_wait_instead_of_hanging_it()
    {
        SandboxServer server = StartAt(TimeSpan.Zero);
        ChuiziClient client = ConnectAt(server);
        Video[] videos = await SubmitAsync(client, 1);
        server.Faults.Add(new SandboxFault { Kind = FaultKind.UnknownStatusWord });
        VideoWaiter waiter = new(client, new WaitOptions()) { UnfamiliarStatus = _ => throw new InvalidOperationException("a defect") };
        waiter.Add(videos[0], isNew: false);
        await waiter.RunAsync(CancellationToken.None);
        (await Should.ThrowAsync<InvalidOperationException>(waiter.Outcomes.Completion)).Message.ShouldBe("a defect");
    }
}
