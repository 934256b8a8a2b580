using System.Diagnostics.CodeAnalysis;

namespace Chuizi.Video;

/// <summary>
/// What can be a video's id, wherever it comes from: the API's answer, a user, a list or a ledger. The API contract calls an id opaque, so
/// any text is one that fits into an address and into a line of a ledger.
/// </summary>
internal static class VideoId
{
    /// <summary>The longest id, in characters.</summary>
    public const int Longest = 2048;

    /// <summary>Whether a text can be an id. No id has a control character, and a single or double dot would change the path.</summary>
    public static bool IsValid([NotNullWhen(true)] string? text) =>
        !string.IsNullOrWhiteSpace(text) && text.Length <= Longest && text is not ("." or "..") && !text.Any(char.IsControl);
}
