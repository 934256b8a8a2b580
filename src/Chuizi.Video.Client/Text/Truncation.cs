namespace Chuizi.Video.Client.Text;

/// <summary>Cuts texts that may be endless, as a cell or an answer can be, so that what is shown stays readable.</summary>
internal static class Truncation
{
    private const int LongestMessage = 2000;

    /// <summary>The text or, where it is longer than that many characters, its beginning and an ellipsis.</summary>
    public static string End(string text, int longest) => text.Length <= longest ? text : $"{Start(text, longest).TrimEnd()}…";

    /// <summary>The text or, where it is too long for a message, its beginning and its end: what matters may be in either.</summary>
    public static string Middle(string text)
    {
        if (text.Length <= LongestMessage)
        {
            return text;
        }

        string end = text[^(LongestMessage / 5)..];
        end = char.IsLowSurrogate(end[0]) ? end[1..] : end;
        return $"{Start(text, LongestMessage * 3 / 4).TrimEnd()} … {end.TrimStart()}";
    }

    /// <summary>The first characters. Half a surrogate pair would be a damaged text, so the cut falls before the pair.</summary>
    private static string Start(string text, int length) => text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
}
