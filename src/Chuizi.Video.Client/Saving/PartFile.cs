using System.Buffers;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Chuizi.Video.Client.Files;

namespace Chuizi.Video.Client.Saving;

/// <summary>
/// The <c>.part</c> file of one download: exclusively ours and hashed as it grows. What is not finished stays where a later run can go on
/// with it, and goes where not. What fails on the disk once it is open is thrown as it is, for <see cref="Broken"/>.
/// </summary>
internal sealed class PartFile : IDisposable
{
    private readonly string _target;
    private readonly string _video;
    private readonly FileStream _stream;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private PartState? _state;
    private bool _isKept;
    private bool _isFinished;

    private PartFile(string target, string video, FileStream stream, PartState? state)
    {
        _target = target;
        _video = video;
        _stream = stream;
        _state = state;
        _isKept = state is not null;
    }

    /// <summary>What has come so far, in bytes.</summary>
    public long Length { get; private set; }

    /// <summary>What tells that the server still has the file begun; null where it cannot be continued.</summary>
    public RangeConditionHeaderValue? Condition => Length > 0 ? _state?.Condition : null;

    /// <summary>The length of the whole file, where that is known.</summary>
    public long? WholeLength => _state?.Length;

    /// <summary>Whether another run finished it but for its name.</summary>
    public bool IsWhole => Length > 0 && Length == WholeLength;

    /// <summary>Whether what has come stays for a later run, should this one not finish.</summary>
    public bool IsKept => _isKept && _state is not null && (!_stream.CanRead || _stream.Length > 0);

    private string StatePath => _stream.Name + ".json";

    /// <summary>Opens the <c>.part</c> beside <paramref name="target"/>, and makes its folder. What an earlier run left of another video goes.</summary>
    /// <exception cref="ChuiziException">CannotWrite or DiskFull.</exception>
    public static PartFile Open(string target, string video)
    {
        string path = target + ".part";
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            if (new FileInfo(path).LinkTarget is not null)
            {
                // It would lead out of the folder.
                File.Delete(path);
            }

            while (true)
            {
                FileStream stream = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 0, FileOptions.Asynchronous);
                if (File.Exists(path))
                {
                    PartState? state = stream.Length > 0 ? PartState.Read(path + ".json") : null;
                    bool isOurs = state?.Video == video && state.Condition is not null && !(stream.Length > state.Length) && PartState.IsOnDisk(File.GetLastWriteTimeUtc(path));
                    return new PartFile(target, video, stream, isOurs ? state : null);
                }

                // Between our opening and our lock, its owner has finished it: what we hold is the video under its final name.
                stream.Dispose();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw DiskSpace.CannotWrite(target, exception);
        }
    }

    /// <summary>Reads what an earlier run left, for the hash; without that, begins anew.</summary>
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

    /// <summary>Begins again, with a file that <paramref name="condition"/> tells from others.</summary>
    /// <param name="condition">A strong validator; null where there is none.</param>
    /// <param name="whole">The length of the file, in bytes, where it is known.</param>
    public void Restart(RangeConditionHeaderValue? condition, long? whole)
    {
        Length = 0;
        _stream.Position = 0;
        _stream.SetLength(0);
        _ = _hash.GetHashAndReset();
        _state = condition is null ? null : new PartState(_video, condition.ToString(), whole);
    }

    /// <summary>Sees that the disk has room for a file of <paramref name="whole"/> bytes, where that is known.</summary>
    /// <exception cref="ChuiziException">DiskFull.</exception>
    public void Reserve(long? whole) => DiskSpace.See(_target, (whole ?? 0) - Length);

    /// <summary>A transfer begins, which goes on where this file ends; <see cref="EndAsync"/> is to follow, whatever happens.</summary>
    public PartWriter Begin()
    {
        if (Length == 0)
        {
            _isKept = PartState.Replace(StatePath, _state);
        }

        return new PartWriter(_stream.SafeFileHandle, _hash, Length);
    }

    /// <summary>Sees that the first bytes of a file are those of a video.</summary>
    /// <exception cref="ChuiziException">NotAVideo.</exception>
    public void CheckHead(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= Mp4Check.HeadLength && !Mp4Check.IsMp4(bytes))
        {
            throw NotAVideo();
        }
    }

    /// <summary>The transfer is over, and all that came of it is in the file.</summary>
    public async Task EndAsync(PartWriter writer)
    {
        await writer.CompleteAsync().ConfigureAwait(false);
        Length = writer.Length;
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
            Restart(null, null);
            throw exception;
        }
    }

    /// <summary>All has come: flushes it to the disk.</summary>
    /// <returns>The file that it will be.</returns>
    public DownloadedFile Seal()
    {
        _stream.Flush(flushToDisk: true);
        return new DownloadedFile(_target, Length, Convert.ToHexString(_hash.GetHashAndReset()).ToLowerInvariant());
    }

    /// <summary>Gives the sealed file its name. Where the name cannot be given, all that is left for the next run to do is that.</summary>
    /// <exception cref="ChuiziException">FileExists.</exception>
    public void Finish(bool overwrite)
    {
        try
        {
            // Before the name: a state without its .part would stay for ever.
            _ = PartState.Replace(StatePath, null);
            Rename(overwrite);
        }
        catch (IOException) when (!overwrite && File.Exists(_target))
        {
            _isKept = false;
            throw VideoDownloader.Exists(_target);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _isKept = PartState.Replace(StatePath, _state);
            throw;
        }

        _isFinished = true;
    }

    /// <summary>The failure of the disk, at whatever step; what came goes where there is no room for the rest.</summary>
    public ChuiziException Broken(Exception cause)
    {
        _isKept &= !DiskSpace.HasNoRoom(cause);
        return DiskSpace.CannotWrite(_target, cause);
    }

    /// <summary>Closes, and deletes what is neither finished nor to be continued.</summary>
    public void Dispose()
    {
        bool goes = !_isFinished && !IsKept;
        _hash.Dispose();
        if (goes && !OperatingSystem.IsWindows())
        {
            // While it is locked: afterwards it may be another's.
            Delete();
            _stream.Dispose();
            return;
        }

        _stream.Dispose();
        if (goes)
        {
            Delete();
        }
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
            // The .part stays; the next run begins it anew.
        }
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
            _isKept = false;
            throw VideoDownloader.Exists(_target);
        }

        File.Move(_stream.Name, _target, overwrite: true);
        _stream.Dispose();
    }

    private ChuiziException Incomplete(string what) =>
        new(ChuiziErrorKind.DownloadIncomplete, $"The download of '{System.IO.Path.GetFileName(_target)}' is incomplete: {what}.");

    private ChuiziException NotAVideo() =>
        new(ChuiziErrorKind.NotAVideo, $"What came for '{System.IO.Path.GetFileName(_target)}' is no MP4 file.");
}
