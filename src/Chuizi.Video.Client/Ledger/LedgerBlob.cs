using System.Buffers;
using System.Diagnostics;
using Chuizi.Video.Client.Api;

namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// A ledger in an append blob, which processes of several machines may write. A block of lines is appended only where the process has read
/// to, so that whoever writes second reads first, and decides again. A lost response is settled by reading, never by appending twice.
/// </summary>
internal sealed class LedgerBlob : LedgerStore
{
    /// <summary>From this number of blocks on nothing new is submitted, so that what was paid for can still be recorded.</summary>
    public const int MostBlocksForIntents = 45_000;

    /// <summary>What one request reads, in bytes.</summary>
    private const int PieceLength = 2 * 1024 * 1024;

    /// <summary>What is read to see whether the blob is a ledger, in bytes.</summary>
    private const int HeadLength = 64 * 1024;

    /// <summary>These bytes before the known end are read again, so that a replaced blob is noticed.</summary>
    private const int MarkLength = 256;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(4);

    private readonly TimeSpan _patience;
    private readonly AppendBlob _blob;
    private readonly BlobRunWatch _watch;
    private bool _isKnown;
    private bool _isFromStart = true;
    private bool _exists;
    private long _end;
    private byte[] _mark = [];
    private byte[] _rest = [];
    private int _lines;
    private int _blocks;
    private string? _created;

    /// <summary>Creates the store. Nothing is requested.</summary>
    /// <param name="address">The address without a signature.</param>
    /// <param name="patience">How long a request is repeated; null for half a minute.</param>
    public LedgerBlob(Uri address, TimeSpan? patience = null)
    {
        _blob = new AppendBlob(address);
        _watch = BlobRunWatch.Of(Path);
        _patience = patience ?? s_patience;
    }

    /// <inheritdoc/>
    public override string Path => _blob.Address.GetLeftPart(UriPartial.Path);

    /// <inheritdoc/>
    public override bool Exists => _exists = _exists || Checked(() => Repeated(_blob.ReadProperties), "read", 404).Status == 200;

    /// <inheritdoc/>
    public override void Rewind()
    {
        (_isKnown, _isFromStart, _end, _mark, _rest, _lines, _blocks, _created) = (false, true, 0, [], [], 0, 0, null);
    }

    /// <inheritdoc/>
    public override void Write(LedgerBook? book, Action<ArrayBufferWriter<byte>> decide, Action withdraw)
    {
        bool isFresh = !_isKnown;
        if (isFresh)
        {
            ReadAgain(book);
        }

        long start = Stopwatch.GetTimestamp();
        for (int attempt = 1; ; attempt++)
        {
            long end = _end;
            ArrayBufferWriter<byte> lines = new();
            if (_rest.Length > 0)
            {
                lines.Write("\n"u8);
            }

            int before = lines.WrittenCount;
            decide(lines);
            if (lines.WrittenCount > before)
            {
                if (Append(lines.WrittenSpan.ToArray()))
                {
                    return;
                }

                // The others are also about to write.
                Thread.Sleep(Random.Shared.Next(0, Math.Min(10 * attempt, 200)));
            }
            else if (isFresh)
            {
                return;
            }

            // A decision to write nothing is not checked by the append, so it is made on what is there now.
            withdraw();
            ReadAgain(book);
            isFresh = true;
            if (_end != end)
            {
                start = Stopwatch.GetTimestamp();
            }
            else if (lines.WrittenCount > before && Stopwatch.GetElapsedTime(start) > _patience)
            {
                throw new ChuiziException(
                    ChuiziErrorKind.LedgerUnavailable,
                    $"The ledger '{Path}' cannot be written: its end is said to have moved, but nobody else has written. A proxy may have "
                        + "responded instead of Azure Storage.");
            }
        }
    }

    /// <inheritdoc/>
    public override ChuiziException? Full => _blocks < MostBlocksForIntents ? null : new ChuiziException(
        ChuiziErrorKind.LedgerUnavailable,
        $"The ledger '{Path}' has {DisplayText.Count(_blocks, "block")}; an append blob can have "
            + $"{DisplayText.Count(AppendBlob.MostBlocks, "block")}. Nothing new is submitted. To continue when no run uses it, download "
            + "the blob and upload the file again as an append blob, which makes it a few blocks.");

    /// <inheritdoc/>
    public override void Refresh(LedgerBook? book) => ReadAgain(book);

    /// <inheritdoc/>
    public override void Read(StreamLines.Reader read)
    {
        Rewind();
        ReadNew(read, () => { }, isOurs: false);
        if (!_exists)
        {
            throw new FileNotFoundException($"The blob does not exist: {Path}");
        }
    }

    /// <inheritdoc/>
    public override IDisposable Hold(LedgerRun run, VideoLedger ledger) => new BlobRunHeartbeat(run, ledger, _watch);

    /// <inheritdoc/>
    public override bool IsAlive(string run) => _watch.IsAlive(run);

    /// <inheritdoc/>
    public override bool MaySend(string run) => _watch.MaySend(run);

    /// <inheritdoc/>
    public override bool IsUncertain(string run) => _watch.IsUncertain(run);

    /// <inheritdoc/>
    public override bool IsInEffect(string run) => _watch.SinceWrite(run) < BlobRunWatch.InEffect;

    private void ReadAgain(LedgerBook? book)
    {
        if (book is null && !_isKnown)
        {
            ReadEnd();
        }
        else
        {
            ReadNew(book is null ? (_, _) => { } : book.ApplyLine, () => book?.Clear(), isOurs: true);
        }

        _isKnown = true;
    }

    /// <summary>Finds the end, because without a book the lines before it do not matter.</summary>
    private void ReadEnd()
    {
        BlobReply reply = Checked(() => Repeated(_blob.ReadProperties), "read", 404);
        _exists = reply.Status != 404;
        _isFromStart = false;
        // The length of a 404 is that of the error.
        long length = _exists ? reply.Length ?? 0 : 0;
        if (length > 0)
        {
            RefuseAnotherBlob(reply, Part(0, HeadLength).Body);
            _mark = Part(Math.Max(0, length - MarkLength), (int)Math.Min(length, MarkLength)).Body;
            _rest = _mark[(_mark.AsSpan().LastIndexOf((byte)'\n') + 1)..];
        }

        (_end, _created, _blocks) = (length, reply.Created, reply.Blocks ?? _blocks);
    }

    /// <summary>Reads the lines after the known end.</summary>
    /// <param name="read">Receives each line.</param>
    /// <param name="clear">Called if the blob was replaced, before its lines are read from the start.</param>
    /// <param name="isOurs">Whether a blob that is not a ledger is an error.</param>
    private void ReadNew(StreamLines.Reader read, Action clear, bool isOurs)
    {
        long started = _watch.Now;
        while (true)
        {
            BlobReply reply = Part(_end - _mark.Length, PieceLength + _mark.Length);
            bool isReplaced = _end > 0
                && (reply.Status is 404 or 416
                    || (_created is not null && reply.Created is not null && reply.Created != _created)
                    || !reply.Body.AsSpan().StartsWith(_mark));
            _exists = reply.Status != 404;
            if (isReplaced)
            {
                Rewind();
                _watch.Clear();
                clear();
                continue;
            }

            if (reply.Status is 404 or 416)
            {
                break;
            }

            _watch.Expect(reply.Created);
            byte[] fresh = reply.Body[_mark.Length..];
            if (_end == 0 && isOurs)
            {
                RefuseAnotherBlob(reply, fresh);
            }

            Apply(fresh, read);
            (_created, _blocks) = (reply.Created ?? _created, reply.Blocks ?? _blocks);
            if (_end >= reply.Length || fresh.Length == 0)
            {
                break;
            }
        }

        _watch.HasRead(started);
        if (_rest.Length > 0 && LedgerSerializer.Read(_rest) is { IsPossible: true })
        {
            // A file without a line feed at its end was uploaded. Reading the line again later changes nothing.
            read(_lines + 1, _rest);
        }
    }

    /// <summary>Reads a part. The status is 206, or 404 or 416 if it does not exist.</summary>
    private BlobReply Part(long from, int count)
    {
        BlobReply reply = Checked(() => Repeated(() => _blob.Read(from, count)), "read", 404, 416);
        return reply.Status is 206 or 404 or 416
            ? reply
            : throw new ChuiziException(
                ChuiziErrorKind.LedgerUnavailable,
                $"The ledger '{Path}' cannot be read: expected a part of the blob (HTTP status 206), but got {reply.Status}. "
                    + "A proxy may have responded instead of Azure Storage.");
    }

    private void Apply(byte[] fresh, StreamLines.Reader read)
    {
        byte[] text = _rest.Length > 0 ? [.. _rest, .. fresh] : fresh;
        using MemoryStream stream = new(text, writable: false);
        (long end, _lines) = StreamLines.Read(stream, 0, _lines, (number, line) =>
        {
            if (_isFromStart)
            {
                _watch.Saw(number, line);
            }

            read(number, line);
        });
        _rest = text[(int)end..];
        _end += fresh.Length;
        _mark = text.Length >= MarkLength ? text[^MarkLength..] : [.. _mark[Math.Min(_mark.Length, fresh.Length)..], .. fresh];
    }

    /// <summary>Appends lines. Returns false if somebody else has written since the last read, so that nothing was appended.</summary>
    private bool Append(byte[] lines)
    {
        long started = _watch.Now;
        if (!_exists)
        {
            _ = Checked(() => Repeated(_blob.Create), "created", 409, 412);
            _exists = true;
        }

        BlobReply reply = Checked(() => Repeated(() => _blob.Append(lines, _end)), "written", 404, 412);
        if (reply is { Status: 412, Code: not (null or "AppendPositionConditionNotMet") })
        {
            // For example, another program has a lease of the blob.
            throw new ChuiziException(ChuiziErrorKind.LedgerUnavailable, $"The ledger '{Path}' cannot be written: {reply}");
        }

        if (reply.Status == 404)
        {
            // It was deleted. The next read finds out.
            _exists = false;
            return false;
        }

        // The response of an earlier attempt may have been lost, or may come from a proxy. The names of the submissions are unique, so
        // equal lines are ours.
        if (!(reply.Status == 201 && reply.Offset == _end) && !Part(_end, lines.Length).Body.AsSpan().SequenceEqual(lines))
        {
            return false;
        }

        _blocks = reply.Blocks ?? _blocks + 1;
        Apply(lines, (_, _) => { });
        _watch.Wrote(lines, started);
        return true;
    }

    private void RefuseAnotherBlob(BlobReply reply, byte[] head)
    {
        if (reply.Type is not (null or "AppendBlob"))
        {
            throw new ChuiziException(
                ChuiziErrorKind.InvalidLedger,
                $"'{Path}' is a {reply.Type}, but expected an append blob. Nothing was written to it and nothing was submitted.");
        }

        LedgerFile.RefuseAnotherText(Path, head);
    }

    /// <summary>Sends a request again until its outcome is known. Appends cannot take effect twice, because of their position.</summary>
    private BlobReply Repeated(Func<BlobReply> send)
    {
        long start = Stopwatch.GetTimestamp();
        for (int attempt = 0; ; attempt++)
        {
            BlobReply? reply = null;
            TimeSpan left = _patience - Stopwatch.GetElapsedTime(start);
            try
            {
                reply = send();
                if (!reply.IsTransient || left <= TimeSpan.Zero)
                {
                    return reply;
                }
            }
            catch (IOException) when (left > TimeSpan.Zero)
            {
                // No response. Another attempt may get one.
            }

            TimeSpan pause = TimeSpan.FromMilliseconds(Math.Min(50 << Math.Min(attempt, 8), s_longestPause.TotalMilliseconds));
            TimeSpan asked = reply?.RetryAfter is { } delay && delay > pause ? delay : pause * (0.5 + (Random.Shared.NextDouble() / 2));
            Thread.Sleep(asked < left ? asked : left < TimeSpan.Zero ? TimeSpan.Zero : left);
        }
    }

    /// <summary>Makes an error of a response that is neither a success nor one of the expected statuses.</summary>
    private BlobReply Checked(Func<BlobReply> send, string how, params int[] expected)
    {
        BlobReply reply;
        try
        {
            reply = send();
        }
        catch (IOException exception)
        {
            throw new ChuiziException(
                ChuiziErrorKind.LedgerUnavailable, $"The ledger '{Path}' cannot be {how}: {exception.Message}", exception);
        }

        if (reply.Status is >= 200 and < 300 || expected.Contains(reply.Status))
        {
            return reply.Status == 404 && reply.Code == "ContainerNotFound" && how != "read" ? throw Failure() : reply;
        }

        throw Failure();

        ChuiziException Failure()
        {
            string advice = reply.Status switch
            {
                401 or 403 => " Use a URL with a signature that permits to read, add and create, or -LedgerCredential with the role "
                    + "Storage Blob Data Contributor.",
                404 => " Create the container first.",
                _ => "",
            };
            return new ChuiziException(ChuiziErrorKind.LedgerUnavailable, $"The ledger '{Path}' cannot be {how}: {reply}{advice}")
            {
                Status = reply.Status,
                Code = reply.Code,
            };
        }
    }
}
