using System.Buffers;
using Chuizi.Video.Client.Files;

namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// An open ledger; there is one for each file or blob in this process. Writes that are pending at the same time are stored together.
/// Decisions are based on what all processes have written: under the lock of a file, or repeated until nobody else has written to a blob
/// meanwhile.
/// </summary>
internal sealed class VideoLedger
{
    // Weak references: a ledger that no video or run uses any more is released together with its book.
    private static readonly Dictionary<string, WeakReference<VideoLedger>> s_open = new(PathComparer.Instance);
    private static readonly Dictionary<string, WeakReference<VideoLedger>> s_openBlobs = new(StringComparer.Ordinal);

    private readonly LedgerStore? _store;

    /// <summary>Guards the pending writes and the attached books.</summary>
    private readonly object _gate = new();

    /// <summary>Guards the file and the book, for one reader or writer at a time. Taken before <see cref="_gate"/>.</summary>
    private readonly object _use = new();

    private readonly List<(string Run, LedgerBook Book)> _attached = [];
    private readonly List<LedgerRecord> _decided = [];
    private List<PendingWrite> _pending = [];
    private bool _isWriting;
    private LedgerBook? _book;

    private VideoLedger(LedgerStore? store) => _store = store;

    /// <summary>The path, or the address of a blob; null for a ledger in memory.</summary>
    public string? Path => _store?.Path;

    /// <summary>Whether it is stored and exists.</summary>
    public bool Exists => _store is { Exists: true };

    /// <summary>Opens the ledger at a path, which does not have to exist yet. Nothing is read or written.</summary>
    public static VideoLedger At(string path)
    {
        lock (s_open)
        {
            Dictionary<string, WeakReference<VideoLedger>> open = LedgerAddress.Of(path) is null ? s_open : s_openBlobs;
            if (!open.TryGetValue(path, out WeakReference<VideoLedger>? known) || !known.TryGetTarget(out VideoLedger? ledger))
            {
                ledger = new VideoLedger(LedgerStore.At(path));
                open[path] = new WeakReference<VideoLedger>(ledger);
            }

            return ledger;
        }
    }

    /// <summary>A ledger that stores nothing, for counting within a run.</summary>
    public static VideoLedger InMemory() => new(null);

    /// <summary>Makes other processes see that a run is alive. Nothing happens for a ledger in memory.</summary>
    /// <exception cref="ChuiziException">LedgerUnavailable.</exception>
    public void Hold(LedgerRun run)
    {
        try
        {
            if (_store is not null)
            {
                run.Hold(() => _store.Hold(run, this));
            }
        }
        catch (Exception exception) when (exception is not ChuiziException)
        {
            string message = $"The lock file for the ledger '{Path}' cannot be created: {exception.Message}";
            throw new ChuiziException(ChuiziErrorKind.LedgerUnavailable, message, exception);
        }
    }

    /// <summary>Whether a run that wrote to this ledger is still active, in this process or another.</summary>
    public bool IsAlive(string? run) => _store is not null && LedgerRun.IsAlive(_store, run);

    /// <summary>Whether a request that a run has sent may still be in progress.</summary>
    public bool MaySend(string? run) =>
        _store is not null && run is not null && (LedgerRun.IsAlive(_store, run) || _store.MaySend(run));

    /// <summary>Whether it takes more time to see if a run is alive or has no request in progress.</summary>
    public bool IsUncertain(string? run) =>
        _store is not null && run is not null && !LedgerRun.IsRunningHere(run) && _store.IsUncertain(run);

    /// <summary>Whether others see for certain that a run of this process is alive, so that it may send a request.</summary>
    public bool IsInEffect(string run) => _store?.IsInEffect(run) ?? true;

    /// <summary>Reads the book of the whole file, after updating it. The file is not locked, created or written.</summary>
    /// <param name="read">
    /// Called while the book cannot change. It must not keep the book. It is called again if it has found that a run has ended: that run
    /// may have recorded responses after the book was updated.
    /// </param>
    /// <exception cref="ChuiziException">LedgerUnavailable or InvalidLedger.</exception>
    public Task<T> ReadAsync<T>(Func<LedgerBook, T> read) => Task.Run(() =>
    {
        lock (_use)
        {
            while (true)
            {
                int? ended = _store?.EndedRuns;
                T result = read(Guarded(Refresh));
                if (_store?.EndedRuns == ended)
                {
                    return result;
                }
            }
        }
    });

    /// <summary>Writes lines, which are stored when the task completes.</summary>
    /// <exception cref="ChuiziException">LedgerUnavailable or InvalidLedger: nothing is written.</exception>
    public Task AppendAsync(params LedgerRecord[] records) => DecideAsync(follow: false, _ => (records, true));

    /// <summary>Lets a book count what is written about one run's submissions, until <see cref="Detach"/>.</summary>
    public void Attach(string run, LedgerBook book)
    {
        lock (_gate)
        {
            _attached.Add((run, book));
        }
    }

    /// <summary>Removes a book that <see cref="Attach"/> added.</summary>
    public void Detach(LedgerBook book)
    {
        lock (_gate)
        {
            _attached.RemoveAll(attached => attached.Book == book);
        }
    }

    /// <summary>Decides what to write, on what all processes have written. The lines are stored when the task completes.</summary>
    /// <param name="follow">Whether the decision requires the book of the whole file.</param>
    /// <param name="decide">
    /// Returns the lines to write and a result. Receives the book, or null without one. It is called again if another process wrote to a
    /// blob meanwhile.
    /// </param>
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

    /// <summary>Writes a group of decisions with one lock and one flush.</summary>
    private bool WriteGroup(List<PendingWrite> group)
    {
        if (group.Exists(pending => pending.Follow))
        {
            Book();
        }

        if (_store is null)
        {
            Decide(group, null);
        }
        else
        {
            _store.Write(_book, buffer => Decide(group, buffer), Withdraw);
        }

        return true;
    }

    /// <summary>The book, updated from the file.</summary>
    private LedgerBook Refresh()
    {
        LedgerBook book = Book();
        if (_store is null)
        {
            return book;
        }

        if (_store.Exists)
        {
            _store.Refresh(book);
        }
        else
        {
            _store.Rewind();
            book.Clear();
        }

        return book;
    }

    /// <summary>The book of the whole file. A new book is empty, and the next access reads the file from its start.</summary>
    private LedgerBook Book()
    {
        if (_book is null)
        {
            _book = new LedgerBook();
            _store?.Rewind();
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
            // The book may contain what the file does not, so the next access reads the file from its start.
            _book = null;
            _store?.Rewind();
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

    /// <summary>Adds the lines of a group to the books and to the buffer.</summary>
    private void Decide(List<PendingWrite> group, ArrayBufferWriter<byte>? buffer)
    {
        _decided.Clear();
        foreach (LedgerRecord record in group.SelectMany(RecordsOf))
        {
            record.At = record.At == default ? DateTime.UtcNow : record.At;
            _book?.Apply(record);
            _decided.Add(record);
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

    private IReadOnlyList<LedgerRecord> RecordsOf(PendingWrite pending)
    {
        IReadOnlyList<LedgerRecord> records = pending.Decide(_book);
        if (_store?.Full is not { } full || !records.Any(record => record.Step == LedgerStep.Intent))
        {
            return records;
        }

        pending.Fail(full);
        return [];
    }

    /// <summary>
    /// Removes from the books what the group decided on what it had read, because others have written since. What happened to a submission
    /// is not a decision, so that it stays.
    /// </summary>
    private void Withdraw()
    {
        foreach (LedgerRecord record in Enumerable.Reverse(_decided))
        {
            if (record.Step is LedgerStep.Reviewed)
            {
                // Rare, and it depends on all reviews before it.
                _book?.Clear();
                _store!.Rewind();
                continue;
            }

            _book?.Withdraw(record);
            lock (_gate)
            {
                foreach ((_, LedgerBook book) in _attached)
                {
                    book.Withdraw(record);
                }
            }
        }

        _decided.Clear();
    }

    /// <summary>A decision that waits for its turn to write.</summary>
    private abstract class PendingWrite(bool follow)
    {
        /// <summary>Whether it requires the book of the whole file.</summary>
        public bool Follow => follow;

        /// <summary>
        /// Returns the lines to write. If the decision throws there are none, and the others of the group are still written.
        /// </summary>
        public abstract IReadOnlyList<LedgerRecord> Decide(LedgerBook? book);

        /// <summary>Makes the decision a failure, so that its lines are not written.</summary>
        public abstract void Fail(Exception failure);

        /// <summary>Completes the task after the group was written, or was not because of <paramref name="failure"/>.</summary>
        public abstract void End(Exception? failure);
    }

    private sealed class PendingWrite<T>(bool follow, Func<LedgerBook?, (IReadOnlyList<LedgerRecord> Records, T Answer)> decide)
        : PendingWrite(follow)
    {
        private readonly TaskCompletionSource<T> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _answer = default!;
        private Exception? _failure;

        public Task<T> Task => _source.Task;

        public override IReadOnlyList<LedgerRecord> Decide(LedgerBook? book)
        {
            _failure = null;
            try
            {
                (IReadOnlyList<LedgerRecord> records, _answer) = decide(book);
                return records;
            }
            catch (Exception exception)
            {
                _failure = exception;
                return [];
            }
        }

        public override void Fail(Exception failure) => _failure = failure;

        public override void End(Exception? failure) => _ = (failure ?? _failure) is { } reason
            ? _source.TrySetException(reason)
            : _source.TrySetResult(_answer);
    }
}
