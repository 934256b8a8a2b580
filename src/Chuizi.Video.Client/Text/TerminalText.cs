using System.Globalization;
using System.Text;

namespace Chuizi.Video.Client.Text;

/// <summary>
/// Text of a server, a ledger or a list on its way to a terminal, which its control characters could write over or steer.
/// </summary>
internal static class TerminalText
{
    private const int LongestBody = 4000;

    /// <summary>The text with a blank in place of each control character other than a tab or the end of a line.</summary>
    public static string WithoutControls(string? text)
    {
        text ??= "";
        return text.Any(IsSteering)
            ? string.Concat(text.Select((letter, at) => IsSteering(letter) && !IsLineEnd(at) ? ' ' : letter))
            : text;

        static bool IsSteering(char letter) => char.IsControl(letter) && letter is not ('\n' or '\t');

        bool IsLineEnd(int at) => text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n';
    }

    /// <summary>The text in one line, with single blanks in place of control characters.</summary>
    public static string OneLine(string? text) =>
        string.Join(
            ' ',
            string.Concat((text ?? "").Select(letter => char.IsControl(letter) ? ' ' : letter))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>A body as it is shown: one line, of bounded length, without a key and without what would steer a terminal.</summary>
    public static string OfBody(ReadOnlySpan<byte> body)
    {
        // A letter is up to four bytes; one cut in half is shown as a mark.
        string text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, LongestBody * 4)]);
        string rest =
            text.Length > LongestBody || body.Length > LongestBody * 4
                ? string.Create(CultureInfo.InvariantCulture, $"… ({body.Length:N0} bytes in all)")
                : "";
        return SecretRedactor.Mask(OneLine(text.Length > LongestBody ? text[..LongestBody] : text)) + rest;
    }
}
