namespace Chuizi.Video.Sandbox;

/// <summary>
/// A fault, and when it applies. <see cref="FaultKind"/> says which properties each kind uses. The fault itself is
/// immutable: its <see cref="FaultScript"/> keeps the counts.
/// </summary>
public sealed class SandboxFault
{
    /// <summary>The kind of fault.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary>The requests that it applies to. Kinds for media or polls never apply to other requests.</summary>
    public SandboxRoute Route { get; init; } = SandboxRoute.Any;

    /// <summary>The HTTP status; 0 for the default of the kind.</summary>
    public int Status { get; init; }

    /// <summary>The error's <c>code</c>; null for the default of the status.</summary>
    public string? Code { get; init; }

    /// <summary>The error's <c>message</c>; null for the default of the status.</summary>
    public string? Message { get; init; }

    /// <summary>The value of <c>Retry-After</c>, in seconds, rounded up.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>How long to wait, by the sandbox's clock.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>A number of bytes of the response body.</summary>
    public long At { get; init; }

    /// <summary>A word for the kinds that use one.</summary>
    public string? Word { get; init; }

    /// <summary>The target of a redirect.</summary>
    public Uri? Location { get; init; }

    /// <summary>The number of matching requests to let through first.</summary>
    public int Skip { get; init; }

    /// <summary>The number of requests to affect after that; <see cref="int.MaxValue"/> for all.</summary>
    public int Times { get; init; } = 1;

    /// <summary>An additional condition. Called on the sandbox's threads.</summary>
    public Func<RecordedRequest, bool>? Match { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Route == SandboxRoute.Any ? Kind.ToString() : $"{Kind} on {Route}";
}
