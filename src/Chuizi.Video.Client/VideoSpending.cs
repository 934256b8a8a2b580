namespace Chuizi.Video;

/// <summary>
/// What a group of submissions cost, from <c>Measure-ChuiziVideo</c>. Amounts are in USD. Submissions with the status
/// <c>skipped</c> are not counted.
/// </summary>
public sealed class VideoSpending
{
    /// <summary>The number of submissions. A row that was submitted again counts each time.</summary>
    public int Count { get; set; }

    /// <summary>The number of videos that are finished.</summary>
    public int Succeeded { get; set; }

    /// <summary>The number of videos that failed, and of rejected requests. Some APIs bill failed videos.</summary>
    public int Failed { get; set; }

    /// <summary>The number of submissions whose outcome is unknown.</summary>
    public int Unknown { get; set; }

    /// <summary>The number of videos that are still in progress.</summary>
    public int Open { get; set; }

    /// <summary>The number of videos with the verdict <c>Kept</c>.</summary>
    public int Kept { get; set; }

    /// <summary>The number of videos with the verdict <c>Rejected</c>.</summary>
    public int Rejected { get; set; }

    /// <summary>The total requested length of the finished videos, in seconds.</summary>
    public long Seconds { get; set; }

    /// <summary>The number of finished videos that are not part of <see cref="Seconds"/>, because no length was requested.</summary>
    public int SecondsUnknown { get; set; }

    /// <summary>The sum of the known costs. A failed video without a reported cost cost nothing.</summary>
    public decimal Cost { get; set; }

    /// <summary>The sum of the estimates of the submissions whose cost is not known yet.</summary>
    public decimal OpenEstimate { get; set; }

    /// <summary>The number of submissions that are part of no amount, because neither their cost nor an estimate is known.</summary>
    public int Unpriced { get; set; }

    /// <summary><see cref="Cost"/> for each finished video; null without one.</summary>
    public decimal? CostPerVideo => Succeeded == 0 ? null : Cost / Succeeded;

    /// <summary><see cref="Cost"/> for each kept video; null without one.</summary>
    public decimal? CostPerKept => Kept == 0 ? null : Cost / Kept;
}
