using System.Management.Automation;
using System.Text;

namespace Chuizi.Video.Module.Session;

/// <summary>Keeps a key that was typed on the command line out of PSReadLine's history file.</summary>
internal static class CommandHistory
{
    /// <summary>The largest history that is searched, in bytes; only the end of a longer one.</summary>
    private const int LongestRead = 4 * 1024 * 1024;

    /// <summary>
    /// Overwrites a key in the history file with asterisks. The file keeps its length, because other sessions append to it and read on
    /// from where they were.
    /// </summary>
    /// <returns>Whether the key was found.</returns>
    public static bool Mask(CommandInvocationIntrinsics invoke, string key)
    {
        try
        {
            // PSReadLine is not referenced: other hosts do not have it.
            const string PathOfHistory = "if (Get-Module PSReadLine) { (Get-PSReadLineOption).HistorySavePath }";
            return invoke.InvokeScript(PathOfHistory).FirstOrDefault()?.BaseObject is string path && File.Exists(path) && MaskIn(path, key);
        }
        catch (Exception exception) when (exception is RuntimeException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Overwrites a key in a file.</summary>
    internal static bool MaskIn(string path, string key)
    {
        byte[] wanted = Encoding.UTF8.GetBytes(key);
        using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        long start = Math.Max(0, file.Length - LongestRead);
        byte[] text = new byte[file.Length - start];
        file.Position = start;
        file.ReadExactly(text);
        bool isFound = false;
        for (int at = 0; text.AsSpan(at).IndexOf(wanted) is >= 0 and int next; at += next + wanted.Length)
        {
            isFound = true;
            file.Position = start + at + next;
            file.Write(Encoding.ASCII.GetBytes(new string('*', wanted.Length)));
        }

        return isFound;
    }
}
