using System.Globalization;

namespace Chuizi.Video.Client.Rows;

/// <summary>Recognizes text that was damaged when it was read, or that is invisible, and removes invisible characters.</summary>
internal static class TextDamage
{
    /// <summary>What is wrong with a text; null if it is fine.</summary>
    public static string? Of(string text)
    {
        if (text.Contains('\uFFFD', StringComparison.Ordinal))
        {
            return "contains the character U+FFFD, which stands for text that was lost when the file was read. The file is probably not "
                + "UTF-8. Read it again with its encoding: with Import-Csv or New-ChuiziVideo -Path, use -Encoding, for example 936 "
                + "(Chinese) or 1252 (Western European).";
        }

        foreach (char letter in text)
        {
            if (char.IsControl(letter) && letter is not ('\t' or '\r' or '\n'))
            {
                string code = ((int)letter).ToString("X4", CultureInfo.InvariantCulture);
                return $"contains the control character U+{code}. Remove it. If the text comes from a file, the file may be in another "
                    + "format or encoding (-Encoding).";
            }
        }

        return text.Length > 0 && text.EnumerateRunes().All(IsInvisible)
            ? "contains only invisible characters, such as U+200B. Clear the cell or enter a text."
            : null;
    }

    /// <summary>The text without format characters, such as U+200B.</summary>
    public static string WithoutInvisible(string text) =>
        string.Concat(text.Where(letter => char.GetUnicodeCategory(letter) is not UnicodeCategory.Format));

    private static bool IsInvisible(System.Text.Rune rune) => System.Text.Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format
        or UnicodeCategory.Control or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.NonSpacingMark;
}
