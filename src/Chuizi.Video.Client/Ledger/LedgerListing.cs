namespace Chuizi.Video.Client.Ledger;

/// <summary>Reads whole ledgers, in files or blobs, without writing.</summary>
internal static class LedgerListing
{
    /// <summary>The submissions of a ledger as videos. For a row that was re-submitted, only the last one.</summary>
    /// <param name="path">The path of the ledger.</param>
    /// <param name="damage">The damaged lines, each with its file and number.</param>
    /// <param name="oldestFirst">Whether the oldest submissions come first; by default the newest do.</param>
    /// <exception cref="ChuiziException">
    /// LedgerNotFound: it does not exist. LedgerUnavailable: it cannot be read. InvalidLedger: it is not a ledger.
    /// </exception>
    public static IReadOnlyList<(Video Video, string? Origin)> Read(string path, out IReadOnlyList<string> damage, bool oldestFirst = false)
    {
        LedgerBook book = new(keepsInputs: true);
        damage = ReadInto(book, path);
        IEnumerable<LedgerEntry> entries = book.Entries.Where(entry => !book.IsSuperseded(entry));
        // The sort is stable: entries with the same time stay in file order.
        entries = oldestFirst ? entries.OrderBy(entry => entry.At) : entries.OrderByDescending(entry => entry.At);
        Func<LedgerEntry, Video> show = Shows([path]);
        return [.. entries.Select(entry => (Complete(entry, show(entry)), entry.Origin))];

        Video Complete(LedgerEntry entry, Video video)
        {
            video.Ledger = path;
            // A row that was submitted once got more takes later.
            bool isFirst = entry is { Take: null, Key: { } key, Origin: { } origin } && book.HighestTake(origin, key) > 1;
            video.Take = isFirst ? 1 : video.Take;
            return video;
        }
    }

    /// <summary>
    /// All submissions of several ledgers as videos with their amounts, including those that a later submission of the same row replaced.
    /// One that is in several files, such as a copy, is one video.
    /// </summary>
    /// <param name="paths">The paths of the ledgers.</param>
    /// <param name="keep">Returns what the video needs of its intent.</param>
    /// <param name="damaged">Receives each damaged line, with its file and number.</param>
    /// <param name="unreadable">Receives why a ledger cannot be read. It may throw; otherwise the others are read.</param>
    /// <param name="token">Stops reading.</param>
    public static IEnumerable<Video> ReadSubmissions(
        IReadOnlyList<string> paths,
        Func<LedgerRecord, LedgerRecord?> keep,
        Action<string> damaged,
        Action<string, ChuiziException> unreadable,
        CancellationToken token)
    {
        LedgerBook book = LedgerBook.ForTotals(keep);
        foreach (string path in paths)
        {
            token.ThrowIfCancellationRequested();
            try
            {
                foreach (string line in ReadInto(book, path, token))
                {
                    damaged(line);
                }
            }
            catch (ChuiziException exception)
            {
                unreadable(path, exception);
            }
        }

        return book.Entries.Select(Shows(paths));
    }

    /// <summary>The costs in ledgers. A file that cannot be read is skipped.</summary>
    public static SeenPrices ReadPrices(IEnumerable<string> ledgers, CancellationToken cancellationToken)
    {
        LedgerBook book = new();
        foreach (string ledger in ledgers)
        {
            try
            {
                LedgerStore.At(ledger).Read((number, text) =>
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    book.ApplyLine(number, text);
                });
            }
            catch (Exception exception)
                when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
            {
                // What the others have is enough for a comparison.
            }
        }

        return book.Prices;
    }

    /// <summary>Reads a ledger into a book, and returns its damaged lines, each with its file and number.</summary>
    private static IReadOnlyList<string> ReadInto(LedgerBook book, string path, CancellationToken token = default)
    {
        int before = book.Records;
        // Discard the damage of an earlier ledger that could only be read in part.
        book.TakeDamage();
        try
        {
            LedgerStore.At(path).Read((number, text) =>
            {
                token.ThrowIfCancellationRequested();
                book.ApplyLine(number, text);
            });
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

        IReadOnlyList<string> damage = book.TakeDamage();
        if (book.Records == before && damage.Count > 0)
        {
            throw new ChuiziException(
                ChuiziErrorKind.InvalidLedger, $"'{path}' is not a ledger: {LedgerFile.WhyNot(path, LedgerFile.HeadOf(path))}");
        }

        return [.. damage.Select(line => $"The ledger '{path}': {line}")];
    }

    /// <summary>
    /// Creates the video of an entry. If it has no response, the locks beside the ledgers show whether it is in progress.
    /// </summary>
    private static Func<LedgerEntry, Video> Shows(IReadOnlyList<string> paths)
    {
        Dictionary<string, bool> alive = new(StringComparer.Ordinal);
        return entry =>
        {
            Video video = entry.ToVideo();
            if (!entry.IsAnswered)
            {
                string run = entry.Run ?? "";
                if (!alive.TryGetValue(run, out bool lives))
                {
                    alive[run] = lives = paths.Any(path => LedgerRun.IsAlive(LedgerStore.At(path), entry.Run));
                }

                video.Elsewhere = lives;
                video.Status = lives ? VideoStatus.Processing : VideoStatus.Unknown;
                video.Error = lives
                    ? new VideoError { Message = "Another process is submitting this row now." }
                    : VideoError.From(entry.ToUnknown());
            }

            return video;
        };
    }
}
