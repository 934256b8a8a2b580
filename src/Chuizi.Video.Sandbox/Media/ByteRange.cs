using System.Globalization;
using System.Runtime.InteropServices;

namespace Chuizi.Video.Sandbox.Media;

/// <summary>One range of bytes (RFC 9110, 14.1.2).</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ByteRange(long Start, long Length)
{
    /// <summary>
    /// Parses a Range header for a file of <paramref name="total"/> bytes. False if there is no such header, or if it is to be
    /// ignored (another unit, several ranges, invalid). A range that cannot be satisfied has the length 0.
    /// </summary>
    public static bool TryRead(string? header, long total, out ByteRange range)
    {
        range = default;
        const string Unit = "bytes=";
        if (header is null || !header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        ReadOnlySpan<char> text = header.AsSpan(Unit.Length).Trim();
        int dash = text.IndexOf('-');
        if (dash < 0)
        {
            return false;
        }

        bool hasFirst = Number(text[..dash], out long first);
        bool hasLast = Number(text[(dash + 1)..], out long last);
        if (dash == 0)
        {
            range = new ByteRange(total - Math.Min(last, total), Math.Min(last, total));
            return hasLast;
        }

        if (!hasFirst || (!hasLast && dash + 1 < text.Length) || (hasLast && last < first))
        {
            return false;
        }

        long end = hasLast ? Math.Min(last, total - 1) : total - 1;
        range = first < total ? new ByteRange(first, end - first + 1) : default;
        return true;
    }

    private static bool Number(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
