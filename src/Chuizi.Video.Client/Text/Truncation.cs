namespace Chuizi.Video.Client.Text;

/// <summary>Shortens texts of unlimited length, such as cells and responses, so that messages stay readable.</summary>
internal static class Truncation
{
    private const int LongestMessage = 2000;

    /// <summary>The text, or its start and an ellipsis if it is longer than <paramref name="longest"/> characters.</summary>
    public static string End(string text, int longest) => text.Length <= longest ? text : $"{Start(text, longest).TrimEnd()}…";

    /// <summary>The text, or its start and its end if it is too long for a message: either may contain the important part.</summary>
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

    /// <summary>The first characters, without splitting a surrogate pair.</summary>
    public static string Start(string text, int length) => text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
}
