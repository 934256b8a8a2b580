namespace Chuizi.Video.Module.Tests.Support;

/// <summary>A clock that goes on when a test says so; it has no timers.</summary>
internal sealed class HandClock : TimeProvider
{
    private long _ticks;
    private long _reads;

    /// <summary>How often it was looked at.</summary>
    public long Reads => Volatile.Read(ref _reads);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        Interlocked.Increment(ref _reads);
        return Volatile.Read(ref _ticks);
    }

    public void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);
}
