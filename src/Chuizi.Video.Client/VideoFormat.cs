using System.Globalization;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video;

/// <summary>Formats values for tables, messages and totals, where space is short. The gallery spells out lengths of time instead.</summary>
public static class VideoFormat
{
    /// <summary>An amount in USD with two to four decimal places, as needed.</summary>
    public static string Cost(decimal? cost) => cost is { } amount ? amount.ToString("$0.00##", CultureInfo.InvariantCulture) : "";

    /// <summary>A sum in USD, some parts of which may be unknown.</summary>
    public static string Sum(decimal known, int missing) => missing == 0 ? Cost(known) : known == 0 ? "unknown" : "at least " + Cost(known);

    /// <summary>A price with its unit: <c>$0.05/s</c>.</summary>
    public static string Price(decimal? price, string? unit) =>
        price is null ? "" : Cost(price) + unit switch { null => "", "second" => "/s", _ => "/" + unit };

    /// <summary>A model's name without its provider's prefix.</summary>
    public static string ShortModel(string? model) => model is null ? "" : Line(model[(model.LastIndexOf('/') + 1)..]);

    /// <summary>The text without control characters other than tabs and line ends.</summary>
    public static string Text(string? text) => TerminalText.WithoutControls(text);

    /// <summary>The time since <paramref name="created"/>, in its largest unit.</summary>
    public static string Age(DateTime? created) => created is { } time ? Length(DateTime.UtcNow - time.ToUniversalTime()) : "";

    /// <summary>A time in UTC that says so.</summary>
    public static string Utc(DateTime? time) =>
        time is { } at ? at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture) : "";

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

    /// <summary>The text on one line, without control characters, which could manipulate a terminal.</summary>
    public static string Line(string? text) => TerminalText.OneLine(text);
}
