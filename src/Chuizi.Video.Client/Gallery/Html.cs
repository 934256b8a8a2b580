using System.Globalization;
using System.Text;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Gallery;

/// <summary>
/// HTML that grows. Whatever is put into a hole of an interpolated string is encoded, so that data can become text or the value of a
/// quoted attribute, and nothing else; only another <see cref="Html"/> goes in as it is.
/// </summary>
internal sealed class Html
{
    private readonly StringBuilder _text = new();

    /// <summary>Appends literal HTML with encoded holes.</summary>
    public Html Add([System.Runtime.CompilerServices.InterpolatedStringHandlerArgument("")] HtmlPiece piece)
    {
        _ = piece;
        return this;
    }

    /// <summary>Appends what is our own.</summary>
    internal Html AddRaw(string html)
    {
        _text.Append(html);
        return this;
    }

    /// <summary>Appends a text, encoded.</summary>
    internal void AddText(string? text)
    {
        foreach (char letter in Clean(text))
        {
            _ = letter switch
            {
                '&' => _text.Append("&amp;"),
                '<' => _text.Append("&lt;"),
                '>' => _text.Append("&gt;"),
                '"' => _text.Append("&quot;"),
                '\'' => _text.Append("&#39;"),
                '`' => _text.Append("&#96;"),
                _ => _text.Append(letter),
            };
        }
    }

    /// <summary>Appends a number as a program reads it.</summary>
    internal void AddNumber(IFormattable number) => _text.Append(number.ToString(null, CultureInfo.InvariantCulture));

    /// <summary>
    /// The text as a page can show it: line ends are LF, and what HTML cannot hold, or a reader cannot see (control characters, halves of
    /// surrogate pairs), is U+FFFD. A key of the API is masked, since pages are passed on.
    /// </summary>
    public static string Clean(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        StringBuilder clean = new(text.Length);
        // Enumerating runes makes U+FFFD of lone halves.
        foreach (Rune rune in SecretRedactor.Mask(text).ReplaceLineEndings("\n").EnumerateRunes())
        {
            bool isBad = Rune.IsControl(rune) && rune.Value is not ('\n' or '\t');
            clean.Append((isBad ? Rune.ReplacementChar : rune).ToString());
        }

        return clean.ToString();
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
