namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// Finds the row that a submission belongs to. If several ledgers were merged into one file, each may have had the same row in its list.
/// These rows are kept apart, so that no run mistakes one for another and re-submits a billed row.
/// </summary>
internal sealed class LedgerRows
{
    private readonly LedgerEntryIndex _last = new(LedgerTextField.Key, byOrigin: true);
    private readonly Dictionary<(string? Origin, string Key), string> _moved = [];

    // Only rows with a second take.
    private readonly Dictionary<(string? Origin, string Row), int> _takes = [];

    /// <summary>The highest take of a row, from 1; 0 if the row was never submitted.</summary>
    public int HighestTake(string? origin, string row) =>
        _takes.TryGetValue((origin, row), out int take) ? take : _last.Find(row, origin) is null ? 0 : 1;

    /// <summary>
    /// The last submission of a row; null if it was never submitted. A withdrawn submission leaves the row as it was before: an unknown
    /// outcome stays unknown.
    /// </summary>
    public LedgerEntry? Find(string? origin, string key)
    {
        LedgerEntry? last = _last.Find(key, origin);
        LedgerEntry? taken = last;
        while (taken is { Status: VideoStatus.Skipped })
        {
            taken = taken.Before;
        }

        return taken ?? last;
    }

    /// <summary>Adds a submission as the last one of its row.</summary>
    public void Add(LedgerEntry entry, string key)
    {
        entry.Key = key;
        entry.Before = _last.Find(key, entry.Origin);
        _last.Set(key, entry);
        (string row, int take) = RowKey.Split(key);
        if (take > 1)
        {
            _takes[(entry.Origin, row)] = Math.Max(take, HighestTake(entry.Origin, row));
        }
    }

    /// <summary>Removes a submission that was added last.</summary>
    public void Remove(LedgerEntry entry)
    {
        if (entry.Key is not { } key || _last.Find(key, entry.Origin) != entry)
        {
            return;
        }

        if (entry.Before is { } before)
        {
            _last.Set(key, before);
            return;
        }

        _last.Remove(key, entry);
        (string row, int take) = RowKey.Split(key);
        if (take > 1 && HighestTake(entry.Origin, row) == take)
        {
            _takes.Remove((entry.Origin, row));
            int highest = Enumerable.Range(1, take - 1).LastOrDefault(one => _last.Find(RowKey.OfTake(row, one), entry.Origin) is not null);
            if (highest > 1)
            {
                _takes[(entry.Origin, row)] = highest;
            }
        }
    }

    /// <summary>The key of the row that the first line of a submission belongs to; null if the line does not contain one.</summary>
    /// <param name="record">The line.</param>
    /// <param name="repeats">The submission that it repeats; null if it repeats none, or one that is not in this ledger.</param>
    public string? KeyOf(LedgerRecord record, LedgerEntry? repeats)
    {
        if ((repeats?.Key ?? record.Key) is not { } told)
        {
            return null;
        }

        // Another copy of the ledger may have repeated the same submission. Each repetition is then a row of its own.
        if (record.Again is not null && (repeats?.Key is null || Find(repeats.Origin, told) == repeats))
        {
            return told;
        }

        // Continue where the last row with this key ended: there may be thousands of identical rows.
        string? key = _moved.GetValueOrDefault((record.Origin, told)) ?? told;
        while (key is not null && Find(record.Origin, key) is { Status: not VideoStatus.Skipped })
        {
            _moved[(record.Origin, told)] = key;
            key = RowKey.Next(key);
        }

        return key ?? told;
    }

    public void Clear()
    {
        _last.Clear();
        _moved.Clear();
        _takes.Clear();
    }
}
