using Chuizi.Video.Client.Ledger;

namespace Chuizi.Video.Client.Submitting;

/// <summary>
/// What the ledger says of a row: asked when the list is planned, and again under the ledger's lock when the row is about to leave.
/// </summary>
/// <param name="Action">What happens to the row.</param>
/// <param name="Entry">The row's last submission; null where there is none.</param>
internal readonly record struct SubmissionDecision(RowAction Action, LedgerEntry? Entry);
