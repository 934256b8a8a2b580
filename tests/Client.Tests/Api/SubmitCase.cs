using Chuizi.Video.Sandbox;

namespace Chuizi.Video.Client.Tests.Api;

/// <summary>What goes wrong with a submission, and the expected result.</summary>
/// <param name="Faults">The faults, in order.</param>
/// <param name="Kind">The kind of the failure; null for success.</param>
/// <param name="Posts">The number of requests that reach the API.</param>
/// <param name="Jobs">The number of jobs that are billed.</param>
internal sealed record SubmitCase(SandboxFault[] Faults, ChuiziErrorKind? Kind, int Posts, int Jobs)
{
    public const int Retries = 2;
    public const int RateLimitRetries = 3;

    private const ChuiziErrorKind Unknown = ChuiziErrorKind.SubmissionOutcomeUnknown;

    public static IReadOnlyDictionary<string, SubmitCase> All { get; } = Make();

    private static Dictionary<string, SubmitCase> Make()
    {
        Dictionary<string, SubmitCase> all = new(StringComparer.Ordinal)
        {
            ["nothing wrong"] = new([], null, 1, 1),

            // Provably not accepted, so retried.
            ["429 twice"] = new([Status(429, times: 2)], null, 3, 1),
            ["429 with Retry-After twice"] = new([Status(429, times: 2, retryAfter: 7)], null, 3, 1),
            ["429 for ever"] = new([Status(429)], ChuiziErrorKind.RateLimited, 1 + RateLimitRetries, 0),
            ["429 of a proxy for ever"] = new([Bare(429)], ChuiziErrorKind.RateLimited, 1 + RateLimitRetries, 0),
            ["503 of the gateway once"] = new([Status(503, times: 1)], null, 2, 1),
            ["503 of the gateway with Retry-After once"] = new([Status(503, times: 1, retryAfter: 7)], null, 2, 1),
            ["503 of the gateway for ever"] = new([Status(503)], ChuiziErrorKind.ServerError, 1 + Retries, 0),
            ["503 of the gateway with a number as code"] = new([Status(503, "503", times: 1)], null, 2, 1),
            ["429, 503, 429"] = new([Status(429, times: 1), Status(503, times: 1), Status(429, times: 1)], null, 4, 1),

            // Final rejections.
            ["400"] = new([Status(400)], ChuiziErrorKind.RequestRejected, 1, 0),
            ["401"] = new([Status(401)], ChuiziErrorKind.InvalidApiKey, 1, 0),
            ["402"] = new([Status(402)], ChuiziErrorKind.InsufficientBalance, 1, 0),
            ["403 model"] = new([Status(403, "model_not_allowed")], ChuiziErrorKind.ModelNotAllowed, 1, 0),
            ["403 address"] = new([Status(403, "ip_not_allowed")], ChuiziErrorKind.AccessDenied, 1, 0),
            ["403 daily limit"] = new([Status(403, "daily_limit_exceeded")], ChuiziErrorKind.DailyLimitExceeded, 1, 0),
            ["403 of a firewall"] = new([Bare(403)], ChuiziErrorKind.AccessDenied, 1, 0),
            ["404 model"] = new([Status(404, "model_not_found")], ChuiziErrorKind.ModelNotFound, 1, 0),
            ["404 path"] = new([new() { Kind = FaultKind.NotFound, Route = SandboxRoute.Submit }], ChuiziErrorKind.RequestRejected, 1, 0),
            ["413 of a proxy"] = new([Bare(413)], ChuiziErrorKind.RequestRejected, 1, 0),

            // Unknown outcomes.
            ["408"] = new([Status(408)], Unknown, 1, 0),
            ["503 of a proxy"] = new([Bare(503)], Unknown, 1, 0),
            ["503 of a proxy, empty"] = new([Bare(503, "empty")], Unknown, 1, 0),
            ["503 of a proxy, in another form"] = new([Bare(503, "flat")], Unknown, 1, 0),
            ["503 in another form after acceptance"] = new([After(503, "flat")], Unknown, 1, 1),
            ["drop before acceptance"] = new([Fault(FaultKind.DropBeforeAcceptance)], Unknown, 1, 0),
            ["drop after acceptance"] = new([Fault(FaultKind.DropAfterAcceptance)], Unknown, 1, 1),
            ["malformed JSON with the id whole"] = new([Fault(FaultKind.MalformedJson)], null, 1, 1),
            ["truncated after the id"] = new([new() { Kind = FaultKind.Truncated, Route = SandboxRoute.Submit, At = 60 }], null, 1, 1),
            ["a page with 200"] = new([Fault(FaultKind.HtmlPage)], Unknown, 1, 1),
            ["truncated answer"] = new([new() { Kind = FaultKind.Truncated, Route = SandboxRoute.Submit, At = 5 }], Unknown, 1, 1),
            ["truncated before the first byte"] = new([Fault(FaultKind.Truncated)], Unknown, 1, 1),
            ["redirect loop"] = new([Fault(FaultKind.RedirectLoop)], Unknown, 1, 0),
            ["redirect to plain http"] = new([Fault(FaultKind.RedirectHttp)], Unknown, 1, 0),
            ["429, then a drop after acceptance"] = new([Status(429, times: 1), Fault(FaultKind.DropAfterAcceptance)], Unknown, 2, 1),
            ["503 of the gateway, then a 500 after acceptance"] = new([Status(503, times: 1), After(500)], Unknown, 2, 1),
        };
        foreach (int status in new[] { 500, 502, 504, 520 })
        {
            all[$"{status}"] = new([Status(status)], Unknown, 1, 0);
            all[$"{status} of a proxy"] = new([Bare(status)], Unknown, 1, 0);
            all[$"{status} after acceptance"] = new([After(status)], Unknown, 1, 1);
        }

        foreach (int status in new[] { 301, 302, 303, 307, 308 })
        {
            all[$"redirect {status}"] = new(
                [
                    new()
                    {
                        Kind = FaultKind.RedirectOtherOrigin,
                        Route = SandboxRoute.Submit,
                        Status = status,
                    },
                ],
                Unknown,
                1,
                0);
        }

        return all;
    }

    private static SandboxFault Fault(FaultKind kind) => new() { Kind = kind, Route = SandboxRoute.Submit };

    private static SandboxFault Status(int status, string? code = null, int times = int.MaxValue, int? retryAfter = null) => new()
    {
        Kind = FaultKind.Status, Route = SandboxRoute.Submit, Status = status, Code = code, Times = times,
        RetryAfter = retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
    };

    private static SandboxFault After(int status, string? word = null) =>
        new()
        {
            Kind = FaultKind.StatusAfterAcceptance,
            Route = SandboxRoute.Submit,
            Status = status,
            Word = word,
        };

    private static SandboxFault Bare(int status, string? word = null) =>
        new() { Kind = FaultKind.StatusWithoutEnvelope, Route = SandboxRoute.Submit, Status = status, Word = word, Times = int.MaxValue };
}
