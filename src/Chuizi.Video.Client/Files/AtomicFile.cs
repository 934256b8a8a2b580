namespace Chuizi.Video.Client.Files;

/// <summary>Writes small files that are always complete: written under a temporary name, flushed to disk, then renamed.</summary>
internal static class AtomicFile
{
    /// <summary>The length of the unique part of a temporary name: <c>name.01234567.part</c>.</summary>
    internal const int MarkLength = 8;

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

    /// <summary>Deletes a temporary file, if that is possible.</summary>
    internal static void TryDelete(string part)
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
