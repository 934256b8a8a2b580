using System.Text;

namespace Chuizi.Video.Client.Files;

/// <summary>Makes file names that Windows, Linux and macOS all take, out of any text.</summary>
internal static class FileNames
{
    /// <summary>The longest name, in UTF-8 bytes: 255 is the file systems' limit, and <c>.part</c> and a number must fit.</summary>
    public const int LongestName = 200;

    private const string Forbidden = "<>:\"/\\|?*";

    private static readonly HashSet<string> s_reserved = new(
        ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", .. Enumerable.Range(0, 10).SelectMany(n => new[] { $"COM{n}", $"LPT{n}" }),
            "COM¹", "COM²", "COM³", "LPT¹", "LPT²", "LPT³"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// A safe name for one file, no path: what a file system forbids becomes <c>_</c>, invisible and direction-changing letters go,
    /// reserved device names get a <c>_</c> in front, <c>.mp4</c> is added where it is missing.
    /// </summary>
    public static string Safe(string text)
    {
        StringBuilder kept = new(text.Length);
        // Lone halves of surrogate pairs become U+FFFD here, and go below.
        foreach (Rune rune in text.EnumerateRunes())
        {
            System.Globalization.UnicodeCategory category = Rune.GetUnicodeCategory(rune);
            if (category is System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.LineSeparator
                or System.Globalization.UnicodeCategory.ParagraphSeparator)
            {
                kept.Append('_');
            }
            else if (category is not (System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.OtherNotAssigned
                or System.Globalization.UnicodeCategory.PrivateUse or System.Globalization.UnicodeCategory.Surrogate) && rune != Rune.ReplacementChar)
            {
                kept.Append(rune.IsAscii && Forbidden.Contains((char)rune.Value, StringComparison.Ordinal) ? "_" : rune.ToString());
            }
        }

        string name = kept.ToString().Normalize(NormalizationForm.FormC);
        if (name.EndsWith(".mp4", StringComparison.OrdinalIgnoreCase))
        {
            name = name[..^4];
        }

        name = Cut(name.Trim(' ', '.'));
        return (name.Length == 0 ? "video" : IsDevices(name) ? "_" + name : name) + ".mp4";
    }

    /// <summary>Whether Windows takes the name, whatever its ending, for a device.</summary>
    private static bool IsDevices(string name) => s_reserved.Contains(name.Split('.')[0].TrimEnd());

    /// <summary>Whether a video may have this name.</summary>
    public static bool IsVideos(string name) =>
        name.EndsWith(".mp4", StringComparison.Ordinal) && !IsDevices(name) && !name.Any(letter => char.IsControl(letter) || Forbidden.Contains(letter, StringComparison.Ordinal));

    /// <summary><paramref name="name"/> with a number before its ending: the second of two videos of one name.</summary>
    public static string Numbered(string name, int number) =>
        $"{System.IO.Path.GetFileNameWithoutExtension(name)} ({number}){System.IO.Path.GetExtension(name)}";

    /// <summary>The same text for names that some file system takes for one: those that differ in case or Unicode form alone, and a few more.</summary>
    // What has no normal form (lone halves of surrogate pairs, U+FFFE) becomes U+FFFD: Normalize throws at it, and a folder may have it.
    public static string Fold(string name) => string.Concat(name.EnumerateRunes().Select(rune => (rune.Value == 0xFFFE ? Rune.ReplacementChar : rune).ToString()))
        .Normalize(NormalizationForm.FormKD)
        .Replace("ß", "ss", StringComparison.Ordinal).Replace("ẞ", "ss", StringComparison.Ordinal)
        .ToUpperInvariant();

    /// <summary>Whether a video's file has the name that <paramref name="wanted"/> gives, or that name with a number.</summary>
    public static bool IsNamed(string path, string wanted)
    {
        string name = System.IO.Path.GetFileNameWithoutExtension(path);
        string safe = System.IO.Path.GetFileNameWithoutExtension(Safe(wanted));
        return name == safe || name.StartsWith(safe + " (", StringComparison.Ordinal);
    }

    private static string Cut(string name)
    {
        StringBuilder kept = new();
        int bytes = 0;
        foreach (Rune rune in name.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > LongestName)
            {
                break;
            }

            kept.Append(rune.ToString());
        }

        return kept.ToString().TrimEnd(' ', '.');
    }
}
