using Chuizi.Video.Client.Ledger;

namespace Chuizi.Video.Client.Submitting;

/// <summary>
/// Whether a take of a row is sent, and the rule for it: decided when the list is planned, and again under the ledger's lock just before
/// the row is sent.
/// </summary>
/// <param name="Action">What happens to the row.</param>
/// <param name="Entry">The row's last submission; null if it was never submitted.</param>
internal readonly record struct SubmissionDecision(RowAction Action, LedgerEntry? Entry)
{
    /// <summary>Decides what happens to a take of a row.</summary>
    /// <param name="terms">The user's choices.</param>
    /// <param name="book">The content of the ledger; null if rows are not identified.</param>
    /// <param name="ledger">The ledger, which shows whether runs are alive.</param>
    /// <param name="row">The key of the row; null if it cannot be identified.</param>
    /// <param name="take">The number of the take, from 1.</param>
    /// <param name="judged">The takes for which <see cref="IsRejected"/> must hold before a new one; null for no new take.</param>
    /// <param name="run">The run that submits the new takes; null when planning.</param>
    public static SubmissionDecision Of(
        SubmissionTerms terms, LedgerBook? book, VideoLedger ledger, string? row, int take = 1, int? judged = null, string? run = null)
    {
        LedgerEntry? entry = row is null ? null : book!.Find(terms.Origin, RowKey.OfTake(row, take));
        RowAction action = ActionFor(terms, entry, ledger.IsAlive, ledger.MaySend);
        bool isLeftOut = action == RowAction.Send && terms.RetryRejected
            && !(judged is not null && row is not null && IsRejected(terms, book!, row, judged.Value)
                && AreOwn(terms, book!, row, judged.Value + 1, take, run));
        return new SubmissionDecision(isLeftOut ? RowAction.IsLeftOut : action, entry);
    }

    /// <summary>
    /// Decides again what happens to a planned row, just before it is sent. The user decided about what was known when the list was
    /// planned, so what another run has submitted since is not repeated.
    /// </summary>
    /// <param name="terms">The user's choices.</param>
    /// <param name="book">The content of the ledger.</param>
    /// <param name="ledger">The ledger, which shows whether runs are alive.</param>
    /// <param name="row">The row, which has a key.</param>
    /// <param name="run">The run that sends it.</param>
    public static SubmissionDecision Again(SubmissionTerms terms, LedgerBook book, VideoLedger ledger, PlannedRow row, string run)
    {
        SubmissionDecision now = Of(terms, book, ledger, row.RowKey, row.Take ?? 1, row.Judged, run);
        return now is { Action: RowAction.Send, Entry: { Status: not VideoStatus.Skipped } entry } && entry.Entry != row.Repeated
            ? now with { Action = entry.Status == VideoStatus.Failed ? RowAction.IsKnown : RowAction.IsUnknown }
            : now;
    }

    /// <summary>
    /// Whether a row needs a new take: one of its takes was rejected, and each of the others was rejected or failed. A take that is kept,
    /// undecided, in progress, unknown or not accepted keeps the row as it is.
    /// </summary>
    public static bool IsRejected(SubmissionTerms terms, LedgerBook book, string row, int takes)
    {
        LedgerEntry?[] all = [.. Enumerable.Range(1, takes).Select(take => book.Find(terms.Origin, RowKey.OfTake(row, take)))];
        return Array.Exists(all, Rejected) && Array.TrueForAll(all, entry => Rejected(entry) || entry is { Status: VideoStatus.Failed });

        static bool Rejected(LedgerEntry? entry) =>
            entry is { Status: VideoStatus.Succeeded or VideoStatus.Failed, Review.Verdict: VideoVerdict.Rejected };
    }

    /// <summary>Whether the new takes before one are of the same run. Another run has then not submitted new takes of the row.</summary>
    private static bool AreOwn(SubmissionTerms terms, LedgerBook book, string row, int first, int take, string? run) => Enumerable
        .Range(first, Math.Max(0, take - first))
        .Select(earlier => book.Find(terms.Origin, RowKey.OfTake(row, earlier)))
        .All(entry => entry is null || (run is not null && entry.Run == run));

    /// <summary>
    /// Decides what happens to a row whose last submission is <paramref name="entry"/>. Only tests call it from outside this type.
    /// </summary>
    /// <param name="terms">The user's choices.</param>
    /// <param name="entry">The row's last submission; null if it was never submitted.</param>
    /// <param name="isAlive">Whether a run is still active.</param>
    /// <param name="maySend">Whether a request of a run may still be in progress.</param>
    internal static RowAction ActionFor(
        SubmissionTerms terms, LedgerEntry? entry, Func<string?, bool> isAlive, Func<string?, bool> maySend) => entry switch
    {
        null => RowAction.Send,
        not null when ClaimedRow.IsOpen(entry, terms.Saves) && isAlive(entry.Run) => RowAction.IsElsewhere,
        { IsAnswered: false } when terms.Resubmit && maySend(entry.Run) => RowAction.IsElsewhere,
        { Status: VideoStatus.Skipped } => RowAction.Send,
        { Status: VideoStatus.Unknown } => terms.Resubmit ? RowAction.Send : RowAction.IsUnknown,
        { Status: VideoStatus.Failed } => terms.RetryFailed ? RowAction.Send : RowAction.IsKnown,
        _ => RowAction.IsKnown,
    };
}
