namespace Chuizi.Video.Client.Files;

/// <summary>The temporary files of <see cref="AtomicFile"/> that killed processes have left.</summary>
internal static class AbandonedFiles
{
    /// <summary>No process writes a small file for this long.</summary>
    private static readonly TimeSpan s_longestWrite = TimeSpan.FromMinutes(1);

    /// <summary>Deletes those in a folder.</summary>
    /// <param name="folder">The full path. A folder that cannot be listed stays as it is.</param>
    /// <param name="pattern">The names of the files that were written, such as <c>*.mp4.json</c>.</param>
    public static void Delete(string folder, string pattern)
    {
        try
        {
            string mark = new('?', AtomicFile.MarkLength);
            foreach (string part in Directory.EnumerateFiles(folder, $"{pattern}.{mark}.part").Where(IsAbandoned))
            {
                AtomicFile.TryDelete(part);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next run tries again.
        }
    }

    private static bool IsAbandoned(string part) =>
        part[^(AtomicFile.MarkLength + ".part".Length)..^".part".Length].All(char.IsAsciiHexDigitLower)
        && DateTime.UtcNow - File.GetLastWriteTimeUtc(part) > s_longestWrite;
}
