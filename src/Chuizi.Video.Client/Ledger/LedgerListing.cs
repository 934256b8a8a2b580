namespace Chuizi.Video.Client.Ledger;

/// <summary>Reads ledgers to show them; nothing is written.</summary>
internal static class LedgerListing
{
    /// <summary>The submissions of a ledger as videos; of a row that was submitted again, the last one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="damage">What is wrong with it, each with its line.</param>
    /// <param name="oldestFirst">In the order of submission; else the newest come first.</param>
    /// <exception cref="ChuiziException">
    /// LedgerNotFound: it is not there. LedgerUnavailable: it cannot be read. InvalidLedger: it is something else.
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
            throw new ChuiziException(ChuiziErrorKind.LedgerNotFound, $"There is no ledger '{path}'.", exception);
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
            throw new ChuiziException(ChuiziErrorKind.InvalidLedger, $"'{path}' is no ledger: none of its lines is a record.");
        }

        damage = [.. book.Damage.Select(line => $"The ledger '{path}': {line}")];
        Dictionary<string, bool> alive = new(StringComparer.Ordinal);
        IEnumerable<LedgerEntry> entries = book.Entries.Where(entry => !book.IsSuperseded(entry));
        // Both keep the order of the file among those of one moment.
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
                    alive[run] = lives = LedgerRun.IsAlive(path, entry.Run);
                }

                video.Status = lives ? VideoStatus.Processing : VideoStatus.Unknown;
                video.Error = lives ? new VideoError { Message = "A run is sending it now." } : VideoError.From(entry.ToUnknown());
            }

            return video;
        }
    }
}
