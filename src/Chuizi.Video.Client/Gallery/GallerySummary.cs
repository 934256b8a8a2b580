namespace Chuizi.Video.Client.Gallery;

/// <summary>The figures of a batch.</summary>
public sealed class GallerySummary
{
    private GallerySummary()
    {
    }

    /// <summary>How many videos.</summary>
    public required int Videos { get; init; }

    /// <summary>How many are in each status that occurs; ours first, then words that are not ours.</summary>
    public required IReadOnlyList<(string Status, int Count)> Statuses { get; init; }

    /// <summary>What is known of the cost, in USD.</summary>
    public required decimal Cost { get; init; }

    /// <summary>Of how many the cost is not known. One that was not sent, or failed without a cost told, cost nothing.</summary>
    public required int CostUnknown { get; init; }

    /// <summary>The length asked for, in seconds, where it is known.</summary>
    public required long Seconds { get; init; }

    /// <summary>Of how many no length was asked for: the model chose.</summary>
    public required int SecondsUnknown { get; init; }

    /// <summary>The median latency; null where none is known.</summary>
    public required TimeSpan? Median { get; init; }

    /// <summary>The longest latency; null where none is known.</summary>
    public required TimeSpan? Slowest { get; init; }

    /// <summary>The same by model, those with the most videos first.</summary>
    public required IReadOnlyList<ModelSummary> Models { get; init; }

    /// <summary>The figures of these videos.</summary>
    public static GallerySummary Of(IReadOnlyList<Video> videos)
    {
        (decimal cost, int costUnknown) = CostOf(videos);
        (TimeSpan? median, TimeSpan? slowest) = LatencyOf(videos);
        return new GallerySummary
        {
            Videos = videos.Count,
            Statuses = [.. videos.GroupBy(video => video.Status, StringComparer.Ordinal).OrderBy(group => Place(group.Key)).ThenBy(group => group.Key, StringComparer.Ordinal).Select(group => (group.Key, group.Count()))],
            Cost = cost,
            CostUnknown = costUnknown,
            Seconds = videos.Sum(video => (long)(video.Duration ?? 0)),
            SecondsUnknown = videos.Count(video => video.Duration is null),
            Median = median,
            Slowest = slowest,
            Models = [.. videos.GroupBy(video => video.Model ?? "", StringComparer.Ordinal).Select(group => OfModel(group.Key, [.. group]))
                .OrderByDescending(model => model.Videos).ThenBy(model => model.Model, StringComparer.Ordinal)],
        };
    }

    private static int Place(string status)
    {
        int place = GalleryText.Statuses.ToList().IndexOf(status);
        return place < 0 ? int.MaxValue : place;
    }

    private static ModelSummary OfModel(string model, IReadOnlyList<Video> videos)
    {
        (decimal cost, int costUnknown) = CostOf(videos);
        (TimeSpan? median, TimeSpan? slowest) = LatencyOf(videos);
        return new ModelSummary(model, videos.Count, videos.Count(video => video.Status == VideoStatus.Failed), cost, costUnknown, median, slowest);
    }

    private static (decimal Cost, int Unknown) CostOf(IReadOnlyList<Video> videos)
    {
        decimal sum = 0;
        foreach (decimal cost in videos.Select(video => video.Cost).OfType<decimal>())
        {
            // A ledger may be anybody's, and two amounts too large for their type must not keep the page from being made.
            sum = sum > decimal.MaxValue / 2 || Math.Abs(cost) > decimal.MaxValue / 4 ? Math.Max(sum, cost) : sum + cost;
        }

        return (sum, videos.Count(video => video.Cost is null && !GalleryText.CountsAsFree(video)));
    }

    private static (TimeSpan? Median, TimeSpan? Slowest) LatencyOf(IReadOnlyList<Video> videos)
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
