using System.Buffers;
using Chuizi.Video.Client.Files;

namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// A ledger as this process has it open: one for each file. Whatever is to be written at the same time is written, and flushed to the
/// disk, at once; decisions are made under the file's lock, on what all processes have written.
/// </summary>
public sealed class VideoLedger
{
    // Weak: a ledger that no video and no run names any more takes its book with it.
    private static readonly Dictionary<string, WeakReference<VideoLedger>> s_open = new(PathComparer.Instance);

    private readonly LedgerFile? _file;
    private readonly object _gate = new();
    private readonly List<(string Run, LedgerBook Book)> _attached = [];
    private List<Pending> _pending = [];
    private bool _isWriting;
    private LedgerBook? _book;

    private VideoLedger(string? path) => _file = path is null ? null : new LedgerFile(path);

    /// <summary>Where it is; null for one in memory.</summary>
    public string? Path => _file?.Path;

    /// <summary>The ledger in that file, which need not be there yet. Nothing is read or written.</summary>
    public static VideoLedger At(string path)
    {
        lock (s_open)
        {
            if (!s_open.TryGetValue(path, out WeakReference<VideoLedger>? known) || !known.TryGetTarget(out VideoLedger? ledger))
            {
                ledger = new VideoLedger(path);
                s_open[path] = new WeakReference<VideoLedger>(ledger);
            }

            return ledger;
        }
    }

    /// <summary>A ledger that nobody keeps: for counting within a run.</summary>
    public static VideoLedger InMemory() => new(null);

    /// <summary>Looks into the book of the whole file, brought up to date with it.</summary>
    /// <param name="look">Called while nobody changes the book, which must not be kept.</param>
    /// <exception cref="ChuiziException">LedgerUnavailable or InvalidLedger.</exception>
    public Task<T> LookAsync<T>(Func<LedgerBook, T> look) => DecideAsync<T>(follow: true, book => ([], look(book!)), onlyLooks: true);

    /// <summary>Writes lines; they are on the disk when the task ends.</summary>
    /// <exception cref="ChuiziException">LedgerUnavailable or InvalidLedger: they are not written.</exception>
    public Task AppendAsync(params LedgerRecord[] records) => DecideAsync(follow: false, _ => (records, true));

    /// <summary>Has a book count what is written of one run's submissions.</summary>
    internal void Attach(string run, LedgerBook book)
    {
        lock (_gate)
        {
            _attached.Add((run, book));
        }
    }

    /// <summary>Ends that.</summary>
    internal void Detach(LedgerBook book)
    {
        lock (_gate)
        {
            _attached.RemoveAll(attached => attached.Book == book);
        }
    }

    /// <summary>Decides what to write while nobody else can write; what is decided is on the disk when the task ends.</summary>
    /// <param name="follow">Whether the decision needs the book of the whole file.</param>
    /// <param name="decide">Gives the lines to write and an answer. It is called with the book, or null where there is none.</param>
    /// <param name="onlyLooks">Whether it writes nothing, so that a file that is not there need not be made.</param>
    /// <exception cref="ChuiziException">LedgerUnavailable or InvalidLedger: nothing is written.</exception>
    internal Task<T> DecideAsync<T>(bool follow, Func<LedgerBook?, (IReadOnlyList<LedgerRecord> Records, T Answer)> decide, bool onlyLooks = false)
    {
        TaskCompletionSource<T> source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        T answer = default!;
        Pending pending = new(follow, onlyLooks, Decide, End);
        lock (_gate)
        {
            _pending.Add(pending);
            if (!_isWriting)
            {
                _isWriting = true;
                ThreadPool.UnsafeQueueUserWorkItem(static ledger => ledger.WriteAll(), this, preferLocal: false);
            }
        }

        return source.Task;

        IReadOnlyList<LedgerRecord> Decide(LedgerBook? book)
        {
            try
            {
                (IReadOnlyList<LedgerRecord> records, answer) = decide(book);
                return records;
            }
            catch (Exception exception)
            {
                // This decision's failure, and not that of the others in the group.
                source.SetException(exception);
                return [];
            }
        }

        void End(Exception? failure)
        {
            _ = failure is null ? source.TrySetResult(answer) : source.TrySetException(failure);
        }
    }

    private void WriteAll()
    {
        while (true)
        {
            List<Pending> group;
            lock (_gate)
            {
                if (_pending.Count == 0)
                {
                    _isWriting = false;
                    return;
                }

                group = _pending;
                _pending = [];
            }

            WriteGroup(group);
        }
    }

    /// <summary>Writes what has come together: one lock, one flush.</summary>
    private void WriteGroup(List<Pending> group)
    {
        Exception? failure = null;
        try
        {
            if (_book is null && group.Exists(pending => pending.Follow))
            {
                _book = new LedgerBook();
                _file?.Rewind();
            }

            if (_file is null)
            {
                Decide(group, null);
            }
            else if (group.TrueForAll(pending => pending.OnlyLooks))
            {
                if (File.Exists(_file.Path))
                {
                    _file.Look(_book);
                }
                else
                {
                    _file.Rewind();
                    _book?.Clear();
                }

                Decide(group, null);
            }
            else
            {
                _file.Write(_book, buffer => Decide(group, buffer));
            }
        }
        catch (Exception exception)
        {
            // The book may hold what the file does not: it is read anew.
            failure = exception as ChuiziException
                ?? new ChuiziException(ChuiziErrorKind.LedgerUnavailable, $"The ledger '{Path}' cannot be used: {exception.Message}", exception);
            _book = null;
            _file?.Rewind();
        }

        foreach (Pending pending in group)
        {
            pending.End(failure);
        }
    }

    private void Decide(List<Pending> group, ArrayBufferWriter<byte>? buffer)
    {
        foreach (Pending pending in group)
        {
            foreach (LedgerRecord record in pending.Decide(_book))
            {
                record.At = record.At == default ? DateTime.UtcNow : record.At;
                _book?.Apply(record);
                lock (_gate)
                {
                    foreach ((_, LedgerBook book) in _attached.Where(attached => attached.Run == record.Run || attached.Book.Has(record)))
                    {
                        book.Apply(record);
                    }
                }

                if (buffer is not null)
                {
                    LedgerSerializer.Write(buffer, record);
                }
            }
        }
    }

    private sealed record Pending(bool Follow, bool OnlyLooks, Func<LedgerBook?, IReadOnlyList<LedgerRecord>> Decide, Action<Exception?> End);
}
