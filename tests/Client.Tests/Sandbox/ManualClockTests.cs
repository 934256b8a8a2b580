using Chuizi.Video.Client.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Sandbox;

public sealed class ManualClockTests
{
    [Fact]
    public void Time_stands_still_until_it_is_advanced()
    {
        var clock = new ManualClock();
        DateTimeOffset start = clock.GetUtcNow();
        long stamp = clock.GetTimestamp();
        clock.Advance(TimeSpan.FromSeconds(3));
        (clock.GetUtcNow() - start).ShouldBe(TimeSpan.FromSeconds(3));
        clock.GetElapsedTime(stamp).ShouldBe(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Delays_complete_when_they_are_due()
    {
        var clock = new ManualClock();
        Task delay = Task.Delay(TimeSpan.FromSeconds(2), clock);
        clock.Advance(TimeSpan.FromSeconds(1.999));
        delay.IsCompleted.ShouldBeFalse();
        clock.NextDue.ShouldBe(clock.GetUtcNow().AddMilliseconds(1));
        clock.Advance(TimeSpan.FromMilliseconds(1));
        await delay;
        clock.PendingTimers.ShouldBe(0);
        clock.NextDue.ShouldBeNull();
    }

    [Fact]
    public void Timers_fire_in_order_at_their_due_times()
    {
        var clock = new ManualClock();
        DateTimeOffset start = clock.GetUtcNow();
        var fired = new List<(string Name, double Second)>();
        using ITimer periodic = Timer("p", 2, 2);
        using ITimer once = Timer("o", 3, 0);
        using ITimer stopped = Timer("s", 1, 0);
        stopped.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        clock.Advance(TimeSpan.FromSeconds(5));
        fired.ShouldBe([("p", 2), ("o", 3), ("p", 4)]);
        clock.PendingTimers.ShouldBe(1);

        ITimer Timer(string name, double due, double period) => clock.CreateTimer(
            _ => fired.Add((name, (clock.GetUtcNow() - start).TotalSeconds)),
            null,
            TimeSpan.FromSeconds(due),
            period == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(period));
    }

    [Fact]
    public void A_canceled_delay_leaves_no_timer()
    {
        var clock = new ManualClock();
        using var cancellation = new CancellationTokenSource();
        Task delay = Task.Delay(TimeSpan.FromSeconds(2), clock, cancellation.Token);
        clock.PendingTimers.ShouldBe(1);
        cancellation.Cancel();
        delay.IsCanceled.ShouldBeTrue();
        clock.PendingTimers.ShouldBe(0);
    }

    [Fact]
    public void A_timeout_on_the_clock_cancels()
    {
        var clock = new ManualClock();
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1), clock);
        clock.Advance(TimeSpan.FromMinutes(1));
        deadline.IsCancellationRequested.ShouldBeTrue();
    }
}
