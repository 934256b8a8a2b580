namespace Chuizi.Video.Client.Waiting;

/// <summary>Options for waiting.</summary>
internal sealed record WaitOptions
{
    /// <summary>
    /// The timeout of each job, from its arrival (API contract, layer 1: at least 5 minutes; generation takes up to several).
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The timeout of all jobs together, from the start; null for none.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>A fixed time between two polls of a job; null for the intervals of <see cref="PollTiming"/>.</summary>
    public TimeSpan? PollInterval { get; init; }

    /// <summary>The most polls in progress at once.</summary>
    public int ThrottleLimit { get; init; } = 16;
}
