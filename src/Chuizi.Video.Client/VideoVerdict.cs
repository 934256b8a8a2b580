namespace Chuizi.Video;

/// <summary>What a user can decide about a video: the values of <see cref="Video.Verdict"/>, and <see cref="None"/>.</summary>
internal static class VideoVerdict
{
    /// <summary>The video is used.</summary>
    public const string Kept = "Kept";

    /// <summary>The video is not used.</summary>
    public const string Rejected = "Rejected";

    /// <summary>No decision: withdraws one, or finds videos without one. A video never has this value; its verdict is then null.</summary>
    public const string None = "None";

    /// <summary>The highest rating; the lowest is 1.</summary>
    public const int BestRating = 5;

    /// <summary>The constant that a text means, in any case; null if it means none.</summary>
    public static string? Parse(string? text) => Array.Find(
        [Kept, Rejected, None], verdict => verdict.Equals(text?.Trim(), StringComparison.OrdinalIgnoreCase));
}
