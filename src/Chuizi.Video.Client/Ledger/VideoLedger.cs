using System.Buffers;
using Chuizi.Video.Client.Files;

namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// A ledger as this process has it open: one for each file. Whatever is to be written at the same time is written, and flushed to the
/// disk, at once; decisions are made under the file's lock, on what all processes have written.
/// </summary>
internal sealed class VideoLedger
{
    // Weak: a ledger that no video and no run refers to any more takes its book with it.
    private static readonly Dictionary<string, WeakReference<VideoLedger>> s_open = new(PathComparer.Instance);

    private readonly LedgerFile? _file;

    /// <summary>Guards what waits to be written, and the attached books.</summary>
    private readonly object _gate = new();

    /// <summary>Guards the file and the book: one reads or writes at a time. Taken before <see cref="_gate"/>.</summary>
    private readonly object _use = new();

    private readonly List<(string Run, LedgerBook Book)> _attached = [];
    private List<PendingWrite> _pending = [];
    private bool _isWriting;
    private LedgerBook? _book;

    private VideoLedger(string? path) => _file = path is null ? null : new LedgerFile(path);

    /// <summary>Where it is; null for one in memory.</summary>
    public string? Path => _file?.Path;

    /// <summary>The ledger in that file, which does not have to exist yet. Nothing is read or written.</summary>
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

    /// <summary>A ledger that keeps nothing: for counting within a run.</summary>
    public static VideoLedger InMemory() => new(null);

    /// <summary>Reads the book of the whole file, brought up to date with it. Nothing is locked in the file, made or written.</summary>
    /// <param name="read">Called while nothing changes the book, which must not be kept.</param>
    /// <exception cref="ChuiziException">LedgerUnavailable or InvalidLedger.</exception>
    public Task<T> ReadAsync<T>(Func<LedgerBook, T> read) => Task.Run(() =>
    {
        lock (_use)
        {
            return read(Guarded(Refresh));
        }
    });

    /// <summary>Writes lines; they are on the disk when the task ends.</summary>
    /// <exception cref="ChuiziException">LedgerUnavailable or InvalidLedger: they are not written.</exception>
    public Task AppendAsync(params LedgerRecord[] records) => DecideAsync(follow: false, _ => (records, true));

    /// <summary>Has a book count what is written of one run's submissions, until <see cref="Detach"/>.</summary>
    public void Attach(string run, LedgerBook book)
    {
        lock (_gate)
        {
            _attached.Add((run, book));
        }
    }

    /// <summary>Ends what <see cref="Attach"/> began.</summary>
    public void Detach(LedgerBook book)
    {
        lock (_gate)
        {
            _attached.RemoveAll(attached => attached.Book == book);
        }
    }

    /// <summary>Decides what to write while nobody else can write; what is decided is on the disk when the task ends.</summary>
    /// <param name="follow">Whether the decision needs the book of the whole file.</param>
    /// <param name="decide">Gives the lines to write and an answer. It is called with the book, or null where there is none.</param>
    /// <exception cref="ChuiziException">LedgerUnavailable or InvalidLedger: nothing is written.</exception>
    public Task<T> DecideAsync<T>(bool follow, Func<LedgerBook?, (IReadOnlyList<LedgerRecord> Records, T Answer)> decide)
    {
        PendingWrite<T> pending = new(follow, decide);
        lock (_gate)
        {
            _pending.Add(pending);
            if (!_isWriting)
            {
                _isWriting = true;
                ThreadPool.UnsafeQueueUserWorkItem(static ledger => ledger.WriteAll(), this, preferLocal: false);
            }
        }

        return pending.Task;
    }

    private void WriteAll()
    {
        while (true)
        {
            List<PendingWrite> group;
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

            Exception? failure = null;
            try
            {
                lock (_use)
                {
                    Guarded(() => WriteGroup(group));
                }
            }
            catch (Exception exception)
            {
                failure = exception;
            }

            foreach (PendingWrite pending in group)
            {
                pending.End(failure);
            }
        }
    }

    /// <summary>Writes what has come together: one lock, one flush.</summary>
    private bool WriteGroup(List<PendingWrite> group)
    {
        if (group.Exists(pending => pending.Follow))
        {
            Book();
        }

        if (_file is null)
        {
            Decide(group, null);
        }
        else
        {
            _file.Write(_book, buffer => Decide(group, buffer));
        }

        return true;
    }

    /// <summary>The book, brought up to date with the file.</summary>
    private LedgerBook Refresh()
    {
        LedgerBook book = Book();
        if (_file is null)
        {
            return book;
        }

        if (File.Exists(_file.Path))
        {
            _file.Refresh(book);
        }
        else
        {
            _file.Rewind();
            book.Clear();
        }

        return book;
    }

    /// <summary>The book of the whole file; it begins empty, and the next use of the file reads it from its beginning.</summary>
    private LedgerBook Book()
    {
        if (_book is null)
        {
            _book = new LedgerBook();
            _file?.Rewind();
        }

        return _book;
    }

    private T Guarded<T>(Func<T> use)
    {
        try
        {
            return use();
        }
        catch (Exception exception)
        {
            // The book may hold what the file does not, so the next use reads it from its beginning.
            _book = null;
            _file?.Rewind();
            if (exception is ChuiziException)
            {
                throw;
            }

            throw new ChuiziException(
                ChuiziErrorKind.LedgerUnavailable,
                $"The ledger '{Path}' cannot be used: {exception.Message}",
                exception);
        }
    }

    private void Decide(List<PendingWrite> group, ArrayBufferWriter<byte>? buffer)
    {
        foreach (LedgerRecord record in group.SelectMany(pending => pending.Decide(_book)))
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

    /// <summary>A decision that waits for its turn to write.</summary>
    private abstract class PendingWrite(bool follow)
    {
        /// <summary>Whether it needs the book of the whole file.</summary>
        public bool Follow => follow;

        /// <summary>The lines to write. Where the decision throws, there are none, and the others of the group are written.</summary>
        public abstract IReadOnlyList<LedgerRecord> Decide(LedgerBook? book);

        /// <summary>The group is written; or it is not, because of <paramref name="failure"/>.</summary>
        public abstract void End(Exception? failure);
    }

    private sealed class PendingWrite<T>(bool follow, Func<LedgerBook?, (IReadOnlyList<LedgerRecord> Records, T Answer)> decide)
        : PendingWrite(follow)
    {
        private readonly TaskCompletionSource<T> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _answer = default!;

        public Task<T> Task => _source.Task;

        public override IReadOnlyList<LedgerRecord> Decide(LedgerBook? book)
        {
            try
            {
                (IReadOnlyList<LedgerRecord> records, _answer) = decide(book);
                return records;
            }
            catch (Exception exception)
            {
                _source.SetException(exception);
                return [];
            }
        }

        public override void End(Exception? failure) =>
            _ = failure is null ? _source.TrySetResult(_answer) : _source.TrySetException(failure);
    }
}
