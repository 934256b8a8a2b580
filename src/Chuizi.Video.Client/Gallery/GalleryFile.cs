using System.Text;
using Chuizi.Video.Client.Files;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Gallery;

/// <summary>The file of a page: whole or not at all, and never in place of what is no page of ours.</summary>
internal static class GalleryFile
{
    // The generator's name comes early in the head.
    private const int HeadLength = 4096;

    private static readonly string[] s_endings = [".html", ".htm"];
    private static readonly string s_mark = $"<meta name=\"generator\" content=\"{Product.Name} ";

    /// <summary>
    /// The page's path: <c>index.html</c> of a folder, and <c>.html</c> where the name ends neither in that nor in <c>.htm</c>.
    /// </summary>
    public static string PathOf(string path, bool isFolder) => Path.GetFullPath(
        isFolder ? Path.Combine(path, "index.html")
        : s_endings.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) ? path
        // Whatever else comes after a dot is a part of the name: v1.2, 2026.11.25.
        : path + ".html");

    /// <summary>
    /// What a page is called after its own or a ledger's path: <c>run</c> of run.jsonl, <c>prompts</c> of prompts.csv.ledger.jsonl; of an
    /// index the folder's name.
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

    /// <summary>Sees that <paramref name="path"/> is free, or a page of ours.</summary>
    /// <exception cref="ChuiziException">FileExists: it is another file. CannotWrite: it cannot be read.</exception>
    public static void Check(string path)
    {
        try
        {
            if (File.Exists(path) && !IsOurs(path))
            {
                throw new ChuiziException(
                    ChuiziErrorKind.FileExists,
                    $"The file '{path}' exists, is no gallery, and is kept; -Force replaces it.");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FileWriteErrors.CannotWrite(path, exception);
        }
    }

    /// <summary>Writes the page beside its place and then gives it its name; makes the folder.</summary>
    /// <param name="path">The full path.</param>
    /// <param name="page">The page.</param>
    /// <param name="overwrite">Whether any file is replaced, not a page of ours alone.</param>
    /// <exception cref="ChuiziException">FileExists, CannotWrite or DiskFull; what was there is untouched.</exception>
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

        AtomicFile.Write(path, Encoding.UTF8.GetBytes(page));
    }

    /// <summary>Whether the file is a page that this module made, in whatever version.</summary>
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
