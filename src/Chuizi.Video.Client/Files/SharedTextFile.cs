using System.Text;

namespace Chuizi.Video.Client.Files;

/// <summary>
/// A text file that several processes add lines to while others read it. (.NET has no append that the system makes atomic, so that two
/// writers would overwrite each other. A lock on the file itself would fail while somebody follows the file with Get-Content -Wait.)
/// </summary>
internal static class SharedTextFile
{
    /// <summary>
    /// Adds a line. The file is created if it does not exist. A last line that was cut off is ended first.
    /// </summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void AppendLine(string path, string line)
    {
        using MachineLock turn = MachineLock.Take(path);
        FileShare share = FileShare.ReadWrite | FileShare.Delete;
        using FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, share, bufferSize: 0);
        bool isCut = file.Length > 0 && file.Seek(-1, SeekOrigin.End) >= 0 && file.ReadByte() != '\n';
        file.Seek(0, SeekOrigin.End);
        file.Write(Encoding.UTF8.GetBytes((isCut ? "\n" : "") + line + "\n"));
    }
}
