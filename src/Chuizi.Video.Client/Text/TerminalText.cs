using System.Globalization;
using System.Text;

namespace Chuizi.Video.Client.Text;

/// <summary>
/// Makes text from a server, a ledger or a list safe to print: its control characters could manipulate the terminal, and the body of a
/// request or response may be long and contain a secret.
/// </summary>
internal static class TerminalText
{
    /// <summary>The text with a space in place of each control character other than a tab or a line end.</summary>
    public static string WithoutControls(string? text)
    {
        text ??= "";
        return text.Any(IsSteering)
            ? string.Concat(text.Select((letter, at) => IsSteering(letter) && !IsLineEnd(at) ? ' ' : letter))
            : text;

        static bool IsSteering(char letter) => char.IsControl(letter) && letter is not ('\n' or '\t');

        bool IsLineEnd(int at) => text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n';
    }

    /// <summary>The text on one line, with single spaces in place of control characters.</summary>
    public static string OneLine(string? text) =>
        string.Join(
            ' ',
            string.Concat((text ?? "").Select(letter => char.IsControl(letter) ? ' ' : letter))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>A body for display: one line, without a key or control characters.</summary>
    /// <param name="body">The body.</param>
    /// <param name="longest">The number of characters after which it is cut.</param>
    public static string OfBody(ReadOnlySpan<byte> body, int longest = 4000)
    {
        // A character has up to four bytes.
        bool isPart = body.Length > longest * 4;
        // Masked before it is cut, because the start of a secret does not look like one.
        string line = SecretRedactor.Mask(OneLine(Encoding.UTF8.GetString(isPart ? body[..(longest * 4)] : body)));
        if (!isPart && line.Length <= longest)
        {
            return line;
        }

        // If most of the body was white space, its last word is shown, and may be the start of a secret too.
        string shown = line.Length > longest ? Truncation.Start(line, longest) : line[..Math.Max(0, line.LastIndexOf(' '))];
        return string.Create(CultureInfo.InvariantCulture, $"{shown}… ({body.Length:N0} bytes in all)");
    }
}
