namespace Chuizi.Video.Client.Files;

/// <summary>The room on a disk, before and while a file is written.</summary>
internal static class DiskSpace
{
    /// <summary>EFBIG: FAT32 takes no file of 4 GiB, and <c>ulimit -f</c> none of more than it says.</summary>
    public const int ErrnoTooLong = 27;

    private const int HResultDiskFullWindows = unchecked((int)0x80070070);
    private const int HResultHandleDiskFullWindows = unchecked((int)0x80070027);
    private const int ErrnoNoSpace = 28;
    private const int ErrnoQuotaLinux = 122;
    private const int ErrnoQuotaMac = 69;

    /// <summary>Sees that the disk of <paramref name="path"/> has room for so many bytes more.</summary>
    /// <exception cref="ChuiziException">DiskFull.</exception>
    public static void See(string path, long needed)
    {
        long free;
        try
        {
            // Of the folder: the file itself is not there yet, and a mount may begin at any folder.
            DriveInfo disk = new(Path.GetDirectoryName(path)!);
            if (disk.TotalSize == 0)
            {
                // As file systems in memory or from afar say that do not count.
                return;
            }

            free = disk.AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // A share or a mount that does not tell; writing will.
            return;
        }

        if (needed > free)
        {
            throw new ChuiziException(ChuiziErrorKind.DiskFull, $"'{path}' needs {needed:N0} bytes, and the disk has {free:N0} left.");
        }
    }

    /// <summary>The failure of writing a file.</summary>
    public static ChuiziException CannotWrite(string path, Exception cause) =>
        IsFull(cause)
            ? new ChuiziException(ChuiziErrorKind.DiskFull, $"The disk is full; '{path}' is not saved.", cause)
            : new ChuiziException(ChuiziErrorKind.CannotWrite, $"'{path}' cannot be written: {cause.Message}", cause);

    /// <summary>Whether there is no room for the file here, so that what came of it is in the way and of no use.</summary>
    public static bool HasNoRoom(Exception cause) => IsFull(cause) || cause.HResult == ErrnoTooLong;

    // .NET gives Windows' codes as they are, and errno as the HResult elsewhere.
    private static bool IsFull(Exception cause) =>
        cause.HResult is HResultDiskFullWindows or HResultHandleDiskFullWindows
        || (!OperatingSystem.IsWindows() && cause.HResult is ErrnoNoSpace or ErrnoQuotaLinux or ErrnoQuotaMac);
}
