using System.Net.Http.Headers;
using System.Security.Cryptography;
using Chuizi.Video.Client.Http;

namespace Chuizi.Video.Client.Downloads;

/// <summary>
/// The <c>.part</c> file of one download: exclusively ours, hashed as it grows, and gone when it is not finished.
/// </summary>
internal sealed class PartFile : IDisposable
{
    private const int BufferLength = 128 * 1024;
    private const int HResultDiskFullWindows = unchecked((int)0x80070070);
    private const int HResultHandleDiskFullWindows = unchecked((int)0x80070027);
    private const int ErrnoNoSpace = 28;
    private const int ErrnoQuota = 122;

    private readonly string _target;
    private readonly FileStream _stream;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[BufferLength];
    private bool _finished;

    private PartFile(string target, FileStream stream)
    {
        _target = target;
        _stream = stream;
    }

    /// <summary>What has come so far, in bytes.</summary>
    public long Length { get; private set; }

    /// <summary>The strong entity tag of the file begun; null where it has none and cannot be continued.</summary>
    public EntityTagHeaderValue? Validator { get; private set; }

    /// <summary>Where the next bytes go before <see cref="WriteAsync"/>.</summary>
    public Memory<byte> Buffer => _buffer;

    /// <summary>Opens the <c>.part</c> beside <paramref name="target"/>, and makes its folder.</summary>
    /// <exception cref="ChuiziException">CannotWrite or DiskFull.</exception>
    public static PartFile Open(string target)
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            while (true)
            {
                FileStream stream = new(target + ".part", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 0, FileOptions.Asynchronous);
                if (File.Exists(stream.Name))
                {
                    stream.SetLength(0);
                    return new PartFile(target, stream);
                }

                // Between our opening and our lock, its owner has finished it: what we hold is the video under its final name.
                stream.Dispose();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw CannotWrite(target, exception);
        }
    }

    /// <summary>Begins again, with a file of that tag.</summary>
    public void Restart(EntityTagHeaderValue? validator)
    {
        Validator = validator;
        Length = 0;
        _stream.Position = 0;
        _stream.SetLength(0);
        _ = _hash.GetHashAndReset();
    }

    /// <summary>Sees that the disk has room for a file of <paramref name="whole"/> bytes, where that is known.</summary>
    /// <exception cref="ChuiziException">DiskFull.</exception>
    public void Reserve(long? whole)
    {
        long needed = (whole ?? 0) - Length;
        long free;
        try
        {
            // Of the folder: the file itself is not there yet, and a mount may begin at any folder.
            free = new DriveInfo(System.IO.Path.GetDirectoryName(_target)!).AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // A share or a mount that does not tell; writing will.
            return;
        }

        if (needed > free)
        {
            throw new ChuiziException(ChuiziErrorKind.DiskFull, $"'{_target}' needs {needed:N0} bytes, and the disk has {free:N0} left.");
        }
    }

    /// <summary>Appends the first <paramref name="count"/> bytes of <see cref="Buffer"/>.</summary>
    /// <exception cref="ChuiziException">NotAVideo, CannotWrite or DiskFull.</exception>
    public async ValueTask WriteAsync(int count, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> bytes = _buffer.AsMemory(0, count);
        if (Length == 0 && count >= Mp4Check.HeadLength && !Mp4Check.IsMp4(bytes.Span))
        {
            throw NotAVideo();
        }

        try
        {
            await _stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            throw CannotWrite(_target, exception);
        }

        _hash.AppendData(bytes.Span);
        Length += count;
    }

    /// <summary>Sees that all has come.</summary>
    /// <exception cref="ChuiziException">DownloadIncomplete or NotAVideo; what came is dropped where continuing would not mend it.</exception>
    public void CheckWhole(long? whole)
    {
        if (whole is { } length && length != Length)
        {
            throw Incomplete($"{Length:N0} of {length:N0} bytes came");
        }

        Span<byte> head = stackalloc byte[Mp4Check.HeadLength];
        _stream.Position = 0;
        int count = _stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        bool video = Mp4Check.IsMp4(head[..count]);
        bool complete = video && Mp4Check.IsWhole(_stream);
        _stream.Position = Length;
        if (!complete)
        {
            ChuiziException exception = Length == 0 ? Incomplete("no bytes came") : video ? Incomplete("the file ends inside the video") : NotAVideo();
            Restart(null);
            throw exception;
        }
    }

    /// <summary>All has come: flushes it to the disk.</summary>
    /// <returns>The file that it will be.</returns>
    /// <exception cref="ChuiziException">CannotWrite or DiskFull.</exception>
    public DownloadedFile Seal()
    {
        try
        {
            _stream.Flush(flushToDisk: true);
        }
        catch (IOException exception)
        {
            throw CannotWrite(_target, exception);
        }

        return new DownloadedFile(_target, Length, Convert.ToHexString(_hash.GetHashAndReset()).ToLowerInvariant());
    }

    /// <summary>Gives the sealed file its name.</summary>
    /// <exception cref="ChuiziException">FileExists or CannotWrite.</exception>
    public void Finish(bool overwrite)
    {
        try
        {
            Rename(overwrite);
        }
        catch (IOException) when (!overwrite && File.Exists(_target))
        {
            throw VideoDownloader.Exists(_target);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(_target, exception);
        }

        _finished = true;
    }

    /// <summary>Closes, and deletes what is not finished.</summary>
    public void Dispose()
    {
        _hash.Dispose();
        if (OperatingSystem.IsWindows() || _finished)
        {
            _stream.Dispose();
        }

        if (!_finished)
        {
            try
            {
                File.Delete(_stream.Name);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The .part stays; the next run begins it anew.
            }
        }

        _stream.Dispose();
    }

    private void Rename(bool overwrite)
    {
        if (OperatingSystem.IsWindows())
        {
            // An open file has no other name.
            _stream.Dispose();
            File.Move(_stream.Name, _target, overwrite);
            return;
        }

        // Elsewhere the name is changed while the file is still locked: between closing and renaming, another download to this
        // target could begin in it. And always by replacing: not replacing is done with a link, or, where a file system has
        // none, with a copy, which has the final name while it is half-done.
        if (!overwrite && File.Exists(_target))
        {
            throw VideoDownloader.Exists(_target);
        }

        File.Move(_stream.Name, _target, overwrite: true);
        _stream.Dispose();
    }

    private ChuiziException Incomplete(string what) =>
        new(ChuiziErrorKind.DownloadIncomplete, $"The download of '{System.IO.Path.GetFileName(_target)}' is incomplete: {what}.");

    private ChuiziException NotAVideo() =>
        new(ChuiziErrorKind.NotAVideo, $"What came for '{System.IO.Path.GetFileName(_target)}' is no MP4 file.");

    private static ChuiziException CannotWrite(string target, Exception cause) =>
        IsDiskFull(cause)
            ? new ChuiziException(ChuiziErrorKind.DiskFull, $"The disk is full; '{target}' is not saved.", cause)
            : new ChuiziException(ChuiziErrorKind.CannotWrite, $"'{target}' cannot be written: {cause.Message}", cause);

    // .NET gives Windows' codes as they are, and errno as the HResult elsewhere.
    private static bool IsDiskFull(Exception cause) =>
        cause.HResult is HResultDiskFullWindows or HResultHandleDiskFullWindows
        || (!OperatingSystem.IsWindows() && cause.HResult is ErrnoNoSpace or ErrnoQuota);
}
