using System.Diagnostics;
using System.Globalization;
using System.Management.Automation.Runspaces;

namespace Chuizi.Video.Tests.Support;

/// <summary>
/// A clock that goes many times as fast as the system's, timers included, so that minutes of waiting are a fraction of a second. Its
/// time of day can leap, forward and back; what measures and its timers, as the system's, only go on.
/// </summary>
public sealed class FastClock(double speed) : TimeProvider
{
    private readonly DateTimeOffset _begun = DateTimeOffset.UtcNow;
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _ahead;
    private long _slept;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _begun.AddTicks(GetTimestamp() + Volatile.Read(ref _ahead));

    /// <inheritdoc/>
    public override long GetTimestamp() => (long)(Stopwatch.GetElapsedTime(_start).Ticks * speed) + Volatile.Read(ref _slept);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new FastTimer(System.CreateTimer(callback, state, Shorten(dueTime), Shorten(period)), this);

    /// <summary>Sets the time of day, as a user or a time server does.</summary>
    public void Leap(TimeSpan time) => Interlocked.Add(ref _ahead, time.Ticks);

    /// <summary>Time passes in which nothing ran, and no timer: the machine slept.</summary>
    public void Sleep(TimeSpan time) => Interlocked.Add(ref _slept, time.Ticks);

    /// <summary>Gives the module in the calling runspace such a clock, and gives it back; scripts of child processes call this.</summary>
    public static FastClock Install(string speed)
    {
        FastClock clock = new(double.Parse(speed, CultureInfo.InvariantCulture));
        clock.Install(Runspace.DefaultRunspace);
        return clock;
    }

    /// <summary>Gives the module in a runspace this clock.</summary>
    public void Install(Runspace runspace) => ModuleClock.Set(runspace, "RequestClock", this);

    // Upwards, so that no timer is early.
    private TimeSpan Shorten(TimeSpan time) =>
        time <= TimeSpan.Zero ? time : TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds / speed));

    private sealed class FastTimer(ITimer timer, FastClock clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(clock.Shorten(dueTime), clock.Shorten(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
