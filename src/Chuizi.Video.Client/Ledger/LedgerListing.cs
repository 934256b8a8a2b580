namespace Chuizi.Video.Client.Ledger;

/// <summary>Reads ledgers for display, without writing.</summary>
internal static class LedgerListing
{
    /// <summary>The submissions of a ledger as videos. For a row that was re-submitted, only the last one.</summary>
    /// <param name="path">The path of the ledger.</param>
    /// <param name="damage">The damaged lines, each with its number.</param>
    /// <param name="oldestFirst">Whether the oldest submissions come first; by default the newest do.</param>
    /// <exception cref="ChuiziException">
    /// LedgerNotFound: it does not exist. LedgerUnavailable: it cannot be read. InvalidLedger: it is not a ledger.
    /// </exception>
    public static IReadOnlyList<(Video Video, string? Origin)> Read(string path, out IReadOnlyList<string> damage, bool oldestFirst = false)
    {
        LedgerBook book = new(keepsInputs: true);
        try
        {
            LedgerFile.Read(path, book.ApplyLine);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ChuiziException(ChuiziErrorKind.LedgerNotFound, $"Ledger not found: '{path}'.", exception);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new ChuiziException(
                ChuiziErrorKind.LedgerUnavailable,
                $"The ledger '{path}' cannot be read: {exception.Message}",
                exception);
        }

        if (book is { Records: 0, Damage.Count: > 0 })
        {
            throw new ChuiziException(
                ChuiziErrorKind.InvalidLedger, $"'{path}' is not a ledger: {LedgerFile.WhyNot(path, LedgerFile.HeadOf(path))}");
        }

        damage = [.. book.Damage.Select(line => $"The ledger '{path}': {line}")];
        Dictionary<string, bool> alive = new(StringComparer.Ordinal);
        IEnumerable<LedgerEntry> entries = book.Entries.Where(entry => !book.IsSuperseded(entry));
        // The sort is stable: entries with the same time stay in file order.
        entries = oldestFirst ? entries.OrderBy(entry => entry.At) : entries.OrderByDescending(entry => entry.At);
        return [.. entries.Select(entry => (Show(entry), entry.Origin))];

        Video Show(LedgerEntry entry)
        {
            Video video = entry.ToVideo();
            video.Ledger = path;
            if (!entry.IsAnswered)
            {
                string run = entry.Run ?? "";
                if (!alive.TryGetValue(run, out bool lives))
                {
                    alive[run] = lives = RunLock.IsAlive(path, entry.Run);
                }

                video.Status = lives ? VideoStatus.Processing : VideoStatus.Unknown;
                video.Error = lives
                    ? new VideoError { Message = "Another process is submitting this row now." }
                    : VideoError.From(entry.ToUnknown());
            }

            return video;
        }
    }
}
