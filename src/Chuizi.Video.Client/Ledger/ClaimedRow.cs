namespace Chuizi.Video.Client.Ledger;

/// <summary>A row of a ledger that a run elsewhere has claimed. The ledger shows what becomes of it.</summary>
/// <param name="Ledger">The ledger.</param>
/// <param name="Origin">The origin of the API.</param>
/// <param name="Key">The key of the row and its take.</param>
/// <param name="Run">The run of this process, which continues with the row if the other run ends before it is done.</param>
/// <param name="Saves">Whether this process saves the file, so that the row is done when it is saved.</param>
internal sealed record ClaimedRow(VideoLedger Ledger, string Origin, string Key, LedgerRun Run, bool Saves)
{
    /// <summary>The last submission of the row; null if the ledger no longer has it.</summary>
    public LedgerEntry? EntryIn(LedgerBook book) => book.Find(Origin, Key);

    /// <summary>Whether something remains to be done for a submission.</summary>
    public static bool IsOpen(LedgerEntry entry, bool saves) =>
        !entry.IsAnswered
        || entry is { Status: VideoStatus.Processing }
        || (saves && entry is { Status: VideoStatus.Succeeded, Path: null });

    /// <summary>Whether a run elsewhere is alive that will do what remains to be done.</summary>
    public bool IsElsewhere(LedgerEntry entry) =>
        IsOpen(entry, Saves) && entry.Run is { } run && run != Run.Name && Ledger.IsAlive(run);

    /// <summary>The line with which this run continues with a submission of a run that has ended; null if there is nothing to do.</summary>
    public LedgerRecord? TakeLine(LedgerEntry entry) =>
        entry.Id is null || entry.Run == Run.Name || !IsOpen(entry, Saves) || IsElsewhere(entry)
            ? null
            : new LedgerRecord
            {
                Step = LedgerStep.Taken,
                Entry = entry.Entry,
                Key = entry.Key,
                Origin = entry.Origin,
                Run = Run.Name,
                Id = entry.Id,
                Model = entry.Model,
            };

    /// <summary>
    /// Continues with rows whose run has ended, so that no other run does. Rows that a run elsewhere is at work on are left as they are.
    /// </summary>
    /// <param name="rows">Rows of one ledger, which the same run continues with.</param>
    /// <returns>The rows that no other run works on: this run continues with them, or they are done.</returns>
    /// <exception cref="ChuiziException">LedgerUnavailable or InvalidLedger: nothing was taken.</exception>
    public static async Task<IReadOnlyList<ClaimedRow>> TakeAsync(IReadOnlyList<ClaimedRow> rows)
    {
        if (rows is not [{ } first, ..])
        {
            return [];
        }

        first.Ledger.Hold(first.Run);
        return await first.Ledger.DecideAsync<IReadOnlyList<ClaimedRow>>(follow: true, book =>
        {
            (ClaimedRow Row, LedgerEntry Entry)[] free =
            [
                .. rows.Select(row => (Row: row, Entry: row.EntryIn(book!)))
                    .Where(one => one.Entry is { Id: not null } && !one.Row.IsElsewhere(one.Entry))
                    .Select(one => (one.Row, one.Entry!)),
            ];
            LedgerRecord[] lines = [.. free.Select(one => one.Row.TakeLine(one.Entry)).OfType<LedgerRecord>()];
            return (lines, [.. free.Select(one => one.Row)]);
        }).ConfigureAwait(false);
    }
}
