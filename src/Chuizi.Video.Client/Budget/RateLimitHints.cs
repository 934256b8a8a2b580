using System.Globalization;
using Chuizi.Video.Client.Api;

namespace Chuizi.Video.Client.Budget;

/// <summary>What an answer says of the rate limit (API contract, layer 2: every header may be absent).</summary>
/// <param name="Refused">429: not taken, and not counted.</param>
/// <param name="Limit">Requests in 60 s.</param>
/// <param name="Remaining">How many of them are left.</param>
/// <param name="RetryAfter">How long to wait, from a refusal's <c>Retry-After</c>, or <c>X-RateLimit-Reset</c> when nothing remains.</param>
internal sealed record RateLimitHints(bool Refused, int? Limit = null, int? Remaining = null, TimeSpan? RetryAfter = null)
{
    // A Reset above this is a Unix time (2001 or later), below it a number of seconds.
    private const long FirstUnixTime = 1_000_000_000;

    public static RateLimitHints Of(HttpResponseMessage response, TimeProvider clock)
    {
        bool refused = (int)response.StatusCode == 429;
        int? limit = (int?)Number(response, "X-RateLimit-Limit", int.MaxValue) is > 0 and { } stated ? stated : null;
        int? remaining = (int?)Number(response, "X-RateLimit-Remaining", int.MaxValue);
        TimeSpan? wait = refused ? ApiTransport.RetryAfter(response.Headers.RetryAfter, clock) : null;
        if (refused && wait is null && remaining == 0 && Number(response, "X-RateLimit-Reset", 100 * FirstUnixTime) is { } reset)
        {
            wait = reset < FirstUnixTime ? TimeSpan.FromSeconds(reset) : DateTimeOffset.FromUnixTimeSeconds(reset) - clock.GetUtcNow();
        }

        return new RateLimitHints(refused, limit, remaining, wait > TimeSpan.Zero ? wait : null);
    }

    private static long? Number(HttpResponseMessage response, string name, long most) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values)
        && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number <= most ? number : null;
}
