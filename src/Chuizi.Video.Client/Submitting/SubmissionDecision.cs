using Chuizi.Video.Client.Ledger;

namespace Chuizi.Video.Client.Submitting;

/// <summary>
/// What the ledger says about a row: read when the list is planned, and again under the ledger's lock just before the row is sent.
/// </summary>
/// <param name="Action">What happens to the row.</param>
/// <param name="Entry">The row's last submission; null if it was never submitted.</param>
internal readonly record struct SubmissionDecision(RowAction Action, LedgerEntry? Entry);
