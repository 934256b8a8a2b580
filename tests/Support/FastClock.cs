using System.Diagnostics;
using System.Globalization;
using System.Management.Automation.Runspaces;

namespace Chuizi.Video.Tests.Support;

/// <summary>
/// A clock that runs many times as fast as the system clock, timers included, so that minutes of waiting take a fraction of a second.
/// Its time of day can jump forward and back; its timestamps and timers are monotonic, like the system's.
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

    /// <summary>Changes the time of day, as a user or a time server does.</summary>
    public void Leap(TimeSpan time) => Interlocked.Add(ref _ahead, time.Ticks);

    /// <summary>Skips time in which no code and no timer ran, as when the machine sleeps.</summary>
    public void Sleep(TimeSpan time) => Interlocked.Add(ref _slept, time.Ticks);

    /// <summary>Gives the module in the calling runspace a fast clock and returns it. Scripts of child processes call this.</summary>
    public static FastClock Install(string speed)
    {
        FastClock clock = new(double.Parse(speed, CultureInfo.InvariantCulture));
        clock.Install(Runspace.DefaultRunspace);
        return clock;
    }

    /// <summary>Gives the module in a runspace this clock.</summary>
    public void Install(Runspace runspace) => ModuleClock.Set(runspace, "RequestClock", this);

    // Rounds up, so that no timer fires early.
    private TimeSpan Shorten(TimeSpan time) =>
        time <= TimeSpan.Zero ? time : TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds / speed));

    private sealed class FastTimer(ITimer timer, FastClock clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(clock.Shorten(dueTime), clock.Shorten(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
