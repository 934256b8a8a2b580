using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;

namespace Chuizi.Video.Client.Submitting;

/// <summary>A row, and what is to become of it.</summary>
/// <param name="Checked">The row as it was read.</param>
/// <param name="Action">What is to become of it; a row with errors is to be sent, and must not.</param>
/// <param name="Key">How the ledger recognises it; null where it does not tell rows apart.</param>
/// <param name="Entry">What the ledger has of it.</param>
/// <param name="Estimate">What it will cost in USD; null where nobody knows.</param>
public sealed record PlannedRow(CheckedRow Checked, RowAction Action, string? Key, LedgerEntry? Entry, decimal? Estimate)
{
    /// <summary>What is wrong with a row that is to be sent. One that was sent before is waited for whatever a check says today.</summary>
    public IReadOnlyList<ValidationIssue> Errors => Action == RowAction.Send ? Checked.Errors : [];

    /// <summary>The row on its way.</summary>
    public Submission ToSubmission() => new(Checked.Row, Checked.Request!, Key, Estimate);
}
