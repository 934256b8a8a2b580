using Chuizi.Video.Client.Http;

namespace Chuizi.Video.Client.Downloads;

/// <summary>Writes small files so that a file of that name is always whole: beside it, flushed to the disk, then renamed.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a file, in the place of one that may be there.</summary>
    /// <exception cref="ChuiziException">CannotWrite or DiskFull; what was there is still there.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        // Nobody else's: two processes may write the same file at once, and what another has put there is not ours to delete.
        string part = $"{path}.{Path.GetRandomFileName()}.part";
        try
        {
            try
            {
                using (FileStream stream = new(part, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0))
                {
                    stream.Write(content);
                    stream.Flush(flushToDisk: true);
                }

                File.Move(part, path, overwrite: true);
            }
            catch
            {
                File.Delete(part);
                throw;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw DiskSpace.CannotWrite(path, exception);
        }
    }
}
