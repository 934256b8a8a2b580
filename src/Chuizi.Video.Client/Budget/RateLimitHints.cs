namespace Chuizi.Video.Client.Budget;

/// <summary>What an answer says of the rate limit (API contract, layer 2: every header may be absent).</summary>
/// <param name="Refused">429: not taken, and not counted.</param>
/// <param name="Limit">Requests in 60 s.</param>
/// <param name="Remaining">How many of them are left.</param>
/// <param name="RetryAfter">
/// How long to wait, from a refusal's <c>Retry-After</c>, or <c>X-RateLimit-Reset</c> when nothing remains.
/// </param>
internal sealed record RateLimitHints(bool Refused, int? Limit = null, int? Remaining = null, TimeSpan? RetryAfter = null);
