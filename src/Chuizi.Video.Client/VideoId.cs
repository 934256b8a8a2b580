using System.Diagnostics.CodeAnalysis;

namespace Chuizi.Video;

/// <summary>
/// Decides which texts can be a video id, from the API, a user, a list or a ledger. The API contract calls an id opaque, so any text that
/// fits into a URL and a ledger line is accepted.
/// </summary>
internal static class VideoId
{
    /// <summary>The longest id, in characters.</summary>
    public const int Longest = 2048;

    /// <summary>
    /// Whether a text can be an id. Control characters are not allowed, and neither are "." and "..", which would change the URL path.
    /// </summary>
    public static bool IsValid([NotNullWhen(true)] string? text) =>
        !string.IsNullOrWhiteSpace(text) && text.Length <= Longest && text is not ("." or "..") && !text.Any(char.IsControl);
}
