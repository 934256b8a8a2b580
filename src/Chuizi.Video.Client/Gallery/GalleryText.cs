using System.Collections;
using System.Globalization;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Gallery;

/// <summary>Formats values for the page, independent of the machine's culture.</summary>
internal static class GalleryText
{
    /// <summary>The longest text of a column or an address, which may contain an image as a data URL.</summary>
    public const int Longest = 4000;

    /// <summary>The defined statuses, in the order of their interest to a reader.</summary>
    public static readonly IReadOnlyList<string> Statuses =
        [VideoStatus.Succeeded, VideoStatus.Processing, VideoStatus.Failed, VideoStatus.Unknown, VideoStatus.Skipped];

    /// <summary>
    /// The cost of a video. A video that was not sent, or failed without a reported cost, cost nothing (docs/guides/money.md).
    /// </summary>
    public static string Cost(Video video) =>
        video.Cost is { } cost ? DisplayText.Cost(cost) : VideoFigures.CountsAsFree(video) ? "none" : "unknown";

    /// <summary>A length of time in seconds: <c>2.3 s</c>, <c>42 s</c>, <c>3 min 5 s</c>, <c>2 h 4 min</c>.</summary>
    public static string Length(double time)
    {
        double seconds = Math.Clamp(time, 0, TimeSpan.MaxValue.TotalSeconds);
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

    /// <summary>A length of time as players show it: <c>0:05</c>.</summary>
    public static string Clock(int seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}:{Math.Abs(seconds % 60):00}");

    /// <summary>A time for people to read.</summary>
    public static string Time(DateTime time) => Utc(time).ToString("d MMM yyyy, HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A time in ISO 8601 format.</summary>
    public static string MachineTime(DateTime time) => Utc(time).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A status with an initial capital; undefined statuses are unchanged.</summary>
    public static string Status(string status) => Statuses.Contains(status) ? char.ToUpperInvariant(status[0]) + status[1..] : status;

    /// <summary>The CSS class of a status. The page has styles only for defined statuses.</summary>
    public static string StatusClass(string status) => Statuses.Contains(status) ? status : VideoStatus.Unknown;

    /// <summary>A column's value as text: a list of texts with semicolons, other lists and tables as JSON.</summary>
    public static string Value(object? value) => Shorten(value switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "true" : "false",
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        string[] texts => string.Join("; ", texts),
        IEnumerable when JsonConversion.GetProblem(value) is null => JsonConversion.ToText(value),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    });

    /// <summary>The text, or its start and the number of omitted characters.</summary>
    public static string Shorten(string? text) => text is null || text.Length <= Longest
        ? text ?? ""
        : string.Create(CultureInfo.InvariantCulture, $"{Truncation.End(text, Longest)} ({text.Length - Longest:N0} more characters)");

    /// <summary>Why a video failed.</summary>
    public static string Reason(VideoError error)
    {
        string codes = string.Join(", ", new[] { error.Type, error.Code }.Where(text => !string.IsNullOrWhiteSpace(text)));
        return string.IsNullOrWhiteSpace(error.Message) ? (codes.Length > 0 ? codes : "No reason was given.")
            : codes.Length > 0 ? $"{error.Message} ({codes})"
            : error.Message;
    }

    private static DateTime Utc(DateTime time) => time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : time;
}
