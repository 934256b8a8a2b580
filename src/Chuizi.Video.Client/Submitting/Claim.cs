using Chuizi.Video.Client.Ledger;

namespace Chuizi.Video.Client.Submitting;

/// <summary>The ledger's answer to whether a row may be sent.</summary>
/// <param name="Action">What is to become of the row.</param>
/// <param name="Entry">What the ledger has of it, where it is not sent.</param>
/// <param name="Intent">The line written, where it is sent.</param>
public sealed record Claim(RowAction Action, LedgerEntry? Entry, LedgerRecord? Intent)
{
    /// <summary>Why it is not sent, though the ledger has nothing of it: CostLimitReached.</summary>
    public ChuiziException? Refusal { get; init; }
}
