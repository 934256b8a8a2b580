namespace Chuizi.Video.Module.Submitting;

/// <summary>How New-ChuiziVideo was asked to send.</summary>
internal sealed record SubmissionOptions
{
    /// <summary>The ledger that the user names.</summary>
    public string? Ledger { get; init; }

    /// <summary>Sends rows again of which nobody knows whether they were taken.</summary>
    public bool Resubmit { get; init; }

    /// <summary>Sends rows again that failed.</summary>
    public bool RetryFailed { get; init; }

    /// <summary>Sends the good rows though others are bad.</summary>
    public bool SkipInvalid { get; init; }

    /// <summary>The most that may be spent, in USD.</summary>
    public decimal? MaxCost { get; init; }

    /// <summary>How long the call may send, from its beginning.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>The most requests under way at once.</summary>
    public int ThrottleLimit { get; init; } = 16;
}
