namespace Chuizi.Video.Client.Text;

/// <summary>Text of a server, a ledger or a list on its way to a terminal, which its control characters could write over or steer.</summary>
internal static class TerminalText
{
    /// <summary>The text with a blank in place of each control character other than a tab or the end of a line.</summary>
    public static string WithoutControls(string? text)
    {
        text ??= "";
        return text.Any(IsSteering) ? string.Concat(text.Select((letter, at) => IsSteering(letter) && !IsLineEnd(at) ? ' ' : letter)) : text;

        static bool IsSteering(char letter) => char.IsControl(letter) && letter is not ('\n' or '\t');

        bool IsLineEnd(int at) => text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n';
    }
}
