namespace Chuizi.Video.Client.Gallery;

/// <summary>The figures of a batch.</summary>
internal sealed class GallerySummary
{
    private GallerySummary()
    {
    }

    /// <summary>The number of videos.</summary>
    public required int Videos { get; init; }

    /// <summary>The number of videos in each status that occurs; defined statuses first, then others.</summary>
    public required IReadOnlyList<(string Status, int Count)> Statuses { get; init; }

    /// <summary>The sum of the known costs, in USD.</summary>
    public required decimal Cost { get; init; }

    /// <summary>
    /// The number of videos whose cost is not known. A video that was not sent, or failed without a reported cost, cost nothing.
    /// </summary>
    public required int CostUnknown { get; init; }

    /// <summary>The sum of the known requested lengths, in seconds.</summary>
    public required long Seconds { get; init; }

    /// <summary>The number of videos without a requested length, for which the model chose.</summary>
    public required int SecondsUnknown { get; init; }

    /// <summary>The median latency, in seconds; null if none is known.</summary>
    public required double? Median { get; init; }

    /// <summary>The longest latency, in seconds; null if none is known.</summary>
    public required double? Slowest { get; init; }

    /// <summary>The figures by model, those with the most videos first.</summary>
    public required IReadOnlyList<ModelSummary> Models { get; init; }

    /// <summary>Calculates the figures of a batch.</summary>
    public static GallerySummary Of(IReadOnlyList<Video> videos)
    {
        (decimal cost, int costUnknown) = VideoFigures.CostOf(videos);
        (double? median, double? slowest) = VideoFigures.LatencyOf(videos);
        return new GallerySummary
        {
            Videos = videos.Count,
            Statuses =
            [
                .. videos
                    .GroupBy(video => video.Status, StringComparer.Ordinal)
                    .OrderBy(group => Place(group.Key))
                    .ThenBy(group => group.Key, StringComparer.Ordinal)
                    .Select(group => (group.Key, group.Count())),
            ],
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
        (decimal cost, int costUnknown) = VideoFigures.CostOf(videos);
        (double? median, double? slowest) = VideoFigures.LatencyOf(videos);
        return new ModelSummary(
            model,
            videos.Count,
            videos.Count(video => video.Status == VideoStatus.Failed),
            cost,
            costUnknown,
            median,
            slowest);
    }
}
