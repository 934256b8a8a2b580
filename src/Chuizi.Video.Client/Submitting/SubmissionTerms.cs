using Chuizi.Video.Client.Ledger;

namespace Chuizi.Video.Client.Submitting;

/// <summary>The user's choices: which rows to submit, and the most to spend.</summary>
internal sealed record SubmissionTerms
{
    /// <summary>The origin of the API.</summary>
    public required string Origin { get; init; }

    /// <summary>Whether the ledger identifies rows, so that rows it records are not submitted again.</summary>
    public bool Deduplicates { get; init; }

    /// <summary>Whether rows whose outcome is unknown are submitted again.</summary>
    public bool Resubmit { get; init; }

    /// <summary>Whether rows that failed are submitted again.</summary>
    public bool RetryFailed { get; init; }

    /// <summary>
    /// The spending limit in USD; null for no limit. If the ledger identifies rows, it covers all submissions in the ledger at this origin,
    /// otherwise only this run.
    /// </summary>
    public decimal? MaxCost { get; init; }

    /// <summary>The parameter or environment variable that sets <see cref="MaxCost"/>.</summary>
    public string MaxCostName { get; init; } = SpendingLimits.Parameter;

    /// <summary>The budget of the month for all processes of the machine; null for none.</summary>
    public MonthlyBudget? Budget { get; init; }

    /// <summary>
    /// Whether a row that would exceed a limit also stops the rows after it, so that no cheaper row is submitted in its place.
    /// </summary>
    public bool StopsAtLimit { get; init; }

    /// <summary>Whether a limit requires the price of every row.</summary>
    public bool RequiresPrices => MaxCost is not null || Budget is not null;

    /// <summary>The limits as the subject of a sentence, with its verb.</summary>
    public string LimitsRequire => (MaxCost, Budget) switch
    {
        (not null, not null) => $"{MaxCostName} and {SpendingLimits.MonthlyBudgetVariable} require",
        (null, not null) => $"{SpendingLimits.MonthlyBudgetVariable} requires",
        _ => $"{MaxCostName} requires",
    };

    /// <summary>Decides what happens to a row, both for the plan and just before the row is sent.</summary>
    /// <param name="book">The content of the ledger.</param>
    /// <param name="ledger">The path of the ledger, next to which the runs have their lock files; null for one in memory.</param>
    /// <param name="key">The row's key; null if it cannot be identified.</param>
    public SubmissionDecision Decide(LedgerBook book, string? ledger, string? key)
    {
        LedgerEntry? entry = key is null ? null : book.Find(Origin, key);
        return new SubmissionDecision(ActionFor(entry, run => ledger is not null && RunLock.IsAlive(ledger, run)), entry);
    }

    /// <summary>Decides what happens to a row whose last submission is <paramref name="entry"/>.</summary>
    /// <param name="entry">The row's last submission; null if it was never submitted.</param>
    /// <param name="isAlive">Whether a run is still active.</param>
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
