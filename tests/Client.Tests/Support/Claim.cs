using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Submitting;

namespace Chuizi.Video.Client.Tests.Support;

/// <summary>The ledger's decision on whether a row may be sent.</summary>
internal sealed record Claim(PlannedRow Row, LedgerRecord? Intent)
{
    /// <summary>The action for the row.</summary>
    public RowAction Action => Row.Action;

    /// <summary>The ledger entry of the row.</summary>
    public LedgerEntry? Entry => Row.Decision.Entry;

    /// <summary>Why the row is not sent although the ledger has no entry of it.</summary>
    public ChuiziException? Refusal => Row.Failure;
}
