using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Gallery;

/// <summary>How the page words values; independent of the machine's culture.</summary>
internal static class GalleryText
{
    /// <summary>The longest text of a column or an address: an image may be written out in it.</summary>
    public const int Longest = 4000;

    /// <summary>The statuses in the order in which a reader looks for them.</summary>
    public static readonly IReadOnlyList<string> Statuses =
        [VideoStatus.Succeeded, VideoStatus.Processing, VideoStatus.Failed, VideoStatus.Unknown, VideoStatus.Skipped];

    /// <summary>
    /// What a video cost. One that was not sent, or that failed without a cost told, cost nothing (docs/guides/money.md).
    /// </summary>
    public static string Cost(Video video) =>
        video.Cost is { } cost ? VideoFormat.Cost(cost) : VideoFigures.CountsAsFree(video) ? "none" : "unknown";

    /// <summary>A length of time: <c>2.3 s</c>, <c>42 s</c>, <c>3 min 5 s</c>, <c>2 h 4 min</c>.</summary>
    public static string Length(TimeSpan time)
    {
        double seconds = Math.Max(0, time.TotalSeconds);
        if (seconds < 9.95)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#} s");
        }

        long whole = (long)Math.Round(seconds);
        return whole switch
        {
            < 60 => string.Create(CultureInfo.InvariantCulture, $"{whole} s"),
            < 3600 => string.Create(CultureInfo.InvariantCulture, $"{whole / 60} min") + Rest(whole % 60, "s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{whole / 3600:N0} h") + Rest(whole % 3600 / 60, "min"),
        };

        static string Rest(long rest, string unit) => rest == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" {rest} {unit}");
    }

    /// <summary>A time as a person reads it.</summary>
    public static string Time(DateTime time) => Utc(time).ToString("d MMM yyyy, HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A time as a program reads it.</summary>
    public static string MachineTime(DateTime time) => Utc(time).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>How a status is written; a word that is not ours stays as it is.</summary>
    public static string Status(string status) => Statuses.Contains(status) ? char.ToUpperInvariant(status[0]) + status[1..] : status;

    /// <summary>The class of a status; the page has styles for ours alone.</summary>
    public static string StatusClass(string status) => Statuses.Contains(status) ? status : VideoStatus.Unknown;

    /// <summary>A count with its noun.</summary>
    public static string Count(int count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? "" : "s")}");

    /// <summary>A column's value as text: lists and tables as JSON, as New-ChuiziVideo would send them.</summary>
    public static string Value(object? value) => Shorten(value switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "true" : "false",
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        string[] texts => string.Join("; ", texts),
        IEnumerable when JsonValue.WhyNot(value) is null => ToJson(value),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    });

    /// <summary>The text, or its beginning and how much more there was.</summary>
    public static string Shorten(string? text) => text is null || text.Length <= Longest
        ? text ?? ""
        : string.Create(CultureInfo.InvariantCulture, $"{Truncation.End(text, Longest)} ({text.Length - Longest:N0} more characters)");

    private static DateTime Utc(DateTime time) => time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : time;

    private static string ToJson(object value)
    {
        using MemoryStream buffer = new();
        using (
            Utf8JsonWriter json = new(
                buffer,
                new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            JsonValue.Write(json, value);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
