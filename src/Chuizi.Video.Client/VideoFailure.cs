using System.Globalization;

namespace Chuizi.Video;

/// <summary>One reason for which videos of a call are not done.</summary>
public sealed class VideoFailure
{
    /// <summary>The id of the error, e.g. <c>GenerationFailed</c> or <c>WaitTimeout</c>.</summary>
    public string Reason { get; set; } = "";

    /// <summary>The message of the first of them. Generations that failed are told apart by the API's message.</summary>
    public string? Message { get; set; }

    /// <summary>How many.</summary>
    public int Count { get; set; }

    /// <summary>Their ids, as far as they have any.</summary>
    public string[] Ids { get; set; } = [];

    /// <summary>Number, reason and message.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Count} {Reason}: {Message}");
}
