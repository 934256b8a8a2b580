using System.Globalization;

namespace Chuizi.Video.Sandbox.Media;

/// <summary>An aspect ratio in the format of the API, such as <c>16:9</c>.</summary>
internal static class AspectRatio
{
    /// <summary>Parses two positive integers.</summary>
    public static bool TryParse(string text, out int width, out int height)
    {
        height = 0;
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return int.TryParse(text.AsSpan(0, Math.Max(colon, 0)), NumberStyles.None, CultureInfo.InvariantCulture, out width)
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out height)
            && width > 0
            && height > 0;
    }
}
