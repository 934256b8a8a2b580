namespace Chuizi.Video.Sandbox.Faults;

/// <summary>Which requests a fault applies to, so that it is not used up where it has no effect.</summary>
internal static class FaultScope
{
    public static bool Covers(SandboxFault fault, RecordedRequest request) =>
        (fault.Route == SandboxRoute.Any || fault.Route == request.Route)
        && Suits(fault.Kind, request)
        && (fault.Match is null || fault.Match(request));

    private static bool Suits(FaultKind kind, RecordedRequest request) => kind switch
    {
        FaultKind.WrongLength or FaultKind.ChangedETag => request.Route == SandboxRoute.Media,
        FaultKind.RangeIgnored or FaultKind.RangeNotSatisfiable =>
            request.Route == SandboxRoute.Media && request.Headers.ContainsKey("Range"),
        FaultKind.UnknownStatusWord or FaultKind.LegacyShape or FaultKind.MissingUrl => request.Route == SandboxRoute.Poll,
        FaultKind.ErrorAsSuccess => request.Route == SandboxRoute.Submit,
        FaultKind.ContentCoding => request.Route != SandboxRoute.Media,
        _ => true,
    };
}
