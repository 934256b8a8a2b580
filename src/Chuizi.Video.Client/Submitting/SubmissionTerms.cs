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

    /// <summary>Whether rows get a new take if all their takes were rejected, and nothing else is submitted.</summary>
    public bool RetryRejected { get; init; }

    /// <summary>
    /// Whether the number of takes of a row is also that of its new takes with <see cref="RetryRejected"/>; otherwise there is one.
    /// </summary>
    public bool CountsRetakes { get; init; }

    /// <summary>The most takes of a row with <see cref="RetryRejected"/>; null for no limit.</summary>
    public int? MaxTake { get; init; }

    /// <summary>Whether the videos are saved in the same pipeline, so that a row is done when its file is saved.</summary>
    public bool Saves { get; init; }

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

    /// <summary>Decides what happens to a take of a row.</summary>
    /// <param name="book">The content of the ledger; null if rows are not identified.</param>
    /// <param name="ledger">The ledger, which shows whether runs are alive.</param>
    /// <param name="row">The key of the row; null if it cannot be identified.</param>
    /// <param name="take">The number of the take, from 1.</param>
    /// <param name="judged">The number of takes before the first new one, which must all have been rejected; null for no new take.</param>
    /// <param name="run">The run that submits the new takes; null when planning.</param>
    public SubmissionDecision Decide(
        LedgerBook? book, VideoLedger ledger, string? row, int take = 1, int? judged = null, string? run = null)
    {
        LedgerEntry? entry = row is null ? null : book!.Find(Origin, RowKey.OfTake(row, take));
        RowAction action = ActionFor(entry, ledger.IsAlive, ledger.MaySend);
        bool isLeftOut = action == RowAction.Send && RetryRejected
            && !(judged is not null && row is not null && IsRejected(book!, row, judged.Value)
                && AreOwn(book!, row, judged.Value + 1, take, run));
        return new SubmissionDecision(isLeftOut ? RowAction.IsLeftOut : action, entry);
    }

    /// <summary>
    /// Decides again what happens to a planned row, just before it is sent. The user decided about what was known when the list was
    /// planned, so what another run has submitted since is not repeated.
    /// </summary>
    /// <param name="book">The content of the ledger.</param>
    /// <param name="ledger">The ledger, which shows whether runs are alive.</param>
    /// <param name="row">The row, which has a key.</param>
    /// <param name="run">The run that sends it.</param>
    public SubmissionDecision DecideAgain(LedgerBook book, VideoLedger ledger, PlannedRow row, string run)
    {
        SubmissionDecision now = Decide(book, ledger, row.RowKey, row.Take ?? 1, row.Judged, run);
        return now is { Action: RowAction.Send, Entry: { Status: not VideoStatus.Skipped } entry } && entry.Entry != row.Repeated
            ? now with { Action = entry.Status == VideoStatus.Failed ? RowAction.IsKnown : RowAction.IsUnknown }
            : now;
    }

    /// <summary>
    /// Whether a row needs a new take: one of its takes was rejected, and each of the others was rejected or failed. A take that is kept,
    /// undecided, in progress, unknown or not accepted keeps the row as it is.
    /// </summary>
    public bool IsRejected(LedgerBook book, string row, int takes)
    {
        LedgerEntry?[] all = [.. Enumerable.Range(1, takes).Select(take => book.Find(Origin, RowKey.OfTake(row, take)))];
        return Array.Exists(all, Rejected) && Array.TrueForAll(all, entry => Rejected(entry) || entry is { Status: VideoStatus.Failed });

        static bool Rejected(LedgerEntry? entry) =>
            entry is { Status: VideoStatus.Succeeded or VideoStatus.Failed, Review.Verdict: VideoVerdict.Rejected };
    }

    /// <summary>Whether the new takes before one are of the same run. Another run has then not submitted new takes of the row.</summary>
    private bool AreOwn(LedgerBook book, string row, int first, int take, string? run) => Enumerable.Range(first, Math.Max(0, take - first))
        .Select(earlier => book.Find(Origin, RowKey.OfTake(row, earlier)))
        .All(entry => entry is null || (run is not null && entry.Run == run));

    /// <summary>Decides what happens to a row whose last submission is <paramref name="entry"/>.</summary>
    /// <param name="entry">The row's last submission; null if it was never submitted.</param>
    /// <param name="isAlive">Whether a run is still active.</param>
    /// <param name="maySend">Whether a request of a run may still be in progress.</param>
    internal RowAction ActionFor(LedgerEntry? entry, Func<string?, bool> isAlive, Func<string?, bool> maySend) => entry switch
    {
        null => RowAction.Send,
        not null when ClaimedRow.IsOpen(entry, Saves) && isAlive(entry.Run) => RowAction.IsElsewhere,
        { IsAnswered: false } when Resubmit && maySend(entry.Run) => RowAction.IsElsewhere,
        { Status: VideoStatus.Skipped } => RowAction.Send,
        { Status: VideoStatus.Unknown } => Resubmit ? RowAction.Send : RowAction.IsUnknown,
        { Status: VideoStatus.Failed } => RetryFailed ? RowAction.Send : RowAction.IsKnown,
        _ => RowAction.IsKnown,
    };
}
