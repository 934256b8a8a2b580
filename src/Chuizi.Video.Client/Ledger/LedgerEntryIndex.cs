namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// Finds submissions by one of their texts. It stores only hashes; the texts themselves are in the submissions. Dictionaries of the names,
/// keys, ids and paths of a million submissions would need more memory than the submissions.
/// </summary>
/// <param name="field">The text, which must not change while its submission is in the index, nor its origin if that counts.</param>
/// <param name="byOrigin">Whether submissions of different origins may have the same text.</param>
/// <param name="comparison">How texts are compared.</param>
internal sealed class LedgerEntryIndex(LedgerTextField field, bool byOrigin = false, StringComparison comparison = StringComparison.Ordinal)
{
    private const int Least = 16;

    // A submission is at the place of its hash or, if that is taken, at the next free place after it.
    private int[] _hashes = new int[Least];
    private LedgerEntry?[] _entries = new LedgerEntry?[Least];
    private int _count;

    private int Mask => _entries.Length - 1;

    /// <summary>The submission with a text; null if no submission has it.</summary>
    /// <param name="value">The text.</param>
    /// <param name="origin">Its origin, if the index distinguishes origins.</param>
    public LedgerEntry? Find(string value, string? origin = null) => _entries[PlaceOf(HashOf(value), value, origin)];

    /// <summary>The submissions with a text, one for each origin.</summary>
    public List<LedgerEntry> FindAll(string value)
    {
        List<LedgerEntry> found = [];
        int hash = HashOf(value);
        for (int place = hash & Mask; _entries[place] is { } entry; place = (place + 1) & Mask)
        {
            if (_hashes[place] == hash && entry.Has(field, value, comparison))
            {
                found.Add(entry);
            }
        }

        return found;
    }

    /// <summary>Adds a submission that has the text <paramref name="value"/>, in place of the one that had it.</summary>
    public void Set(string value, LedgerEntry entry)
    {
        int hash = HashOf(value);
        int place = PlaceOf(hash, value, entry.Origin);
        // At most three quarters are taken.
        if (_entries[place] is null && ++_count * 4 > _entries.Length * 3)
        {
            Grow();
            place = PlaceOf(hash, value, entry.Origin);
        }

        (_hashes[place], _entries[place]) = (hash, entry);
    }

    /// <summary>Removes a submission that has the text <paramref name="value"/>. Another one with that text stays.</summary>
    public void Remove(string value, LedgerEntry entry)
    {
        int free = PlaceOf(HashOf(value), value, entry.Origin);
        if (_entries[free] != entry)
        {
            return;
        }

        _count--;
        // The ones after it move up, unless they would come before the place of their hash.
        for (int place = (free + 1) & Mask; _entries[place] is not null; place = (place + 1) & Mask)
        {
            if (((place - _hashes[place]) & Mask) >= ((place - free) & Mask))
            {
                (_hashes[free], _entries[free]) = (_hashes[place], _entries[place]);
                free = place;
            }
        }

        _entries[free] = null;
    }

    public void Clear()
    {
        (_hashes, _entries, _count) = (new int[Least], new LedgerEntry?[Least], 0);
    }

    private int HashOf(string value) => string.GetHashCode(value, comparison);

    private int PlaceOf(int hash, string value, string? origin)
    {
        int place = hash & Mask;
        while (_entries[place] is { } entry
            && !(_hashes[place] == hash && entry.Has(field, value, comparison) && (!byOrigin || entry.Origin == origin)))
        {
            place = (place + 1) & Mask;
        }

        return place;
    }

    private void Grow()
    {
        (int[] hashes, LedgerEntry?[] entries) = (_hashes, _entries);
        (_hashes, _entries) = (new int[hashes.Length * 2], new LedgerEntry?[hashes.Length * 2]);
        for (int index = 0; index < entries.Length; index++)
        {
            if (entries[index] is not null)
            {
                int place = hashes[index] & Mask;
                while (_entries[place] is not null)
                {
                    place = (place + 1) & Mask;
                }

                (_hashes[place], _entries[place]) = (hashes[index], entries[index]);
            }
        }
    }
}
