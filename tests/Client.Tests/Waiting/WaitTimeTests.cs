using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Client.Waiting;
using Chuizi.Video.Sandbox;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Waiting;

public sealed class WaitTimeTests : WaitTest
{
    [Fact]
    public async Task The_timeout_of_a_job_starts_when_it_is_added_and_ends_with_a_last_poll()
    {
        SandboxServer server = StartAt(TimeSpan.FromDays(1));
        ChuiziClient client = ConnectAt(server);
        Video[] videos = await SubmitAsync(client, 1);
        VideoWaiter waiter = new(client, new WaitOptions { Timeout = TimeSpan.FromSeconds(30) });
        (WaitOutcome outcome, TimeSpan at) = (await WaitAsync(waiter, videos)).Single();
        at.ShouldBe(TimeSpan.FromSeconds(30));
        outcome.State.ShouldBeNull();
        outcome.Failure!.Kind.ShouldBe(ChuiziErrorKind.WaitTimeout);
        outcome.Failure.VideoId.ShouldBe(videos[0].Id);
        outcome.Failure.Message.ShouldContain(videos[0].Id!);
        outcome.Failure.Message.ShouldContain("30 s");
        outcome.Video.Status.ShouldBe(VideoStatus.Processing);
        PollTimes(server, videos[0]).ShouldBe([1, 4.92, 16.68, 26.48, 29]);
        waiter.Progress.ShouldBe(new WaitProgress(1, 1, 1, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task Jobs_that_are_added_later_get_the_full_timeout()
    {
        SandboxServer server = StartAt(TimeSpan.FromDays(1));
        ChuiziClient client = ConnectAt(server);
        Video[] videos = await SubmitAsync(client, 2);
        VideoWaiter waiter = new(client, new WaitOptions { Timeout = TimeSpan.FromSeconds(30) });
        waiter.Add(videos[0], isNew: true);
        Clock.Advance(TimeSpan.FromSeconds(20));
        List<(WaitOutcome Outcome, TimeSpan At)> ended = await WaitAsync(waiter, videos[1..]);
        ended.Select(end => (end.Outcome.Video, end.At.TotalSeconds)).ShouldBe([(videos[0], 10), (videos[1], 30)]);
    }

    [Fact]
    public async Task The_deadline_applies_to_all_jobs_from_the_start()
    {
        SandboxServer server = StartAt(TimeSpan.FromDays(1));
        ChuiziClient client = ConnectAt(server);
        Video[] videos = await SubmitAsync(client, 3);
        VideoWaiter waiter = new(client, new WaitOptions { Timeout = TimeSpan.FromSeconds(60), Deadline = TimeSpan.FromSeconds(70) });
        waiter.Add(videos[0], isNew: true);
        Clock.Advance(TimeSpan.FromSeconds(40));
        List<(WaitOutcome Outcome, TimeSpan At)> ended = await WaitAsync(waiter, videos[1..]);
        ended.Select(end => end.At.TotalSeconds).ShouldBe([20, 30, 30]);
        ended.ShouldAllBe(end => end.Outcome.Failure!.Kind == ChuiziErrorKind.WaitTimeout);
    }

    [Theory]
    [InlineData(20, null)]
    [InlineData(3600, 20)]
    public async Task A_timeout_or_deadline_ends_the_request_in_flight(int timeout, int? deadline)
    {
        SandboxServer server = Start(new SandboxOptions { Clock = new ManualClock(), GenerationTime = TimeSpan.Zero });
        ChuiziClient client = ConnectAt(server);
        Video[] videos = await SubmitAsync(client, 1);
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Slow, Delay = TimeSpan.FromHours(1), Times = int.MaxValue });
        VideoWaiter waiter = new(client, new WaitOptions
        {
            Timeout = TimeSpan.FromSeconds(timeout), Deadline = deadline is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        });
        waiter.Add(videos[0], isNew: false);
        waiter.Complete();
        Task run = waiter.RunAsync(CancellationToken.None);
        await Eventually.IsAsync(() => server.ActiveRequests == 1);
        Clock.Advance(TimeSpan.FromSeconds(19));
        run.IsCompleted.ShouldBeFalse();
        Clock.Advance(TimeSpan.FromSeconds(1));
        await run;
        (await waiter.Outcomes.ReadAsync()).Failure!.Kind.ShouldBe(ChuiziErrorKind.WaitTimeout);
    }

    [Fact]
    public async Task A_job_that_waits_for_a_free_request_can_time_out()
    {
        SandboxServer server = Start(new SandboxOptions { Clock = new ManualClock(), GenerationTime = TimeSpan.Zero });
        ChuiziClient client = ConnectAt(server);
        Video[] videos = await SubmitAsync(client, 3);
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Slow, Delay = TimeSpan.FromHours(1), Times = int.MaxValue });
        VideoWaiter waiter = new(client, new WaitOptions { Timeout = TimeSpan.FromSeconds(20), ThrottleLimit = 1 });
        Array.ForEach(videos, video => waiter.Add(video, isNew: false));
        waiter.Complete();
        Task run = waiter.RunAsync(CancellationToken.None);
        await Eventually.IsAsync(() => server.ActiveRequests == 1);
        await ClockPump.RunAsync(Clock, run, () => true, horizon: TimeSpan.FromSeconds(30));
        waiter.Progress.Done.ShouldBe(3);
        while (waiter.Outcomes.TryRead(out WaitOutcome? outcome))
        {
            outcome.Failure!.Kind.ShouldBe(ChuiziErrorKind.WaitTimeout);
        }

        server.Requests.Count.ShouldBe(4);
        (Clock.GetUtcNow() - new ManualClock().GetUtcNow()).ShouldBeLessThan(TimeSpan.FromSeconds(21));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(1.5)]
    public async Task A_timeout_shorter_than_the_first_poll_still_throws_WaitTimeout(double seconds)
    {
        SandboxServer server = StartAt(TimeSpan.FromDays(1));
        ChuiziClient client = ConnectAt(server);
        Video[] videos = await SubmitAsync(client, 1);
        VideoWaiter waiter = new(client, new WaitOptions { Timeout = TimeSpan.FromSeconds(seconds) });
        (WaitOutcome outcome, TimeSpan at) = (await WaitAsync(waiter, videos)).Single();
        outcome.Failure!.Kind.ShouldBe(ChuiziErrorKind.WaitTimeout);
        at.TotalSeconds.ShouldBe(seconds);
    }

    [Fact]
    public async Task The_timeout_message_is_the_same_in_every_culture()
    {
        using InCulture culture = new("de-DE");
        SandboxServer server = StartAt(TimeSpan.FromDays(1));
        ChuiziClient client = ConnectAt(server);
        Video[] videos = await SubmitAsync(client, 1);
        VideoWaiter waiter = new(client, new WaitOptions { Timeout = TimeSpan.FromSeconds(2.5) });
        (WaitOutcome outcome, _) = (await WaitAsync(waiter, videos)).Single();
        outcome.Failure!.Message.ShouldContain("2.5 s");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TimeSpan_MaxValue_is_accepted_as_timeout_and_deadline(bool asDeadline)
    {
        SandboxServer server = StartAt(TimeSpan.FromSeconds(10));
        ChuiziClient client = ConnectAt(server);
        VideoWaiter waiter = new(client, new WaitOptions { Timeout = TimeSpan.MaxValue, Deadline = asDeadline ? TimeSpan.MaxValue : null });
        (await WaitAsync(waiter, await SubmitAsync(client, 1))).Single().Outcome.State!.Status.ShouldBe(VideoStatus.Succeeded);
    }
}
