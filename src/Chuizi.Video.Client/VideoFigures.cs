namespace Chuizi.Video;

/// <summary>Totals over several videos, and what a single one contributes to them.</summary>
internal static class VideoFigures
{
    /// <summary>
    /// Whether a missing cost counts as zero: videos that were not submitted, or that failed without a reported cost
    /// (docs/guides/money.md).
    /// </summary>
    public static bool CountsAsFree(Video video) => video.Status is VideoStatus.Failed or VideoStatus.Skipped;

    /// <summary>When a generation ended, UTC; null if it is not known, or no possible time: times and lengths come from a server.</summary>
    /// <param name="created">When it was submitted.</param>
    /// <param name="seconds">How long it took.</param>
    public static DateTime? EndOf(DateTime? created, double? seconds) =>
        created is { } start && seconds is >= 0 and { } length && length < (DateTime.MaxValue - start).TotalSeconds
            ? start.AddSeconds(length)
            : null;

    /// <summary>The sum of the known costs in USD, and the number of videos whose cost is not known.</summary>
    public static (decimal Cost, int Unknown) CostOf(IReadOnlyCollection<Video> videos)
    {
        decimal sum = 0;
        foreach (decimal cost in videos.Select(video => video.Cost).OfType<decimal>())
        {
            // Costs from a ledger are not trusted: huge amounts must not overflow the sum and end the call.
            sum = sum > decimal.MaxValue / 2 || Math.Abs(cost) > decimal.MaxValue / 4 ? Math.Max(sum, cost) : sum + cost;
        }

        return (sum, videos.Count(video => video.Cost is null && !CountsAsFree(video)));
    }

    /// <summary>The median and the longest latency, in seconds; null if no latency is known.</summary>
    public static (double? Median, double? Slowest) LatencyOf(IReadOnlyCollection<Video> videos)
    {
        double[] sorted = [.. videos.Select(video => video.Latency).OfType<double>().Order()];
        if (sorted.Length == 0)
        {
            return (null, null);
        }

        double below = sorted[(sorted.Length - 1) / 2];
        double above = sorted[sorted.Length / 2];
        return (below + ((above - below) / 2), sorted[^1]);
    }
}
