using System.Collections.Concurrent;

namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// One run that sends. As long as it, or a request of it, lives, it holds a lock file beside the ledger; the lock of a killed process is
/// let go of by the system. So an intent without an answer is told to be under way, or left behind.
/// </summary>
internal sealed class LedgerRun : IDisposable
{
    private static readonly ConcurrentDictionary<string, LedgerRun> s_running = new(StringComparer.Ordinal);

    private static readonly TimeSpan s_old = TimeSpan.FromMinutes(1);

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FileStream? _lock;
    private int _entries;

    public LedgerRun() => s_running[Name] = this;

    /// <summary>Its unique name.</summary>
    public string Name { get; } = Guid.NewGuid().ToString("N")[..16];

    /// <summary>Whether it sends no more, and only waits for answers.</summary>
    public bool IsStopped { get; set; }

    /// <summary>A unique name for its next submission.</summary>
    public string NextEntry() => $"{Name}-{Interlocked.Increment(ref _entries)}";

    /// <summary>Takes the lock, and makes its folder; called before each intent is written.</summary>
    /// <exception cref="IOException">The lock file cannot be made.</exception>
    public void Hold(string ledger)
    {
        if (_lock is null)
        {
            ledger = RealPathOf(ledger);
            LedgerFile.MakeFolderOf(ledger);
            FileStreamOptions options = new()
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                BufferSize = 0,
                Options = FileOptions.DeleteOnClose,
            };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            _lock = new FileStream(LockOf(ledger, Name), options);
            Sweep(ledger);
        }
    }

    /// <summary>Takes away the lock files that killed runs have left. A young one may be being made just now.</summary>
    private static void Sweep(string ledger)
    {
        string folder = Path.GetDirectoryName(ledger)!;
        string name = Path.GetFileName(ledger);
        try
        {
            foreach (
                string file in Directory
                    .EnumerateFiles(folder, $"{name}.*.lock")
                    .Where(file => DateTime.UtcNow - File.GetLastWriteTimeUtc(file) > s_old))
            {
                _ = IsAlive(ledger, Path.GetFileName(file)[(name.Length + 1)..^".lock".Length]);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // They harm nobody.
        }
    }

    /// <summary>Whether that run still lives, in this process or another. The lock file of a dead one is taken away.</summary>
    public static bool IsAlive(string ledger, string? run)
    {
        if (run is null || !run.All(char.IsAsciiHexDigit))
        {
            return false;
        }

        if (s_running.ContainsKey(run))
        {
            return true;
        }

        // Somebody else who asks the same has it for a moment.
        string path = LockOf(RealPathOf(ledger), run);
        return IsHeld(path) && IsHeld(path);
    }

    private static bool IsHeld(string path)
    {
        try
        {
            using (new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 0, FileOptions.DeleteOnClose))
            {
                return false;
            }
        }
        catch (IOException exception) when (LedgerFile.IsInUse(exception))
        {
            Thread.Sleep(2);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // There is none; or one that we may not open, which is not ours.
            return exception is UnauthorizedAccessException;
        }
    }

    /// <summary>The end of that run, if it was stopped in this process and its requests are still under way.</summary>
    public static Task EndOf(string? run) =>
        run is not null && s_running.TryGetValue(run, out LedgerRun? running) && running.IsStopped
            ? running._ended.Task
            : Task.CompletedTask;

    /// <summary>It sends no more, and all that it sent is answered.</summary>
    public void Dispose()
    {
        _lock?.Dispose();
        s_running.TryRemove(Name, out _);
        _ended.TrySetResult();
    }

    /// <summary>
    /// The file itself, where the path is a link to it: whichever way a run came to the ledger, its lock lies in one place.
    /// </summary>
    private static string RealPathOf(string ledger)
    {
        try
        {
            return File.ResolveLinkTarget(ledger, returnFinalTarget: true)?.FullName ?? ledger;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is not there yet; or it cannot be opened either, which will be said.
            return ledger;
        }
    }

    private static string LockOf(string ledger, string run) => $"{ledger}.{run}.lock";
}
