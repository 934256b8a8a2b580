using System.Globalization;
using System.Text;

namespace Chuizi.Video.Client.Files;

/// <summary>Turns any text into the file name of a video that is valid on Windows, Linux and macOS.</summary>
internal static class FileNames
{
    /// <summary>
    /// The longest name without its extension, in UTF-8 bytes. File systems allow 255; this leaves room for extensions and a number.
    /// </summary>
    public const int LongestName = 200;

    private const string Forbidden = "<>:\"/\\|?*";

    private static readonly HashSet<string> s_reserved = new(
        ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", .. Enumerable.Range(0, 10).SelectMany(n => new[] { $"COM{n}", $"LPT{n}" }),
            "COM¹", "COM²", "COM³", "LPT¹", "LPT²", "LPT³"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// A safe file name, without folders. Characters that any file system forbids become <c>_</c>, invisible and direction-changing ones
    /// are removed, reserved device names get a leading <c>_</c>, and <c>.mp4</c> is added if it is missing.
    /// </summary>
    public static string Safe(string text)
    {
        StringBuilder kept = new(text.Length);
        // Unpaired surrogates become U+FFFD here, which is removed below.
        foreach (Rune rune in text.EnumerateRunes())
        {
            UnicodeCategory category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                kept.Append('_');
            }
            else if (rune != Rune.ReplacementChar
                && category is not (UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse))
            {
                kept.Append(rune.IsAscii && Forbidden.Contains((char)rune.Value, StringComparison.Ordinal) ? "_" : rune.ToString());
            }
        }

        string name = kept.ToString().Normalize(NormalizationForm.FormC);
        if (name.EndsWith(".mp4", StringComparison.OrdinalIgnoreCase))
        {
            name = name[..^4];
        }

        name = Truncate(name.Trim(' ', '.'), LongestName);
        return (name.Length == 0 ? "video" : IsDeviceName(name) ? "_" + name : name) + ".mp4";
    }

    /// <summary>A safe name of a folder, as <see cref="Safe"/> makes one of a file.</summary>
    public static string SafeFolder(string text) => Safe(text + ".mp4")[..^4];

    /// <summary>Whether a saved video may have this file name.</summary>
    public static bool IsVideoName(string name) =>
        name.EndsWith(".mp4", StringComparison.Ordinal)
        && !IsDeviceName(name)
        && !name.Any(letter => char.IsControl(letter) || Forbidden.Contains(letter, StringComparison.Ordinal));

    /// <summary>Puts a number before the extension of <paramref name="name"/>, for another video with the same name.</summary>
    public static string Numbered(string name, int number) =>
        $"{Path.GetFileNameWithoutExtension(name)} ({number}){Path.GetExtension(name)}";

    /// <summary>
    /// Returns the same text for names that some file system treats as equal: names that differ only in case or Unicode form, and some
    /// more.
    /// </summary>
    public static string Fold(string name)
    {
        if (Ascii.IsValid(name))
        {
            return name.ToUpperInvariant();
        }

        // Unpaired surrogates and U+FFFE become U+FFFD: a folder may have such names, and Normalize throws on them.
        IEnumerable<string> runes = name.EnumerateRunes().Select(rune => (rune.Value == 0xFFFE ? Rune.ReplacementChar : rune).ToString());
        return string.Concat(runes)
            .Normalize(NormalizationForm.FormKD)
            .Replace("ß", "ss", StringComparison.Ordinal)
            .Replace("ẞ", "ss", StringComparison.Ordinal)
            .ToUpperInvariant();
    }

    /// <summary>Whether the name of a saved video was made from <paramref name="wanted"/>, with or without a number.</summary>
    public static bool IsNamed(string path, string wanted)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        string safe = Path.GetFileNameWithoutExtension(Safe(wanted));
        return name == safe || name.StartsWith(safe + " (", StringComparison.Ordinal);
    }

    /// <summary>Whether Windows reserves the name for a device, with any extension.</summary>
    private static bool IsDeviceName(string name) => s_reserved.Contains(name.Split('.')[0].TrimEnd());

    /// <summary>The start of a name that has at most <paramref name="longest"/> UTF-8 bytes.</summary>
    public static string Truncate(string name, int longest)
    {
        StringBuilder kept = new();
        int bytes = 0;
        foreach (Rune rune in name.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > longest)
            {
                break;
            }

            kept.Append(rune.ToString());
        }

        return kept.ToString().TrimEnd(' ', '.');
    }
}
