using System.Collections.Concurrent;

namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// The lock of a run that submits rows: while the run or one of its requests is active, it holds a lock file next to the ledger; the system
/// releases the lock of a killed process. The lock shows whether an intent without a response is in progress or abandoned.
/// </summary>
internal sealed class RunLock : IDisposable
{
    private static readonly ConcurrentDictionary<string, RunLock> s_running = new(StringComparer.Ordinal);

    private static readonly TimeSpan s_old = TimeSpan.FromMinutes(1);

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FileStream? _lock;
    private int _entries;

    public RunLock() => s_running[Name] = this;

    /// <summary>The unique name of the run.</summary>
    public string Name { get; } = Guid.NewGuid().ToString("N")[..16];

    /// <summary>Whether the run sends nothing more, and only waits for responses.</summary>
    public bool IsStopped { get; set; }

    /// <summary>Returns a unique name for the next submission.</summary>
    public string NextEntry() => $"{Name}-{Interlocked.Increment(ref _entries)}";

    /// <summary>Creates the lock file, and its folder. Called before each intent is written.</summary>
    /// <exception cref="IOException">The lock file cannot be created.</exception>
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

    /// <summary>Deletes lock files that killed runs have left. Recent ones are skipped, because they may not be locked yet.</summary>
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
            // Leftover lock files are harmless.
        }
    }

    /// <summary>Whether a run is still active, in this process or another. Deletes the lock file of a dead run.</summary>
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

        // Check twice: another process that makes the same check holds the lock for a moment.
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
            // Not found means not held. Access denied means that the file belongs to another user, so treat it as held.
            return exception is UnauthorizedAccessException;
        }
    }

    /// <summary>
    /// Completes when a run ends, if it was stopped in this process and its requests are still in progress; otherwise at once.
    /// </summary>
    public static Task EndOf(string? run) =>
        run is not null && s_running.TryGetValue(run, out RunLock? running) && running.IsStopped
            ? running._ended.Task
            : Task.CompletedTask;

    /// <summary>Ends the run: it sends nothing more, and all its requests have their responses.</summary>
    public void Dispose()
    {
        _lock?.Dispose();
        s_running.TryRemove(Name, out _);
        _ended.TrySetResult();
    }

    /// <summary>The target file if the path is a link, so that all runs use the same lock file, whichever path they use.</summary>
    private static string RealPathOf(string ledger)
    {
        try
        {
            return File.ResolveLinkTarget(ledger, returnFinalTarget: true)?.FullName ?? ledger;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The file does not exist yet, or it cannot be opened either, which is reported later.
            return ledger;
        }
    }

    private static string LockOf(string ledger, string run) => $"{ledger}.{run}.lock";
}
