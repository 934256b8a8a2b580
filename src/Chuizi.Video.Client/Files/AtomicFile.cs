namespace Chuizi.Video.Client.Files;

/// <summary>Writes small files that are always complete: under another name, flushed to the disk, then renamed.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a file, or replaces the one that is there.</summary>
    /// <exception cref="ChuiziException">CannotWrite or DiskFull; a file that was there is unchanged.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        // A unique name, so that no other file is in the way and two processes do not collide.
        string part = $"{path}.{Guid.NewGuid().ToString("N")[..8]}.part";
        bool isCreated = false;
        try
        {
            using (FileStream stream = new(part, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0))
            {
                isCreated = true;
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            // Always with overwrite: without it, .NET falls back to a copy where a file system has no links, and a copy can be incomplete.
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

    private static void TryDelete(string part)
    {
        try
        {
            File.Delete(part);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What made the write fail may prevent this as well. The first error is the one to report.
        }
    }
}
