namespace Chuizi.Video.Benchmarks.Measuring;

/// <summary>The growth of the process's resident memory during this object's lifetime, sampled every 5 ms.</summary>
internal sealed class PeakMemory : IDisposable
{
    private readonly long _before;
    private readonly Timer _timer;
    private long _peak;

    public PeakMemory()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _before = Environment.WorkingSet;
        _timer = new Timer(_ => _peak = Math.Max(_peak, Environment.WorkingSet), null, 0, 5);
    }

    /// <summary>The growth at the peak, in MiB.</summary>
    public double Growth => Math.Max(0, _peak - _before) / 1048576.0;

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();
}
