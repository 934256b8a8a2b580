using System.Runtime.CompilerServices;

namespace Chuizi.Video.Client.Gallery;

/// <summary>One interpolated string on its way into <see cref="Html"/>. A hole of a type that is not here does not compile.</summary>
[InterpolatedStringHandler]
internal readonly struct HtmlPiece
{
    private readonly Html _html;

    /// <summary>For the compiler.</summary>
    public HtmlPiece(int literalLength, int formattedCount, Html html)
    {
        _ = literalLength + formattedCount;
        _html = html;
    }

    /// <summary>The literal parts are ours.</summary>
    public void AppendLiteral(string html) => _html.AddRaw(html);

    /// <summary>A text is encoded.</summary>
    public void AppendFormatted(string? text) => _html.AddText(text);

    /// <summary>A number.</summary>
    public void AppendFormatted(int number) => _html.AddNumber(number);

    /// <summary>A number.</summary>
    public void AppendFormatted(long number) => _html.AddNumber(number);

    /// <summary>A number.</summary>
    public void AppendFormatted(decimal number) => _html.AddNumber(number);

    /// <summary>HTML goes in as it is.</summary>
    public void AppendFormatted(Html html) => _html.AddRaw(html.ToString());
}
