namespace Chuizi.Video.Client.Files;

/// <summary>Turns a failed write into an error that says whether the disk is full.</summary>
internal static class FileWriteErrors
{
    /// <summary>EFBIG: the file is larger than the file system (FAT32: 4 GiB) or <c>ulimit -f</c> allows.</summary>
    public const int ErrnoFileTooLarge = 27;

    private const int HResultDiskFullWindows = unchecked((int)0x80070070);
    private const int HResultHandleDiskFullWindows = unchecked((int)0x80070027);
    private const int ErrnoNoSpace = 28;
    private const int ErrnoQuotaLinux = 122;
    private const int ErrnoQuotaMac = 69;

    /// <summary>The error to report for a failed write.</summary>
    public static ChuiziException CannotWrite(string path, Exception cause) =>
        IsFull(cause)
            ? new ChuiziException(ChuiziErrorKind.DiskFull, $"The disk is full. '{path}' was not saved.", cause)
            : new ChuiziException(ChuiziErrorKind.CannotWrite, $"'{path}' cannot be written: {cause.Message}", cause);

    /// <summary>Whether the file cannot fit, so that a partial file is useless and only takes up space.</summary>
    public static bool IsOutOfSpace(Exception cause) => IsFull(cause) || cause.HResult == ErrnoFileTooLarge;

    // The HResult is the Windows error code on Windows and errno elsewhere.
    private static bool IsFull(Exception cause) =>
        cause.HResult is HResultDiskFullWindows or HResultHandleDiskFullWindows
        || (!OperatingSystem.IsWindows() && cause.HResult is ErrnoNoSpace or ErrnoQuotaLinux or ErrnoQuotaMac);
}
