using Chuizi.Video.Client.Ledger;

namespace Chuizi.Video.Client.Submitting;

/// <summary>On what terms rows are sent.</summary>
public sealed record SubmissionTerms
{
    /// <summary>The origin of the API.</summary>
    public required string Origin { get; init; }

    /// <summary>Whether the ledger tells rows apart, so that those it has are not sent again.</summary>
    public bool Deduplicates { get; init; }

    /// <summary>Whether rows are sent again of which nobody knows whether the API took them.</summary>
    public bool Resubmit { get; init; }

    /// <summary>Whether rows are sent again that failed.</summary>
    public bool RetryFailed { get; init; }

    /// <summary>The most that may be spent, in USD: by the ledger's submissions at this origin where it tells rows apart, else by this run's.</summary>
    public decimal? MaxCost { get; init; }

    /// <summary>What a submission costs of which the ledger does not say it.</summary>
    public Func<LedgerEntry, decimal?> Estimate { get; init; } = _ => null;

    /// <summary>What is to become of a row that the ledger has as <paramref name="entry"/>.</summary>
    /// <param name="entry">Its last submission; null where there is none.</param>
    /// <param name="isAlive">Whether a run still lives.</param>
    internal RowAction ActionFor(LedgerEntry? entry, Func<string?, bool> isAlive) => entry switch
    {
        null => RowAction.Send,
        { IsAnswered: false } when isAlive(entry.Run) => RowAction.IsElsewhere,
        { Status: VideoStatus.Skipped } => RowAction.Send,
        { Status: VideoStatus.Unknown } => Resubmit ? RowAction.Send : RowAction.IsUnknown,
        { Status: VideoStatus.Failed } => RetryFailed ? RowAction.Send : RowAction.IsKnown,
        _ => RowAction.IsKnown,
    };
}
