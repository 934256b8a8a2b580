namespace Chuizi.Video.Client.Files;

/// <summary>Writes small files so that a file of that name is always whole: beside it, flushed to the disk, then renamed.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a file, in the place of one that may be there.</summary>
    /// <exception cref="ChuiziException">CannotWrite or DiskFull; what was there is still there.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        // A name of its own, so that nobody else's file is in the way and two processes are not in each other's.
        string part = $"{path}.{Guid.NewGuid().ToString("N")[..8]}.part";
        bool isMade = false;
        try
        {
            using (FileStream stream = new(part, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0))
            {
                isMade = true;
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            // Replacing, always: what does not replace is done with a copy where a file system has no links, and a copy can be half-done.
            File.Move(part, path, overwrite: true);
            isMade = false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw DiskSpace.CannotWrite(path, exception);
        }
        finally
        {
            if (isMade)
            {
                Delete(part);
            }
        }
    }

    private static void Delete(string part)
    {
        try
        {
            File.Delete(part);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What made the writing fail may keep us from this as well; the error is told.
        }
    }
}
