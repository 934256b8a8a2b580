using Chuizi.Video.Client.Ledger;

namespace Chuizi.Video.Client.Submitting;

/// <summary>What the user asked for: which rows are submitted, and for how much money.</summary>
internal sealed record SubmissionTerms
{
    /// <summary>The origin of the API.</summary>
    public required string Origin { get; init; }

    /// <summary>Whether the ledger identifies rows, so that those it has are not submitted again.</summary>
    public bool Deduplicates { get; init; }

    /// <summary>Whether rows whose outcome is unknown are submitted again.</summary>
    public bool Resubmit { get; init; }

    /// <summary>Whether rows that failed are submitted again.</summary>
    public bool RetryFailed { get; init; }

    /// <summary>
    /// The spending limit in USD. It covers all of the ledger's submissions at this origin where the ledger identifies rows, otherwise
    /// this run alone. Null for no limit.
    /// </summary>
    public decimal? MaxCost { get; init; }

    /// <summary>Decides what happens to a row. The one rule, for the plan and for the moment at which the row leaves.</summary>
    /// <param name="book">What the ledger holds.</param>
    /// <param name="ledger">The path of the ledger, beside which the runs have their locks; null for one in memory.</param>
    /// <param name="key">The row's key; null where it cannot be identified.</param>
    public SubmissionDecision Decide(LedgerBook book, string? ledger, string? key)
    {
        LedgerEntry? entry = key is null ? null : book.Find(Origin, key);
        return new SubmissionDecision(ActionFor(entry, run => ledger is not null && LedgerRun.IsAlive(ledger, run)), entry);
    }

    /// <summary>What happens to a row whose last submission is <paramref name="entry"/>.</summary>
    /// <param name="entry">Its last submission; null where there is none.</param>
    /// <param name="isAlive">Whether a run is still alive.</param>
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
