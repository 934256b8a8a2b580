using System.Globalization;

namespace Chuizi.Video;

/// <summary>
/// What became of all videos of one call, for whoever runs a batch unattended: <c>-Summary</c> of <c>Wait-</c> and <c>Save-ChuiziVideo</c>.
/// </summary>
public sealed class VideoSummary
{
    /// <summary>How many videos came in.</summary>
    public int Total { get; set; }

    /// <summary>How many are finished at the API, saved or not.</summary>
    public int Succeeded { get; set; }

    /// <summary>How many failed for good: given up or refused by the API, or not known to it.</summary>
    public int Failed { get; set; }

    /// <summary>How many go on at the API.</summary>
    public int Processing { get; set; }

    /// <summary>Of how many nobody knows whether the API took them.</summary>
    public int Unknown { get; set; }

    /// <summary>How many were not sent.</summary>
    public int Skipped { get; set; }

    /// <summary>How many are in a file.</summary>
    public int Saved { get; set; }

    /// <summary>What the API says that they cost, in USD.</summary>
    public decimal Cost { get; set; }

    /// <summary>Of how many the cost is not known. One that was not sent, or failed without a cost told, cost nothing.</summary>
    public int CostUnknown { get; set; }

    /// <summary>When the call began, UTC.</summary>
    public DateTime Started { get; set; }

    /// <summary>When it ended, UTC.</summary>
    public DateTime Ended { get; set; }

    /// <summary>How long it took.</summary>
    public TimeSpan Elapsed { get; set; }

    /// <summary>How long half of the generations took at most; null where the API told of none.</summary>
    public TimeSpan? MedianLatency { get; set; }

    /// <summary>How long the slowest generation took; null where the API told of none.</summary>
    public TimeSpan? LongestLatency { get; set; }

    /// <summary>Why videos are not done, the most frequent reason first.</summary>
    public VideoFailure[] Failures { get; set; } = [];

    /// <summary>
    /// What a script may end with. 0: all is done. 1: no video came, and there were errors. 2: another run may do what is left. 3: what is
    /// left needs somebody: it failed for good, is unknown, beyond the ceiling, or a file is in its way.
    /// </summary>
    public int ExitCode { get; set; }

    /// <summary>All in one line, for a log.</summary>
    public override string ToString()
    {
        (int Count, string What)[] counts =
        [
            (Saved, "saved"),
            (Succeeded - Saved, "finished and not saved"),
            (Failed, "failed"),
            (Processing, "in the making"),
            (Unknown, "unknown"),
            (Skipped, "not sent"),
        ];
        string parts = string.Join(
            ", ",
            counts.Where(part => part.Count > 0).Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Count} {part.What}")));
        string total = string.Create(CultureInfo.InvariantCulture, $"{Total} {(Total == 1 ? "video" : "videos")}");
        string counted = parts.Length > 0 ? $"{total}: {parts}" : total;
        return $"{counted}; {VideoFormat.Sum(Cost, CostUnknown)}, {VideoFormat.Length(Elapsed)}";
    }
}
