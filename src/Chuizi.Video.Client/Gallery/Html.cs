using System.Globalization;
using System.Text;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Gallery;

/// <summary>
/// Builds HTML. Values in an interpolated string are encoded, so that data can only become text or the value of a quoted attribute. Only
/// another <see cref="Html"/> is inserted unchanged.
/// </summary>
internal sealed class Html
{
    private readonly StringBuilder _text = new();

    /// <summary>Appends literal HTML with encoded values.</summary>
    public Html Add([System.Runtime.CompilerServices.InterpolatedStringHandlerArgument("")] HtmlInterpolation piece)
    {
        _ = piece;
        return this;
    }

    /// <summary>Appends trusted HTML unchanged.</summary>
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

    /// <summary>Appends a number in the invariant culture.</summary>
    internal void AddNumber(IFormattable number) => _text.Append(number.ToString(null, CultureInfo.InvariantCulture));

    /// <summary>
    /// The text as a page can show it: line endings are LF, and control characters and unpaired surrogates are U+FFFD. Secrets are masked,
    /// because pages are shared.
    /// </summary>
    public static string Clean(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        StringBuilder clean = new(text.Length);
        // Enumerating runes converts unpaired surrogates to U+FFFD.
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
