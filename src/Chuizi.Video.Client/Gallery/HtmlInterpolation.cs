using System.Runtime.CompilerServices;

namespace Chuizi.Video.Client.Gallery;

/// <summary>An interpolated string that is appended to <see cref="Html"/>. Values of a type without an overload do not compile.</summary>
[InterpolatedStringHandler]
internal readonly struct HtmlInterpolation
{
    private readonly Html _html;

    /// <summary>Called by the compiler.</summary>
    public HtmlInterpolation(int literalLength, int formattedCount, Html html)
    {
        _ = literalLength + formattedCount;
        _html = html;
    }

    /// <summary>Appends the literal parts, which are trusted.</summary>
    public void AppendLiteral(string html) => _html.AddRaw(html);

    /// <summary>Appends a text, encoded.</summary>
    public void AppendFormatted(string? text) => _html.AddText(text);

    public void AppendFormatted(int number) => _html.AddNumber(number);

    public void AppendFormatted(long number) => _html.AddNumber(number);

    public void AppendFormatted(decimal number) => _html.AddNumber(number);

    /// <summary>Appends HTML unchanged.</summary>
    public void AppendFormatted(Html html) => _html.AddRaw(html.ToString());
}
