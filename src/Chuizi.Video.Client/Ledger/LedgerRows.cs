namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// Which row a submission is of. In a file that several ledgers were put together to, each may have had the same row in its list; those are
/// told apart, so that no run takes the one for the other, and sends a row anew that is paid for.
/// </summary>
internal sealed class LedgerRows
{
    private readonly Dictionary<(string? Origin, string Key), LedgerEntry> _last = [];
    private readonly Dictionary<(string? Origin, string Key), string> _moved = [];

    /// <summary>
    /// The last submission of a row; null where there is none. One that was withdrawn leaves the row as it was before: an unknown one stays
    /// unknown.
    /// </summary>
    public LedgerEntry? Find(string? origin, string key)
    {
        LedgerEntry? last = _last.GetValueOrDefault((origin, key));
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
        entry.Before = _last.GetValueOrDefault((entry.Origin, key));
        _last[(entry.Origin, key)] = entry;
    }

    /// <summary>The row that the first line of a submission is of; null where it does not tell.</summary>
    /// <param name="record">The line.</param>
    /// <param name="repeats">The submission that it repeats; null where there is none, or it is not here.</param>
    public string? KeyOf(LedgerRecord record, LedgerEntry? repeats)
    {
        if ((repeats?.Key ?? record.Key) is not { } told)
        {
            return null;
        }

        // Another copy of the ledger may have had the same one repeated; then each is a row of its own.
        if (record.Again is not null && (repeats?.Key is null || Find(repeats.Origin, told) == repeats))
        {
            return told;
        }

        // From where the last one of that key went: there may be thousands that are alike.
        string? key = _moved.GetValueOrDefault((record.Origin, told)) ?? told;
        while (key is not null && Find(record.Origin, key) is { Status: not VideoStatus.Skipped })
        {
            _moved[(record.Origin, told)] = key;
            key = RowKey.Next(key);
        }

        return key ?? told;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _last.Clear();
        _moved.Clear();
    }
}
