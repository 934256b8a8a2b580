namespace Chuizi.Video.Sandbox;

/// <summary>
/// One thing to go wrong, and when. Which properties count is said at each <see cref="FaultKind"/>. The fault itself
/// never changes: the <see cref="FaultScript"/> does the counting.
/// </summary>
public sealed class SandboxFault
{
    /// <summary>What goes wrong.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary>Which requests it may hit. Kinds for media or polls only never hit others.</summary>
    public SandboxRoute Route { get; init; } = SandboxRoute.Any;

    /// <summary>The HTTP status; 0 for the kind's own.</summary>
    public int Status { get; init; }

    /// <summary>The error's <c>code</c>; null for the one that goes with the status.</summary>
    public string? Code { get; init; }

    /// <summary>The error's <c>message</c>; null for the one that goes with the status.</summary>
    public string? Message { get; init; }

    /// <summary>Sent as <c>Retry-After</c> in seconds, rounded up.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>How long to wait, by the sandbox's clock.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>A number of bytes of the answer's body.</summary>
    public long At { get; init; }

    /// <summary>A word for the kinds that use one.</summary>
    public string? Word { get; init; }

    /// <summary>Where to redirect to.</summary>
    public Uri? Location { get; init; }

    /// <summary>How many matching requests pass before the first is hit.</summary>
    public int Skip { get; init; }

    /// <summary>How many are hit after that; <see cref="int.MaxValue"/> for all.</summary>
    public int Times { get; init; } = 1;

    /// <summary>A further condition; called on the sandbox's threads.</summary>
    public Func<RecordedRequest, bool>? Match { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Route == SandboxRoute.Any ? Kind.ToString() : $"{Kind} on {Route}";
}
