using System.Globalization;

namespace Chuizi.Video;

/// <summary>
/// What happened to all videos of one call, for unattended runs: <c>-Summary</c> of <c>Wait-</c> and <c>Save-ChuiziVideo</c>, and the
/// result of <c>Invoke-ChuiziVideoBatch</c>.
/// </summary>
public sealed class VideoSummary
{
    /// <summary>The number of inputs.</summary>
    public int Total { get; set; }

    /// <summary>The number of videos that the API has finished, saved or not.</summary>
    public int Succeeded { get; set; }

    /// <summary>
    /// The number of videos that failed for good (not generated, rejected by the API, or not found), and of inputs that are not videos.
    /// </summary>
    public int Failed { get; set; }

    /// <summary>The number of videos that are still in progress.</summary>
    public int Processing { get; set; }

    /// <summary>The number of submissions whose outcome is unknown.</summary>
    public int Unknown { get; set; }

    /// <summary>The number of videos that were not submitted.</summary>
    public int Skipped { get; set; }

    /// <summary>The number of videos that are saved to a file.</summary>
    public int Saved { get; set; }

    /// <summary>The sum of the costs that the API reports, in USD.</summary>
    public decimal Cost { get; set; }

    /// <summary>
    /// The number of videos whose cost is not known. A video that was not submitted, or failed without a reported cost, cost nothing.
    /// </summary>
    public int CostUnknown { get; set; }

    /// <summary>When the call started, UTC.</summary>
    public DateTime Started { get; set; }

    /// <summary>When the call ended, UTC.</summary>
    public DateTime Ended { get; set; }

    /// <summary>How long the call took, in seconds.</summary>
    public double Elapsed { get; set; }

    /// <summary>The median generation time, in seconds; null if the API reports none.</summary>
    public double? MedianLatency { get; set; }

    /// <summary>The longest generation time, in seconds; null if the API reports none.</summary>
    public double? LongestLatency { get; set; }

    /// <summary>Why videos are not done, most frequent reason first.</summary>
    public VideoSummaryProblem[] Problems { get; set; } = [];

    /// <summary>
    /// An exit code for scripts. 0: everything is done. 1: there were errors and no videos. 2: another run may finish the remaining videos.
    /// 3: the remaining videos need manual action: for example, they failed for good, have an unknown outcome, exceed the spending limit,
    /// or a file is in the way.
    /// </summary>
    public int ExitCode { get; set; }

    /// <summary>The summary on one line, for a log.</summary>
    public override string ToString()
    {
        (int Count, string What)[] counts =
        [
            (Saved, "saved"),
            (Succeeded - Saved, "finished but not saved"),
            (Failed, "failed"),
            (Processing, "in progress"),
            (Unknown, "unknown outcome"),
            (Skipped, "not submitted"),
        ];
        string parts = string.Join(
            ", ",
            counts.Where(part => part.Count > 0).Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Count} {part.What}")));
        string total = string.Create(CultureInfo.InvariantCulture, $"{Total} {(Total == 1 ? "video" : "videos")}");
        string counted = parts.Length > 0 ? $"{total}: {parts}" : total;
        return $"{counted}; cost {DisplayText.Sum(Cost, CostUnknown)}, elapsed {DisplayText.Seconds(Elapsed)}";
    }
}
