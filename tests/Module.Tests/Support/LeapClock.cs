namespace Chuizi.Video.Module.Tests.Support;

/// <summary>The system's clock, and further ahead whenever a test says so.</summary>
internal sealed class LeapClock : TimeProvider
{
    private long _ahead;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Volatile.Read(ref _ahead));

    public void Leap(TimeSpan time) => Interlocked.Add(ref _ahead, time.Ticks);
}
