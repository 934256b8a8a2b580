using System.Collections.Concurrent;

namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// The most recent videos in some ledgers, for completion at the prompt, bare ids and learned durations. Reads the last 64 MiB of a file or
/// a whole blob, but only for a limited time.
/// </summary>
internal static class RecentVideos
{
    /// <summary>Some thousand lines, about a morning's work.</summary>
    private const long FirstLength = 1024 * 1024;

    /// <summary>The factor by which each further attempt reads more of a file.</summary>
    private const int Growth = 8;

    /// <summary>Anything before this is not recent.</summary>
    private const long LongestLength = FirstLength * Growth * Growth;

    /// <summary>The videos with ids, newest first. Those whose intent is too far back come last, without prompts.</summary>
    /// <param name="files">The ledgers; unreadable ones are skipped.</param>
    /// <param name="origin">Only videos of this origin; null for all.</param>
    /// <param name="count">Reading stops when this many are found. The result may contain more.</param>
    /// <param name="limit">The longest time to take; what has been found by then is returned.</param>
    public static IReadOnlyList<Video> Read(IReadOnlyList<string> files, string? origin, int count, TimeSpan limit)
    {
        ConcurrentQueue<(string File, LedgerBook Book)> books = [];
        // Cancel before the wait below ends, so that what has been found is available.
        using CancellationTokenSource source = new(limit * 0.75);
        CancellationToken token = source.Token;
        // On another thread: opening a special file, or a file on an unreachable network share, may never return.
        Task reading = Task.Run(() => ReadAll(files, origin, count, books, token), CancellationToken.None);
        reading.Wait(limit);
        IEnumerable<(LedgerEntry Entry, string File)> found = books.SelectMany(read =>
            Wanted(read.Book, origin).Select(entry => (entry, read.File)));
        return
        [
            .. found.OrderByDescending(pair => pair.Entry.Intent is not null)
                .ThenByDescending(pair => pair.Entry.At)
                // A job may be in several ledgers.
                .DistinctBy(pair => (pair.Entry.Origin, pair.Entry.Id))
                .Select(pair => Show(pair.Entry, pair.File)),
        ];
    }

    private static void ReadAll(
        IReadOnlyList<string> files,
        string? origin,
        int count,
        ConcurrentQueue<(string File, LedgerBook Book)> books,
        CancellationToken token)
    {
        int found = 0;
        foreach (string file in files)
        {
            if (found >= count || token.IsCancellationRequested)
            {
                return;
            }

            if (ReadOne(file, origin, count - found, token) is { } book)
            {
                books.Enqueue((file, book));
                found += Wanted(book, origin).Count();
            }
        }
    }

    /// <summary>Reads the end of a file, as far back as needed to find enough videos and as it can be read.</summary>
    private static LedgerBook? ReadOne(string file, string? origin, int count, CancellationToken token)
    {
        LedgerBook? best = null;
        try
        {
            for (long length = FirstLength; ; length *= Growth)
            {
                LedgerBook book = new(keepsInputs: true);
                best ??= book;
                bool isWhole = ReadEnd(file, length, (number, text) =>
                {
                    token.ThrowIfCancellationRequested();
                    book.ApplyLine(number, text);
                });
                best = book;
                if (isWhole || length >= LongestLength || Wanted(book, origin).Count(entry => entry.Intent is not null) >= count)
                {
                    return best;
                }
            }
        }
        catch (Exception exception)
            when (exception
                    is IOException
                        or UnauthorizedAccessException
                        or NotSupportedException
                        or ArgumentException
                        or OperationCanceledException
                        or ChuiziException)
        {
            // Use what was found closer to the end.
            return best;
        }
    }

    /// <summary>Reads the end of a file, or a whole blob. Returns whether these are all lines.</summary>
    private static bool ReadEnd(string path, long length, StreamLines.Reader read)
    {
        if (LedgerAddress.Of(path) is null)
        {
            return LedgerFile.ReadEnd(path, length, read);
        }

        LedgerStore.At(path).Read(read);
        return true;
    }

    private static IEnumerable<LedgerEntry> Wanted(LedgerBook book, string? origin) =>
        book.Entries.Where(entry =>
            entry.Id is not null && (origin is null || entry.Origin is null || entry.Origin == origin) && !book.IsSuperseded(entry));

    private static Video Show(LedgerEntry entry, string file)
    {
        Video video = entry.ToVideo();
        video.Ledger = file;
        return video;
    }
}
