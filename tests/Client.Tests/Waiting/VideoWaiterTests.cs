using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Client.Waiting;
using Chuizi.Video.Sandbox;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Waiting;

public sealed class VideoWaiterTests : WaitTest
{
    [Trait("Speed", "Medium")]
    [Fact]
    public async Task Videos_are_returned_in_the_order_they_finish()
    {
        SandboxServer server = StartAt(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(100));
        ChuiziClient client = ConnectAt(server);
        Video[] videos = await SubmitAsync(client, 60);
        // As many polls as jobs, so that no job waits for a free poll when the clock jumps.
        VideoWaiter waiter = new(client, new WaitOptions { PollInterval = TimeSpan.FromSeconds(1), ThrottleLimit = 60 });
        List<(WaitOutcome Outcome, TimeSpan At)> ended = await WaitAsync(waiter, videos);

        ended.Select(end => end.Outcome.Video).ShouldBe(videos, ignoreOrder: true);
        foreach ((WaitOutcome outcome, TimeSpan at) in ended)
        {
            SandboxJob job = server.Jobs.Single(job => job.Id == outcome.Video.Id);
            // Each video is returned by the first poll after its end, so they come in the order of their ends.
            at.TotalSeconds.ShouldBe(Math.Ceiling((job.Ends - job.Created).TotalSeconds));
            outcome.Failure.ShouldBeNull();
            outcome.State!.Status.ShouldBe(VideoStatus.Succeeded);
            outcome.State.Url.ShouldNotBeNull();
        }

        ended.Select(end => end.At).ShouldBeInOrder();
        waiter.Progress.ShouldBe(new WaitProgress(60, 60, 0, 0, TimeSpan.Zero) { Cost = waiter.Progress.Cost });
        waiter.Progress.Cost.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Polls_follow_the_schedule_and_end_with_the_job()
    {
        SandboxServer server = StartAt(TimeSpan.FromSeconds(40));
        ChuiziClient client = ConnectAt(server);
        Video[] videos = await SubmitAsync(client, 1);
        await WaitAsync(new VideoWaiter(client, new WaitOptions()), videos);
        PollTimes(server, videos[0]).ShouldBe([1, 4.92, 16.68, 26.48, 36.28, 46.08]);

        int requests = server.Requests.Count;
        Clock.PendingTimers.ShouldBe(0);
        Clock.Advance(TimeSpan.FromHours(1));
        server.Requests.Count.ShouldBe(requests);
    }

    [Fact]
    public async Task A_fixed_interval_replaces_the_schedule()
    {
        SandboxServer server = StartAt(TimeSpan.FromSeconds(40));
        ChuiziClient client = ConnectAt(server);
        Video[] videos = await SubmitAsync(client, 1);
        await WaitAsync(new VideoWaiter(client, new WaitOptions { PollInterval = TimeSpan.FromSeconds(15) }), videos);
        PollTimes(server, videos[0]).ShouldBe([1, 16, 31, 46]);
    }

    [Fact]
    public async Task An_id_of_unknown_age_is_polled_at_once_and_then_at_the_usual_interval()
    {
        SandboxServer server = StartAt(TimeSpan.FromSeconds(25));
        ChuiziClient client = ConnectAt(server);
        Video[] bare = await SubmitAsync(client, 1);
        await WaitAsync(new VideoWaiter(client, new WaitOptions()), bare, isNew: false);
        PollTimes(server, bare[0]).ShouldBe([0, 9.8, 19.6, 29.4]);
    }

    [Fact]
    public async Task The_age_of_a_job_starts_one_second_before_its_rounded_creation_time()
    {
        SandboxServer server = StartAt(TimeSpan.FromSeconds(25));
        ChuiziClient client = ConnectAt(server);
        Video[] videos = await SubmitAsync(client, 1);
        Clock.Advance(TimeSpan.FromSeconds(4));
        await WaitAsync(new VideoWaiter(client, new WaitOptions()), videos);
        PollTimes(server, videos[0]).ShouldBe([4, 15.76, 25.56]);
    }

    [Fact]
    public async Task A_rejected_prompt_ends_the_job()
    {
        SandboxServer server = StartAt(TimeSpan.FromSeconds(3));
        ChuiziClient client = ConnectAt(server);
        Video[] videos = [.. await SubmitAsync(client, 1, "forbidden"), .. await SubmitAsync(client, 1)];
        VideoWaiter waiter = new(client, new WaitOptions());
        List<(WaitOutcome Outcome, TimeSpan At)> ended = await WaitAsync(waiter, videos);
        VideoState failed = ended.Single(end => end.Outcome.Video == videos[0]).Outcome.State!;
        (failed.Status, failed.Error!.Message).ShouldBe((VideoStatus.Failed, "Content policy violation"));
        waiter.Progress.ShouldBe(new WaitProgress(2, 2, 1, 0, TimeSpan.Zero) { Cost = waiter.Progress.Cost });
    }

    [Fact]
    public async Task An_unfamiliar_status_is_reported_and_polling_continues()
    {
        SandboxServer server = StartAt(TimeSpan.Zero);
        server.Faults.Add(new SandboxFault { Kind = FaultKind.UnknownStatusWord, Word = "queued", Times = 2 });
        server.Faults.Add(new SandboxFault { Kind = FaultKind.UnknownStatusWord, Word = "rendering" });
        ChuiziClient client = ConnectAt(server);
        List<string> words = [];
        VideoWaiter waiter = new(client, new WaitOptions()) { UnfamiliarStatus = words.Add };
        List<(WaitOutcome Outcome, TimeSpan At)> ended = await WaitAsync(waiter, await SubmitAsync(client, 1));
        words.ShouldBe(["queued", "queued", "rendering"]);
        ended.Single().Outcome.State!.Status.ShouldBe(VideoStatus.Succeeded);
    }

    [Fact]
    public async Task Concurrent_polls_do_not_exceed_the_throttle_limit()
    {
        // The server responds when this clock moves. The waiter's clock stands still.
        ManualClock serverClock = new();
        SandboxServer server = Start(new SandboxOptions { Clock = serverClock, GenerationTime = TimeSpan.Zero });
        ChuiziClient client = ConnectAt(server);
        Video[] videos = await SubmitAsync(client, 30);
        int submits = server.Requests.Count;
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Slow, Delay = TimeSpan.FromSeconds(1), Times = int.MaxValue });
        VideoWaiter waiter = new(client, new WaitOptions { ThrottleLimit = 4 });
        Array.ForEach(videos, video => waiter.Add(video, isNew: false));
        waiter.Complete();
        Task run = waiter.RunAsync(CancellationToken.None);
        int most = 0;
        for (int round = 0; round < 8; round++)
        {
            int expected = Math.Min(4, 30 - (round * 4));
            await serverClock.WaitForTimersAsync(expected);
            most = Math.Max(most, server.ActiveRequests);
            (server.Requests.Count - submits).ShouldBe((round * 4) + expected);
            waiter.Progress.Polling.ShouldBeLessThanOrEqualTo(4);
            // A response of the previous round may still be on its way.
            await Eventually.IsAsync(() => waiter.Progress.Polling == expected);
            serverClock.Advance(TimeSpan.FromSeconds(1));
            await Eventually.IsAsync(() => server.Requests.Count - submits >= Math.Min(30, (round + 2) * 4));
        }

        await run;
        most.ShouldBe(4);
        waiter.Progress.Done.ShouldBe(30);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public async Task A_thousand_videos_can_be_waited_for_at_once()
    {
        SandboxServer server = StartAt(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(60));
        ChuiziClient client = ConnectAt(server);
        Video[] videos = await SubmitAsync(client, 1000);
        VideoWaiter waiter = new(client, new WaitOptions { ThrottleLimit = 32 });
        List<(WaitOutcome Outcome, TimeSpan At)> ended = await WaitAsync(waiter, videos);
        ended.Count.ShouldBe(1000);
        ended.Select(end => end.Outcome.Video.Id).Distinct().Count().ShouldBe(1000);
        ended.ShouldAllBe(end => end.Outcome.State!.Status == VideoStatus.Succeeded);
        // Few polls per job, because hundreds wait. The last jobs are discovered within the usual interval.
        IEnumerable<RecordedRequest> requests = server.Requests.Where(request => request.Route == SandboxRoute.Poll);
        requests.GroupBy(request => request.VideoId).Average(polls => polls.Count()).ShouldBeLessThanOrEqualTo(4);
        TimeSpan lag = Clock.GetUtcNow().UtcDateTime - server.Jobs.Max(job => job.Ends);
        lag.ShouldBeLessThanOrEqualTo(PollTiming.UsualInterval);
    }

    [Fact]
    public async Task Videos_can_be_added_while_others_are_waited_for()
    {
        SandboxServer server = StartAt(TimeSpan.Zero);
        ChuiziClient client = ConnectAt(server);
        Video[] videos = await SubmitAsync(client, 3);
        VideoWaiter waiter = new(client, new WaitOptions());
        Task run = waiter.RunAsync(CancellationToken.None);
        foreach (Video video in videos)
        {
            waiter.Add(video, isNew: false);
            (await waiter.Outcomes.ReadAsync()).Video.ShouldBeSameAs(video);
        }

        run.IsCompleted.ShouldBeFalse();
        waiter.Complete();
        await run;
        waiter.Outcomes.Completion.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public async Task Without_videos_it_completes_at_once()
    {
        VideoWaiter waiter = new(ConnectAt(StartAt(TimeSpan.Zero)), new WaitOptions());
        waiter.Complete();
        await waiter.RunAsync(CancellationToken.None);
        waiter.Outcomes.Completion.IsCompletedSuccessfully.ShouldBeTrue();
    }
}
