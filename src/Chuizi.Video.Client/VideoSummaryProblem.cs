using System.Globalization;

namespace Chuizi.Video;

/// <summary>One reason why videos of a call are not done.</summary>
public sealed class VideoSummaryProblem
{
    /// <summary>The id of the error, e.g. <c>GenerationFailed</c> or <c>WaitTimeout</c>.</summary>
    public string Reason { get; set; } = "";

    /// <summary>The message of the first of these videos. Failed generations are grouped by the API's message.</summary>
    public string? Message { get; set; }

    /// <summary>The number of videos, or of inputs that are not videos.</summary>
    public int Count { get; set; }

    /// <summary>The ids of the videos that have one.</summary>
    public string[] Ids { get; set; } = [];

    /// <summary>Number, reason and message.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Count} {Reason}: {Message}");
}
