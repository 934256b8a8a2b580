namespace Chuizi.Video.Client.Budget;

/// <summary>What a response says about the rate limit (API contract, layer 2: every header may be absent).</summary>
/// <param name="Refused">429: not accepted, and not counted.</param>
/// <param name="Limit">The requests allowed in 60 s.</param>
/// <param name="Remaining">The number of requests that remain.</param>
/// <param name="RetryAfter">
/// The time to wait after a 429, from <c>Retry-After</c>, or from <c>X-RateLimit-Reset</c> if no requests remain.
/// </param>
internal sealed record RateLimitHints(bool Refused, int? Limit = null, int? Remaining = null, TimeSpan? RetryAfter = null);
