using Chuizi.Video.Client.Files;

namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// The lock file of a run, next to its ledger: the sign that the run is alive. It excludes nobody. The system releases the lock of a killed
/// process, so a file that is not locked was left by a dead run.
/// </summary>
internal static class RunLockFile
{
    private static readonly TimeSpan s_old = TimeSpan.FromMinutes(1);

    /// <summary>Creates and locks the file, and its folder. The file is deleted when the returned stream is disposed.</summary>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public static FileStream Create(string ledger, string run)
    {
        ledger = RealPathOf(ledger);
        OwnerOnly.MakeFolderOf(ledger);
        FileStream file = OwnerOnly.Open(PathOf(ledger, run), FileMode.CreateNew, FileOptions.DeleteOnClose);
        Sweep(ledger);
        return file;
    }

    /// <summary>Whether the file of a run is locked. Deletes the one of a dead run.</summary>
    public static bool IsHeld(string ledger, string run)
    {
        // Check twice: another process that makes the same check holds the lock for a moment.
        string path = PathOf(RealPathOf(ledger), run);
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

    /// <summary>Deletes the files that killed runs have left. Recent ones are skipped, because they may not be locked yet.</summary>
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
                string run = Path.GetFileName(file)[(name.Length + 1)..^".lock".Length];
                _ = LedgerRun.IsName(run) && !LedgerRun.IsRunningHere(run) && IsHeld(ledger, run);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Leftover lock files are harmless.
        }
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

    private static string PathOf(string ledger, string run) => $"{ledger}.{run}.lock";
}
