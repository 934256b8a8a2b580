using System.Buffers;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Chuizi.Video.Client.Files;

namespace Chuizi.Video.Client.Saving;

/// <summary>
/// The <c>.part</c> file of one download: opened exclusively, and hashed as it grows. An unfinished file is kept if a later run can resume
/// it, and deleted otherwise. Disk errors after opening are thrown unchanged, for <see cref="DiskError"/>.
/// <para>
/// Outside Windows, a file is first opened and then locked. In between, its owner could rename it to its target, and another download
/// create a new one. Both would then own the path, and the first would write into the finished video. So opening, renaming and deleting
/// take turns, with <see cref="MachineLock"/>.
/// </para>
/// </summary>
internal sealed class PartFile : IDisposable
{
    private readonly string _target;
    private readonly string _video;
    private readonly bool _overwrite;
    private readonly FileStream _stream;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private PartState? _state;
    private bool _isKept;
    private bool _isFinished;

    private PartFile(string target, string video, bool overwrite, FileStream stream, PartState? state)
    {
        _target = target;
        _video = video;
        _overwrite = overwrite;
        _stream = stream;
        _state = state;
        _isKept = state is not null;
    }

    /// <summary>The bytes received so far.</summary>
    public long Length { get; private set; }

    /// <summary>The validator of the partial file, for <c>If-Range</c>; null if it cannot be resumed.</summary>
    public RangeConditionHeaderValue? IfRange => Length > 0 ? _state?.IfRange : null;

    /// <summary>The length of the whole file; null if not known.</summary>
    public long? WholeLength => _state?.Length;

    /// <summary>Whether another run received all of the file, and only the rename is missing.</summary>
    public bool IsWhole => Length > 0 && Length == WholeLength;

    /// <summary>Whether a later run can resume the file, if this run does not finish it.</summary>
    public bool IsKept => _isKept && _state is not null && (!_stream.CanRead || _stream.Length > 0);

    private string StatePath => _stream.Name + ".json";

    /// <summary>
    /// Opens the <c>.part</c> next to <paramref name="target"/>, and creates the folder. A partial file of another video is replaced.
    /// </summary>
    /// <param name="target">The full path of the final file.</param>
    /// <param name="video">The identity of the video.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <exception cref="ChuiziException">FileExists, CannotWrite or DiskFull.</exception>
    public static PartFile Open(string target, string video, bool overwrite)
    {
        if (!overwrite && File.Exists(target))
        {
            throw TargetExists(target);
        }

        if (Directory.Exists(target))
        {
            throw new ChuiziException(ChuiziErrorKind.CannotWrite, $"'{target}' cannot be written because it is a folder.");
        }

        string path = target + ".part";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            if (new FileInfo(path).LinkTarget is not null)
            {
                // A link would lead out of the folder.
                File.Delete(path);
            }

            using MachineLock turn = MachineLock.Take(path);
            while (true)
            {
                FileStream stream = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 0, FileOptions.Asynchronous);
                if (File.Exists(path))
                {
                    PartState? state = stream.Length > 0 ? PartState.Read(path + ".json") : null;
                    bool canContinue = state?.Video == video && state.IfRange is not null && !(stream.Length > state.Length)
                        && IsOnDisk(File.GetLastWriteTimeUtc(path));
                    return new PartFile(target, video, overwrite, stream, canContinue ? state : null);
                }

                // Its owner, on another machine, finished the file between our open and our lock: this stream is the video under its
                // final name.
                stream.Dispose();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw FileWriteErrors.CannotWrite(target, exception);
        }
    }

    /// <summary>
    /// Whether data written at a time is certainly on disk. What was written before the machine last started may have been lost in a crash,
    /// and read as zeros.
    /// </summary>
    private static bool IsOnDisk(DateTime written) => written >= DateTime.UtcNow - TimeSpan.FromMilliseconds(Environment.TickCount64);

    /// <summary>Reads and hashes the partial file of an earlier run. If it cannot be used, starts with an empty file.</summary>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(PartWriter.BufferLength);
        try
        {
            while (_state is not null && await _stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and int count)
            {
                _hash.AppendData(buffer, 0, count);
                Length += count;
            }
        }
        catch (IOException)
        {
            _state = null;
        }

        ArrayPool<byte>.Shared.Return(buffer);

        if (_state is null)
        {
            Restart(null, null);
        }
    }

    /// <summary>Restarts with an empty file.</summary>
    /// <param name="validator">A strong validator of the server's file; null without one, so that it cannot be resumed.</param>
    /// <param name="whole">The length of the whole file, in bytes; null if not known.</param>
    public void Restart(RangeConditionHeaderValue? validator, long? whole)
    {
        Length = 0;
        _stream.Position = 0;
        _stream.SetLength(0);
        _ = _hash.GetHashAndReset();
        _state = validator is null ? null : new PartState(_video, validator.ToString(), whole);
    }

    /// <summary>Checks that the disk has room for a file of <paramref name="whole"/> bytes, if that is known.</summary>
    /// <exception cref="ChuiziException">DiskFull.</exception>
    public void CheckDiskSpace(long? whole) => DiskSpace.EnsureFree(_target, (whole ?? 0) - Length);

    /// <summary>Starts a transfer that continues at the end of this file. Always call <see cref="EndTransferAsync"/> afterwards.</summary>
    public PartWriter BeginTransfer()
    {
        if (Length == 0)
        {
            _isKept = PartState.Replace(StatePath, _state);
        }

        return new PartWriter(_stream.SafeFileHandle, _hash, Length);
    }

    /// <summary>Checks that the first bytes of a file are those of a video.</summary>
    /// <exception cref="ChuiziException">NotAVideo.</exception>
    public void CheckHead(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= Mp4Check.HeadLength && !Mp4Check.IsMp4(bytes))
        {
            throw NotAVideo();
        }
    }

    /// <summary>Ends a transfer, and waits until all received bytes are in the file.</summary>
    public async Task EndTransferAsync(PartWriter writer)
    {
        await writer.CompleteAsync().ConfigureAwait(false);
        Length = writer.Length;
    }

    /// <summary>Checks that the file is complete.</summary>
    /// <exception cref="ChuiziException">DownloadIncomplete or NotAVideo; received bytes that are useless are dropped.</exception>
    public void CheckWhole(long? whole)
    {
        if (whole is { } length && length != Length)
        {
            throw Incomplete($"{Length:N0} of {length:N0} bytes were received");
        }

        Span<byte> head = stackalloc byte[Mp4Check.HeadLength];
        _stream.Position = 0;
        int count = _stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        bool isVideo = Mp4Check.IsMp4(head[..count]);
        bool isComplete = isVideo && Mp4Check.IsWhole(_stream);
        _stream.Position = Length;
        if (!isComplete)
        {
            ChuiziException exception = Length == 0 ? Incomplete("no bytes were received")
                : isVideo ? Incomplete("the file is truncated")
                : NotAVideo();
            Restart(null, null);
            throw exception;
        }
    }

    /// <summary>Flushes the complete file to disk.</summary>
    /// <returns>The final file.</returns>
    public DownloadedFile Complete()
    {
        _stream.Flush(flushToDisk: true);
        return new DownloadedFile(_target, Length, Convert.ToHexString(_hash.GetHashAndReset()).ToLowerInvariant());
    }

    /// <summary>Renames the complete file to its target. If that fails, only the rename remains for the next run.</summary>
    /// <exception cref="ChuiziException">FileExists.</exception>
    public void RenameToTarget()
    {
        using MachineLock turn = MachineLock.Take(_stream.Name);
        try
        {
            // Before the rename, because a state without its .part would never be deleted.
            _ = PartState.Replace(StatePath, null);
            Rename();
        }
        catch (IOException) when (!_overwrite && File.Exists(_target))
        {
            _isKept = false;
            throw TargetExists(_target);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _isKept = PartState.Replace(StatePath, _state);
            throw;
        }

        _isFinished = true;
    }

    /// <summary>The error for a disk failure. The partial file is not kept if the disk has no room for the rest.</summary>
    public ChuiziException DiskError(Exception cause)
    {
        _isKept &= !FileWriteErrors.IsOutOfSpace(cause);
        return FileWriteErrors.CannotWrite(_target, cause);
    }

    /// <summary>Closes the file, and deletes it if it is neither finished nor resumable.</summary>
    public void Dispose()
    {
        bool isDeleted = !_isFinished && !IsKept;
        _hash.Dispose();
        if (!isDeleted)
        {
            _stream.Dispose();
            return;
        }

        using MachineLock turn = MachineLock.Take(_stream.Name);
        if (OperatingSystem.IsWindows())
        {
            // Windows cannot delete an open file.
            _stream.Dispose();
        }

        // Elsewhere, delete it while it is locked: afterwards it may belong to another machine.
        Delete();
        _stream.Dispose();
    }

    private void Delete()
    {
        try
        {
            _ = PartState.Replace(StatePath, null);
            File.Delete(_stream.Name);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The .part remains, and the next run overwrites it.
        }
    }

    private void Rename()
    {
        if (OperatingSystem.IsWindows())
        {
            // Windows cannot rename an open file.
            _stream.Dispose();
            File.Move(_stream.Name, _target, _overwrite);
            return;
        }

        // Rename the file while it is still locked: between closing and renaming, another download to this target could open it. Always
        // overwrite: otherwise .NET uses a link or, on file systems without links, a copy, which has the final name while it is incomplete.
        if (!_overwrite && File.Exists(_target))
        {
            _isKept = false;
            throw TargetExists(_target);
        }

        File.Move(_stream.Name, _target, overwrite: true);
        _stream.Dispose();
    }

    private static ChuiziException TargetExists(string target) =>
        new(ChuiziErrorKind.FileExists, $"The file '{target}' already exists. Use -Force to replace it.");

    private ChuiziException Incomplete(string what) =>
        new(ChuiziErrorKind.DownloadIncomplete, $"The download of '{Path.GetFileName(_target)}' is incomplete: {what}.");

    private ChuiziException NotAVideo() =>
        new(ChuiziErrorKind.NotAVideo, $"The data received for '{Path.GetFileName(_target)}' is not an MP4 file.");
}
