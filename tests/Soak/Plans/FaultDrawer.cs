namespace Chuizi.Video.Soak.Plans;

/// <summary>Draws faults of the sandbox: every kind, on every route where it can occur.</summary>
internal static class FaultDrawer
{
    private static readonly FaultKind[] s_kinds = Enum.GetValues<FaultKind>();
    private static readonly SandboxRoute[] s_routes =
    [
        SandboxRoute.Submit,
        SandboxRoute.Poll,
        SandboxRoute.Media,
        SandboxRoute.KeyInfo,
        SandboxRoute.Models,
    ];
    private static readonly (int Status, string? Code)[] s_refusals =
    [
        (400, null),
        (401, null),
        (402, null),
        (403, "model_not_allowed"),
        (403, "ip_not_allowed"),
        (403, "daily_limit_exceeded"),
        (404, null),
        (409, null),
        (410, null),
    ];

    private static readonly string[] s_codings = ["gzip", "deflate", "br"];
    private static readonly string?[] s_bodies = [null, "empty", "flat"];
    private static readonly int[] s_troubles = [408, 429, 429, 429, 500, 502, 503, 503, 504];

    /// <summary>Draws a fault, and a preceding one that it needs to take effect.</summary>
    public static IEnumerable<SandboxFault> Draw(Random random, int rows)
    {
        FaultKind kind = s_kinds[random.Next(s_kinds.Length)];
        SandboxRoute route = kind switch
        {
            FaultKind.WrongLength or FaultKind.ChangedETag or FaultKind.RangeIgnored or FaultKind.RangeNotSatisfiable => SandboxRoute.Media,
            FaultKind.UnknownStatusWord or FaultKind.LegacyShape or FaultKind.MissingUrl => SandboxRoute.Poll,
            FaultKind.ErrorAsSuccess => SandboxRoute.Submit,
            FaultKind.ContentCoding => random.Next(2) == 0 ? SandboxRoute.Submit : SandboxRoute.Poll,
            _ => s_routes[random.Next(s_routes.Length)],
        };
        int skip = route is SandboxRoute.KeyInfo or SandboxRoute.Models ? 0 : random.Next(rows * 2);
        if (kind is FaultKind.RangeIgnored or FaultKind.RangeNotSatisfiable or FaultKind.ChangedETag)
        {
            // These faults affect only a resumed download, so one must break first.
            yield return new SandboxFault
            {
                Kind = FaultKind.Truncated,
                Route = SandboxRoute.Media,
                At = random.Next(1, 20_000),
                Skip = random.Next(rows),
                Times = random.Next(1, 4),
            };
            skip = 0;
        }

        (int status, string? code) = Status(random, kind, route);
        yield return new SandboxFault
        {
            Kind = kind,
            Route = route,
            Status = status,
            Code = code,
            Skip = skip,
            Times = random.Next(8) == 0 ? random.Next(5, 50) : random.Next(1, 4),
            At = random.Next(3) == 0 ? 0 : random.Next(route == SandboxRoute.Media ? 40_000 : 120),
            Delay = TimeSpan.FromSeconds(random.Next(10) == 0 ? 400 : random.Next(0, 90)),
            RetryAfter = status is 429 or 503 && random.Next(2) == 0 ? TimeSpan.FromSeconds(random.Next(0, 60)) : null,
            Word = kind switch
            {
                FaultKind.StatusWithoutEnvelope => s_bodies[random.Next(s_bodies.Length)],
                // With the gateway's envelope, a 503 says that the submission was not accepted.
                FaultKind.StatusAfterAcceptance when (route, status) is (SandboxRoute.Submit, 503) => "flat",
                FaultKind.ContentCoding => s_codings[random.Next(s_codings.Length)],
                _ => null,
            },
        };
    }

    private static (int Status, string? Code) Status(Random random, FaultKind kind, SandboxRoute route) =>
        kind switch
        {
            FaultKind.ErrorAsSuccess => (0, random.Next(2) == 0 ? "validation_error" : "internal_error"),
            FaultKind.Status when random.Next(5) == 0 => s_refusals[random.Next(s_refusals.Length)],
            FaultKind.Status => (s_troubles[random.Next(s_troubles.Length)], null),
            // No client can handle a server that bills a request and then claims to refuse it, so only ambiguous statuses are drawn.
            FaultKind.StatusAfterAcceptance when route == SandboxRoute.Submit => (
                random.Next(5) switch
                {
                    0 => 408,
                    1 => 500,
                    2 => 502,
                    3 => 503,
                    _ => 504,
                },
                null),
            FaultKind.StatusAfterAcceptance => (s_troubles[random.Next(s_troubles.Length)], null),
            FaultKind.StatusWithoutEnvelope => (
                random.Next(3) switch
                {
                    0 => 500,
                    1 => 502,
                    _ => 503,
                },
                null),
            FaultKind.RedirectOtherOrigin or FaultKind.RedirectHttp or FaultKind.RedirectLoop => (
                random.Next(3) switch
                {
                    0 => 302,
                    1 => 307,
                    _ => 308,
                },
                null),
            _ => (0, null),
        };
}
