namespace Chuizi.Video;

/// <summary>What several videos add up to.</summary>
internal static class VideoFigures
{
    /// <summary>
    /// Whether a missing cost means none: one that was not sent, or that failed without a cost told, cost nothing (docs/guides/money.md).
    /// </summary>
    public static bool CountsAsFree(Video video) => video.Status is VideoStatus.Failed or VideoStatus.Skipped;

    /// <summary>What is known of the cost, in USD, and of how many it is not known.</summary>
    public static (decimal Cost, int Unknown) CostOf(IReadOnlyCollection<Video> videos)
    {
        decimal sum = 0;
        foreach (decimal cost in videos.Select(video => video.Cost).OfType<decimal>())
        {
            // A ledger may be anybody's, and two amounts too large for their type must not end the call.
            sum = sum > decimal.MaxValue / 2 || Math.Abs(cost) > decimal.MaxValue / 4 ? Math.Max(sum, cost) : sum + cost;
        }

        return (sum, videos.Count(video => video.Cost is null && !CountsAsFree(video)));
    }

    /// <summary>The median and the longest latency; null where none is known.</summary>
    public static (TimeSpan? Median, TimeSpan? Slowest) LatencyOf(IReadOnlyCollection<Video> videos)
    {
        TimeSpan[] sorted = [.. videos.Select(video => video.Latency).OfType<TimeSpan>().Order()];
        if (sorted.Length == 0)
        {
            return (null, null);
        }

        TimeSpan below = sorted[(sorted.Length - 1) / 2];
        TimeSpan above = sorted[sorted.Length / 2];
        return (below + ((above - below) / 2), sorted[^1]);
    }
}
