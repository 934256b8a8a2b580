using System.Buffers;

namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// Where the lines of a ledger are, a file or a blob, and the signs there that a run is alive. Several processes write to it. Not
/// thread-safe: one thread at a time reads and writes. The members about runs, and <see cref="Exists"/>, may be called by others meanwhile.
/// </summary>
internal abstract class LedgerStore
{
    /// <summary>The path of the file, or the address of the blob without its signature.</summary>
    public abstract string Path { get; }

    /// <summary>Whether it exists, whatever it contains. Asking about a blob is a request, until it is known to exist.</summary>
    public abstract bool Exists { get; }

    /// <summary>The store at a path or an address, which does not have to exist yet. Nothing is read or written.</summary>
    public static LedgerStore At(string path) => LedgerAddress.Of(path) is { } address ? new LedgerBlob(address) : new LedgerFile(path);

    /// <summary>Makes the next access read from the start.</summary>
    public abstract void Rewind();

    /// <summary>
    /// Reads what is new, then writes the lines that <paramref name="decide"/> adds, which are stored when this returns. Nobody else writes
    /// between what was read and these lines.
    /// </summary>
    /// <param name="book">Receives each new line, and is cleared if the store was replaced; null if the lines are not needed.</param>
    /// <param name="decide">Adds lines. It is called again if what was read was not the latest.</param>
    /// <param name="withdraw">Removes from the books what <paramref name="decide"/> added, before it is called again.</param>
    /// <exception cref="ChuiziException">LedgerUnavailable or InvalidLedger: nothing is written.</exception>
    public abstract void Write(LedgerBook? book, Action<ArrayBufferWriter<byte>> decide, Action withdraw);

    /// <summary>Reads what is new, without writing.</summary>
    /// <param name="book">Receives each new line, and is cleared if the store was replaced; null if the lines are not needed.</param>
    /// <exception cref="ChuiziException">LedgerUnavailable or InvalidLedger.</exception>
    public abstract void Refresh(LedgerBook? book);

    /// <summary>Reads all lines.</summary>
    /// <exception cref="IOException">It does not exist, or the file cannot be read.</exception>
    /// <exception cref="ChuiziException">LedgerUnavailable: a blob cannot be read.</exception>
    public abstract void Read(StreamLines.Reader read);

    /// <summary>Why nothing new may be submitted, although results can still be recorded; null if it may.</summary>
    public virtual ChuiziException? Full => null;

    /// <summary>Shows that a run is alive, until the result is disposed or the process ends.</summary>
    /// <param name="run">The run.</param>
    /// <param name="ledger">The ledger that is stored here.</param>
    /// <exception cref="IOException">That is not possible.</exception>
    public abstract IDisposable Hold(LedgerRun run, VideoLedger ledger);

    /// <summary>Whether a run of another process is alive, as far as it can be told now.</summary>
    public abstract bool IsAlive(string run);

    /// <summary>
    /// The number of runs that <see cref="IsAlive"/> has found to have ended, if it learns that from something other than the lines.
    /// </summary>
    public virtual int EndedRuns => 0;

    /// <summary>Whether a request that a run of another process has sent may still be in progress.</summary>
    public virtual bool MaySend(string run) => IsAlive(run);

    /// <summary>Whether it takes more time to see if a run of another process is alive or has no request in progress.</summary>
    public virtual bool IsUncertain(string run) => false;

    /// <summary>Whether others see for certain that a run of this process is alive, so that it may send a request.</summary>
    public virtual bool IsInEffect(string run) => true;
}
