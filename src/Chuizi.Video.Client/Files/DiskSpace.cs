namespace Chuizi.Video.Client.Files;

/// <summary>Checks the free space on a disk before a file is written.</summary>
internal static class DiskSpace
{
    /// <summary>Makes sure that the disk of <paramref name="path"/> has room for that many more bytes.</summary>
    /// <exception cref="ChuiziException">DiskFull.</exception>
    public static void EnsureFree(string path, long needed)
    {
        long free;
        try
        {
            // The folder's disk: the file does not exist yet, and any folder may be a mount point.
            DriveInfo disk = new(Path.GetDirectoryName(path)!);
            if (disk.TotalSize == 0)
            {
                // Some in-memory and network file systems do not count their space and report 0.
                return;
            }

            free = disk.AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // Some shares and mounts do not report it. If the space is too small, writing fails.
            return;
        }

        if (needed > free)
        {
            throw new ChuiziException(ChuiziErrorKind.DiskFull, $"'{path}' needs {needed:N0} bytes, and the disk has {free:N0} left.");
        }
    }
}
