using System.Text;
using Chuizi.Video.Client.Files;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Gallery;

/// <summary>
/// The path, the title and the file of a page. The file is written completely or not at all, and replaces one that is not a gallery only if
/// the user wants that.
/// </summary>
internal static class GalleryFile
{
    // The generator is named early in the head.
    private const int HeadLength = 4096;

    private static readonly string[] s_endings = [".html", ".htm"];
    private static readonly string s_mark = $"<meta name=\"generator\" content=\"{Product.Name} ";

    /// <summary>
    /// The path of the page: <c>index.html</c> in a folder; otherwise <c>.html</c> is appended unless the name ends in that or <c>.htm</c>.
    /// </summary>
    public static string PathOf(string path, bool isFolder) => Path.GetFullPath(
        isFolder ? Path.Combine(path, "index.html")
        : s_endings.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) ? path
        // Anything else after a dot is part of the name: v1.2, 2026.11.25.
        : path + ".html");

    /// <summary>
    /// The title of a page, from its own path or a ledger's: <c>run</c> for run.jsonl, <c>prompts</c> for prompts.csv.ledger.jsonl; for an
    /// index, the name of the folder.
    /// </summary>
    public static string TitleOf(string path)
    {
        string name = Path.GetFileName(path);
        foreach (string ending in s_endings.Prepend(".csv").Prepend(".ledger").Prepend(".jsonl"))
        {
            if (name.Length > ending.Length && name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                name = name[..^ending.Length];
            }
        }

        string? folder = Path.GetFileName(Path.GetDirectoryName(path));
        return name.Equals("index", StringComparison.OrdinalIgnoreCase) && !string.IsNullOrEmpty(folder) ? folder : name;
    }

    /// <summary>Checks that <paramref name="path"/> does not exist, or is a gallery.</summary>
    /// <exception cref="ChuiziException">FileExists: it is another file. CannotWrite: it cannot be read.</exception>
    public static void Check(string path)
    {
        try
        {
            if (File.Exists(path) && !IsOurs(path))
            {
                throw new ChuiziException(
                    ChuiziErrorKind.FileExists,
                    $"The file '{path}' already exists and is not a gallery. Use -Force to replace it.");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FileWriteErrors.CannotWrite(path, exception);
        }
    }

    /// <summary>Writes the page under a temporary name, then renames it. Creates the folder.</summary>
    /// <param name="path">The full path.</param>
    /// <param name="page">The page.</param>
    /// <param name="overwrite">Whether to replace any file, not only a gallery.</param>
    /// <exception cref="ChuiziException">FileExists, CannotWrite or DiskFull; an existing file is unchanged.</exception>
    public static void Write(string path, string page, bool overwrite)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw FileWriteErrors.CannotWrite(path, exception);
        }

        if (!overwrite)
        {
            Check(path);
        }

        AbandonedFiles.Delete(Path.GetDirectoryName(path)!, Path.GetFileName(path));
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(page));
    }

    /// <summary>Whether the file is a page that any version of this module wrote.</summary>
    internal static bool IsOurs(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] head = new byte[HeadLength];
        string text = Encoding.UTF8.GetString(head, 0, stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false));
        int mark = text.IndexOf(s_mark, StringComparison.Ordinal);
        int end = text.IndexOf("<title>", StringComparison.Ordinal);
        return text.StartsWith("<!DOCTYPE html>", StringComparison.Ordinal) && mark > 0 && (end < 0 || mark < end);
    }
}
