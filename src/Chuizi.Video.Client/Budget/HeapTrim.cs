using System.Runtime;

namespace Chuizi.Video.Client.Budget;

/// <summary>
/// Keeps the memory of a process small while a long list passes through a pipeline. What belongs to a video lives for seconds or minutes,
/// so the runtime takes it for long-lived, and lets the process grow by half before it looks there for what is no longer used.
/// </summary>
/// <param name="size">The size of the heap after the last collection, in bytes.</param>
/// <param name="collect">Collects what is no longer used.</param>
internal sealed class HeapTrim(Func<long> size, Action collect)
{
    /// <summary>
    /// From here on, a list is long enough to be worth a pause of a fraction of a second now and then. Each cmdlet of a pipeline counts.
    /// </summary>
    public const int LongList = 5_000;

    private const int PassesBetween = 500;

    // A large heap of something else takes long to collect, so it may grow by more.
    private const long LeastGrowth = 8 << 20;
    private const int GrowthOfLarge = 16;

    private long _atMost = -1;
    private int _passes;

    /// <summary>Trims the heap of this process.</summary>
    public HeapTrim()
        : this(() => GC.GetGCMemoryInfo(GCKind.Any).HeapSizeBytes, Collect)
    {
    }

    /// <summary>
    /// Collects what is no longer used if the list is long and the heap has grown. Call this whenever a cmdlet passes a video on.
    /// </summary>
    public void Trim()
    {
        if (++_passes < LongList || _passes % PassesBetween != 0)
        {
            return;
        }

        if (_atMost >= 0 && size() > _atMost)
        {
            collect();
            _atMost = -1;
        }

        if (_atMost < 0)
        {
            long now = size();
            _atMost = now + Math.Max(LeastGrowth, now / GrowthOfLarge);
        }
    }

    private static void Collect()
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
