using System.Globalization;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video;

/// <summary>
/// How values are written where there is little room: in tables, messages and sums. (The gallery has more room, and writes lengths of time
/// out.)
/// </summary>
public static class VideoFormat
{
    /// <summary>An amount in USD, with as many digits as it needs, from two to four.</summary>
    public static string Cost(decimal? cost) => cost is { } amount ? amount.ToString("$0.00##", CultureInfo.InvariantCulture) : "";

    /// <summary>A sum in USD, of which some parts may not be known.</summary>
    public static string Sum(decimal known, int missing) => missing == 0 ? Cost(known) : known == 0 ? "unknown" : "at least " + Cost(known);

    /// <summary>A price with its unit: <c>$0.05/s</c>.</summary>
    public static string Price(decimal? price, string? unit) =>
        price is null ? "" : Cost(price) + unit switch { null => "", "second" => "/s", _ => "/" + unit };

    /// <summary>A model's name without its provider's prefix.</summary>
    public static string ShortModel(string? model) => model is null ? "" : Line(model[(model.LastIndexOf('/') + 1)..]);

    /// <summary>The text without control characters other than tabs and line ends.</summary>
    public static string Text(string? text) => TerminalText.WithoutControls(text);

    /// <summary>How long ago something was, in its largest unit.</summary>
    public static string Age(DateTime? created) => created is { } time ? Length(DateTime.UtcNow - time.ToUniversalTime()) : "";

    /// <summary>A length of time in its largest unit: 45s, 12m, 3h, 9d.</summary>
    public static string Length(TimeSpan? time) => time switch
    {
        null => "",
        { TotalSeconds: < 0 } => "0s",
        { TotalSeconds: < 100 } => string.Create(CultureInfo.InvariantCulture, $"{time.Value.TotalSeconds:0}s"),
        { TotalMinutes: < 100 } => string.Create(CultureInfo.InvariantCulture, $"{time.Value.TotalMinutes:0}m"),
        { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{time.Value.TotalHours:0}h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.Value.TotalDays:0}d"),
    };

    /// <summary>The text in one line, without control letters, which could write over a terminal.</summary>
    public static string Line(string? text) => TerminalText.OneLine(text);
}
