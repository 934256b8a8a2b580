namespace Chuizi.Video.Client.Tests.Support;

/// <summary>
/// A clock on which waiting takes no time: a delay advances the clock, completes at once and is recorded. A delay longer than the
/// patience, such as the timeout of a request that does get a response, never completes.
/// </summary>
public sealed class LeapingClock(TimeSpan? patience = null) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<TimeSpan> _leaps = [];
    private readonly TimeSpan _patience = patience ?? TimeSpan.FromMinutes(11);
    private DateTimeOffset _now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>The recorded delays, in order.</summary>
    public IReadOnlyList<TimeSpan> Leaps
    {
        get
        {
            lock (_gate)
            {
                return [.. _leaps];
            }
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        LeapTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private bool Leap(TimeSpan time)
    {
        lock (_gate)
        {
            if (time < TimeSpan.Zero || time > _patience)
            {
                return false;
            }

            _now += time;
            _leaps.Add(time);
            return true;
        }
    }

    private sealed class LeapTimer(LeapingClock clock, TimerCallback callback, object? state) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (clock.Leap(dueTime))
            {
                ThreadPool.UnsafeQueueUserWorkItem(_ => callback(state), null);
            }

            return true;
        }

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
