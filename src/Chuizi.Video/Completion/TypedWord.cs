using System.Management.Automation;
using Chuizi.Video.Client.Text;
using Chuizi.Video.Module.Input;

namespace Chuizi.Video.Module.Completion;

/// <summary>The word before the cursor without its quotes: the part of a value typed so far.</summary>
internal sealed class TypedWord
{
    // PowerShell also accepts typographic quotes.
    private const string SingleQuotes = "'\u2018\u2019\u201A\u201B";
    private const string DoubleQuotes = "\"\u201C\u201D\u201E";

    private readonly bool _isDouble;
    private readonly bool _isSingle;

    /// <summary>Reads the word as the engine passes it, with the quotes that were typed.</summary>
    public TypedWord(string? word)
    {
        Text = word ?? "";
        if (Text.Length > 0)
        {
            _isSingle = SingleQuotes.Contains(Text[0], StringComparison.Ordinal);
            _isDouble = DoubleQuotes.Contains(Text[0], StringComparison.Ordinal);
            string quotes = _isSingle ? SingleQuotes : _isDouble ? DoubleQuotes : "";
            bool isClosed = Text.Length > 1 && quotes.Contains(Text[^1], StringComparison.Ordinal);
            Text = quotes.Length == 0 ? Text : isClosed ? Text[1..^1] : Text[1..];
        }
    }

    /// <summary>The text without quotes.</summary>
    public string Text { get; }

    /// <summary>The value as it must appear on the command line: in the quotes that were typed, or bare if possible.</summary>
    public string Quote(string value) =>
        _isDouble ? $"\"{string.Concat(value.Select(EscapeInDoubleQuotes))}\""
        : _isSingle ? PowerShellText.SingleQuote(value)
        : CommandText.Quote(value);

    /// <summary>
    /// The values that match the word: those that start with it, also after the last slash; if there are none, those that contain it. A
    /// word with wildcards is a pattern.
    /// </summary>
    public IReadOnlyList<T> Filter<T>(IReadOnlyList<T> values, Func<T, string> text)
    {
        if (Pattern() is { } pattern)
        {
            return [.. values.Where(value => pattern.IsMatch(text(value)) || pattern.IsMatch(Leaf(text(value))))];
        }

        T[] begun = [.. values.Where(value => Begins(text(value)) || Begins(Leaf(text(value))))];
        return begun.Length > 0 ? begun : [.. values.Where(value => text(value).Contains(Text, StringComparison.OrdinalIgnoreCase))];
    }

    private static string EscapeInDoubleQuotes(char letter) =>
        letter is '`' or '$' || DoubleQuotes.Contains(letter, StringComparison.Ordinal) ? $"`{letter}" : $"{letter}";

    private static string Leaf(string value) => value[(value.LastIndexOf('/') + 1)..];

    private bool Begins(string value) => value.StartsWith(Text, StringComparison.OrdinalIgnoreCase);

    private WildcardPattern? Pattern()
    {
        try
        {
            return WildcardPattern.ContainsWildcardCharacters(Text) ? WildcardPattern.Get(Text + "*", WildcardOptions.IgnoreCase) : null;
        }
        catch (WildcardPatternException)
        {
            // An incomplete pattern, such as [a, is matched as text.
            return null;
        }
    }
}
