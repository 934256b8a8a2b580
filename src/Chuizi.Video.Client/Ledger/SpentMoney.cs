namespace Chuizi.Video.Client.Ledger;

/// <summary>What submissions cost or are expected to cost, in USD.</summary>
internal sealed class SpentMoney
{
    private readonly HashSet<LedgerEntry> _unpriced = [];
    private decimal _known;

    /// <summary>The submissions that count as spent, and nobody knows at what price.</summary>
    public IReadOnlyCollection<LedgerEntry> Unpriced => _unpriced;

    /// <summary>The sum: actual costs where they are known, estimates elsewhere.</summary>
    /// <param name="estimate">A price for a submission that was sent without an estimate; null counts as 0.</param>
    public decimal Total(Func<LedgerEntry, decimal?> estimate) => _known + _unpriced.Sum(entry => estimate(entry) ?? 0);

    /// <summary>Takes a submission as it is now, instead of as it was before.</summary>
    internal void Count(LedgerEntry entry)
    {
        _known -= entry.Counted;
        _unpriced.Remove(entry);
        entry.Counted = entry.Spent ?? 0;
        _known += entry.Counted;
        if (entry.Spent is null)
        {
            _unpriced.Add(entry);
        }
    }
}
