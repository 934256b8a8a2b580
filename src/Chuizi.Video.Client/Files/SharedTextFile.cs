using System.Security.Cryptography;
using System.Text;

namespace Chuizi.Video.Client.Files;

/// <summary>
/// A text file that several processes add lines to while others read it. (.NET has no append that the system makes atomic, so that two
/// writers would overwrite each other. A lock on the file itself would fail while somebody follows the file with Get-Content -Wait.)
/// </summary>
internal static class SharedTextFile
{
    /// <summary>A line is written in microseconds. Whoever takes longer is stopped, and the others do not wait for it.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Adds a line. The file is created if it does not exist. A last line that was cut off is ended first.
    /// </summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void AppendLine(string path, string line)
    {
        using Mutex? turn = TurnOf(path);
        bool isOurs = IsEntered(turn);
        try
        {
            FileShare share = FileShare.ReadWrite | FileShare.Delete;
            using FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, share, bufferSize: 0);
            bool isCut = file.Length > 0 && file.Seek(-1, SeekOrigin.End) >= 0 && file.ReadByte() != '\n';
            file.Seek(0, SeekOrigin.End);
            file.Write(Encoding.UTF8.GetBytes((isCut ? "\n" : "") + line + "\n"));
        }
        finally
        {
            if (isOurs)
            {
                turn!.ReleaseMutex();
            }
        }
    }

    /// <summary>The mutex of the file, for all processes of the machine; null where the system has none.</summary>
    private static Mutex? TurnOf(string path)
    {
        string full = Path.GetFullPath(path);
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(OperatingSystem.IsWindows() ? full.ToUpperInvariant() : full));
        try
        {
            return new Mutex(initiallyOwned: false, $@"Global\Chuizi.Video.{Convert.ToHexString(hash, 0, 12)}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or WaitHandleCannotBeOpenedException)
        {
            return null;
        }
    }

    private static bool IsEntered(Mutex? turn)
    {
        try
        {
            return turn is not null && turn.WaitOne(s_patience);
        }
        catch (AbandonedMutexException)
        {
            // A killed process had it.
            return true;
        }
    }
}
