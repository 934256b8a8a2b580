using System.Collections.Concurrent;

namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// The last videos of some ledgers, for somebody who waits for them at a prompt: however long the ledgers are, and whatever they are, it
/// takes no longer than it may.
/// </summary>
internal static class RecentVideos
{
    /// <summary>Some thousand lines; what a morning's work takes.</summary>
    private const long FirstLength = 1024 * 1024;

    /// <summary>Each further reading of a file goes this much farther back.</summary>
    private const int Growth = 8;

    /// <summary>What lies farther back is not recent.</summary>
    private const long LongestLength = FirstLength * Growth * Growth;

    /// <summary>The videos with ids, the newest first; those whose submission lies too far back come last, without prompts.</summary>
    /// <param name="files">The ledgers; what cannot be read is passed over.</param>
    /// <param name="origin">Videos of this origin alone; null for all.</param>
    /// <param name="count">No more is read than gives that many. More may come.</param>
    /// <param name="limit">The longest that it may take; what has been found by then is given.</param>
    public static IReadOnlyList<Video> Read(IReadOnlyList<string> files, string? origin, int count, TimeSpan limit)
    {
        ConcurrentQueue<(string File, LedgerBook Book)> books = [];
        // Ends before the waiting does, so that what it has found by then is there.
        using CancellationTokenSource source = new(limit * 0.75);
        CancellationToken token = source.Token;
        // Apart, since the opening of what is no file, or lies behind a dead network, may not come back.
        Task reading = Task.Run(() => ReadAll(files, origin, count, books, token), CancellationToken.None);
        reading.Wait(limit);
        IEnumerable<(LedgerEntry Entry, string File)> found = books.SelectMany(read =>
            Wanted(read.Book, origin).Select(entry => (entry, read.File)));
        return
        [
            .. found.OrderByDescending(pair => pair.Entry.Intent is not null)
                .ThenByDescending(pair => pair.Entry.At)
                // One job may be in several ledgers.
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

    /// <summary>The book of the file's end, as far back as it takes to find that many; null where nothing can be read.</summary>
    private static LedgerBook? ReadOne(string file, string? origin, int count, CancellationToken token)
    {
        LedgerBook? best = null;
        try
        {
            for (long length = FirstLength; ; length *= Growth)
            {
                LedgerBook book = new(keepsInputs: true);
                best ??= book;
                bool isWhole = LedgerFile.ReadEnd(file, length, (number, text) =>
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
                        or OperationCanceledException)
        {
            // What was found nearer the end will do.
            return best;
        }
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
