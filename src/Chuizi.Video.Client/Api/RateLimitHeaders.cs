using System.Globalization;
using Chuizi.Video.Client.Budget;

namespace Chuizi.Video.Client.Api;

/// <summary>Reads the rate limit headers and <c>Retry-After</c> (API contract, layer 2).</summary>
internal static class RateLimitHeaders
{
    // A Reset of this value or more is a Unix time (2001 or later); a lower one is a number of seconds.
    private const long FirstUnixTime = 1_000_000_000;

    /// <summary>Reads the headers of a response; any of them may be absent.</summary>
    /// <param name="response">The response.</param>
    /// <param name="now">The current time, for a response without a <c>Date</c>.</param>
    public static RateLimitHints Read(HttpResponseMessage response, DateTimeOffset now)
    {
        bool refused = (int)response.StatusCode == 429;
        int? limit = (int?)Number(response, "X-RateLimit-Limit", int.MaxValue) is > 0 and { } stated ? stated : null;
        int? remaining = (int?)Number(response, "X-RateLimit-Remaining", int.MaxValue);
        TimeSpan? wait = refused ? RetryAfter(response, now) : null;
        if (refused && wait is null && !(remaining > 0) && Number(response, "X-RateLimit-Reset", 100 * FirstUnixTime) is { } reset)
        {
            wait = reset < FirstUnixTime
                ? TimeSpan.FromSeconds(reset)
                : DateTimeOffset.FromUnixTimeSeconds(reset) - ServerTime(response, now);
        }

        return new RateLimitHints(refused, limit, remaining, wait > TimeSpan.Zero ? wait : null);
    }

    private static long? Number(HttpResponseMessage response, string name, long most) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values)
        && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
        && number <= most
            ? number
            : null;

    /// <summary>The time to wait from a <c>Retry-After</c> header of any response; null without one.</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now) =>
        response.Headers.RetryAfter is not { } header ? null
        : header.Delta ?? (header.Date is { } date ? date - ServerTime(response, now) : null);

    /// <summary>The server's time, because the clocks of two machines differ; ours if the response has no <c>Date</c>.</summary>
    private static DateTimeOffset ServerTime(HttpResponseMessage response, DateTimeOffset now) => response.Headers.Date ?? now;
}
