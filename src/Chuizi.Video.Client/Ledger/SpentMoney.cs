namespace Chuizi.Video.Client.Ledger;

/// <summary>What submissions cost or are expected to cost, in USD.</summary>
internal sealed class SpentMoney
{
    private readonly HashSet<LedgerEntry> _unpriced = [];
    private decimal _known;

    /// <summary>The submissions that count as spent, but whose price is unknown.</summary>
    public IReadOnlyCollection<LedgerEntry> Unpriced => _unpriced;

    /// <summary>The total: actual costs if known, estimates otherwise.</summary>
    /// <param name="estimate">Returns a price for a submission that was sent without an estimate; null counts as 0.</param>
    public decimal Total(Func<LedgerEntry, decimal?> estimate) => _known + _unpriced.Sum(entry => estimate(entry) ?? 0);

    /// <summary>Counts a submission in its current state, in place of its previous one.</summary>
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
