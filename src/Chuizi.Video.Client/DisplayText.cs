using System.Globalization;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video;

/// <summary>Formats values for tables, messages and totals, where space is short. The gallery spells out lengths of time instead.</summary>
public static class DisplayText
{
    /// <summary>An amount in USD with two to four decimal places, as needed.</summary>
    public static string Cost(decimal? cost) => cost is { } amount ? amount.ToString("$0.00##", CultureInfo.InvariantCulture) : "";

    /// <summary>A sum in USD, some parts of which may be unknown.</summary>
    public static string Sum(decimal known, int missing) => missing == 0 ? Cost(known) : known == 0 ? "unknown" : "at least " + Cost(known);

    /// <summary>A price with its unit: <c>$0.05/s</c>.</summary>
    public static string Price(decimal? price, string? unit) =>
        price is null ? "" : Cost(price) + unit switch { null => "", "second" => "/s", _ => "/" + unit };

    /// <summary>A count with its noun: <c>1 video</c>, <c>1,000 videos</c>.</summary>
    internal static string Count(int count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? "" : "s")}");

    /// <summary>A model's name without its provider's prefix.</summary>
    public static string ShortModel(string? model) => model is null ? "" : Line(model[(model.LastIndexOf('/') + 1)..]);

    /// <summary>The name of the saved file, otherwise the name that it will have.</summary>
    public static string File(string? path, string? name) =>
        path is { Length: > 0 } ? Line(path[(path.LastIndexOfAny(['/', '\\']) + 1)..]) : Line(name);

    /// <summary>The text without control characters other than tabs and line ends.</summary>
    public static string Text(string? text) => TerminalText.WithoutControls(text);

    /// <summary>The time since <paramref name="created"/>, in one unit.</summary>
    public static string Age(DateTime? created) => created is { } time ? Length(DateTime.UtcNow - time.ToUniversalTime()) : "";

    /// <summary>A length of time in seconds, in one unit.</summary>
    public static string Seconds(double? seconds) =>
        seconds is { } known && double.IsFinite(known) ? Length(TimeSpan.FromSeconds(Math.Clamp(known, -1e9, 1e9))) : "";

    /// <summary>A model's name without its provider's prefix, at most 14 characters: the end tells models of one family apart.</summary>
    public static string TableModel(string? model)
    {
        const int Width = 14;
        const int End = 4;
        string name = ShortModel(model);
        return name.Length > Width ? $"{name[..(Width - End - 1)]}…{name[^End..]}" : name;
    }

    /// <summary>
    /// The status, in color where the host renders colors. PowerShell removes them from other hosts, but not from redirected output.
    /// </summary>
    public static string Status(string? status) => Status(status, !Console.IsOutputRedirected);

    internal static string Status(string? status, bool inColor)
    {
        int? code = !inColor ? null : status switch
        {
            VideoStatus.Succeeded => 32,
            VideoStatus.Failed => 31,
            VideoStatus.Unknown => 33,
            VideoStatus.Skipped => 90,
            VideoStatus.Processing => 36,
            _ => null,
        };
        return code is null ? Line(status) : string.Create(CultureInfo.InvariantCulture, $"\e[{code}m{status}\e[0m");
    }

    /// <summary>A time in UTC that says so.</summary>
    public static string Utc(DateTime? time) =>
        time is { } at ? at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture) : "";

    /// <summary>A length of time in one unit: 45s, 12m, 3h, 9d.</summary>
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
