using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Submitting;

namespace Chuizi.Video.Client.Tests.Support;

/// <summary>The ledger's answer to whether a row may be sent.</summary>
internal sealed record Claim(PlannedRow Row, LedgerRecord? Intent)
{
    /// <summary>What happens to the row.</summary>
    public RowAction Action => Row.Action;

    /// <summary>What the ledger has of it.</summary>
    public LedgerEntry? Entry => Row.Decision.Entry;

    /// <summary>Why it is not sent though the ledger does not have it.</summary>
    public ChuiziException? Refusal => Row.Failure;
}
