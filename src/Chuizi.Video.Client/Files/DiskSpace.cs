namespace Chuizi.Video.Client.Files;

/// <summary>Checks the free disk space before a file is written.</summary>
internal static class DiskSpace
{
    /// <summary>Checks that the disk of <paramref name="path"/> has at least <paramref name="needed"/> bytes free.</summary>
    /// <exception cref="ChuiziException">DiskFull.</exception>
    public static void EnsureFree(string path, long needed)
    {
        long free;
        try
        {
            // Use the folder's disk: the file does not exist yet, and any folder may be a mount point.
            DriveInfo disk = new(Path.GetDirectoryName(path)!);
            if (disk.TotalSize == 0)
            {
                // Some in-memory and network file systems do not track their space and report 0.
                return;
            }

            free = disk.AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // Some shares and mounts do not report their free space. If there is too little, the write fails.
            return;
        }

        if (needed > free)
        {
            throw new ChuiziException(
                ChuiziErrorKind.DiskFull,
                $"'{path}' needs {needed:N0} bytes, but the disk has only {free:N0} bytes free.");
        }
    }
}
