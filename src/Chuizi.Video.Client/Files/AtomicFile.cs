namespace Chuizi.Video.Client.Files;

/// <summary>Writes small files that are always complete: written under a temporary name, flushed to disk, then renamed.</summary>
internal static class AtomicFile
{
    private const int MarkLength = 8;

    /// <summary>No process writes a small file for this long.</summary>
    private static readonly TimeSpan s_longestWrite = TimeSpan.FromMinutes(1);

    /// <summary>Writes a file, or replaces an existing one.</summary>
    /// <exception cref="ChuiziException">CannotWrite or DiskFull; an existing file is unchanged.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        // A unique name, so that no other file is in the way and two processes cannot collide.
        string part = $"{path}.{Guid.NewGuid().ToString("N")[..MarkLength]}.part";
        bool isCreated = false;
        try
        {
            using (FileStream stream = new(part, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0))
            {
                isCreated = true;
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            // Always overwrite: otherwise .NET falls back to a copy on file systems without links, and a copy can be incomplete.
            File.Move(part, path, overwrite: true);
            isCreated = false;
        }
        catch (Exception exception) when (exception
            is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw FileWriteErrors.CannotWrite(path, exception);
        }
        finally
        {
            if (isCreated)
            {
                TryDelete(part);
            }
        }
    }

    /// <summary>Deletes the temporary files that killed processes have left in a folder.</summary>
    /// <param name="folder">The full path. A folder that cannot be listed stays as it is.</param>
    /// <param name="pattern">The names of the files that were written, such as <c>*.mp4.json</c>.</param>
    public static void Sweep(string folder, string pattern)
    {
        try
        {
            string mark = new('?', MarkLength);
            foreach (string part in Directory.EnumerateFiles(folder, $"{pattern}.{mark}.part").Where(IsAbandoned))
            {
                TryDelete(part);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next run tries again.
        }
    }

    private static bool IsAbandoned(string part) =>
        part[^(MarkLength + ".part".Length)..^".part".Length].All(char.IsAsciiHexDigitLower)
        && DateTime.UtcNow - File.GetLastWriteTimeUtc(part) > s_longestWrite;

    private static void TryDelete(string part)
    {
        try
        {
            File.Delete(part);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The cause of the failed write may prevent the delete as well. Report the first error.
        }
    }
}
