using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Chuizi.Video.Client.Files;

namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// The file of a ledger, which several processes may write. Each write opens it exclusively, reads what others have added, repairs a
/// truncated last line, and is on disk when it returns. (Appending with shared handles would lose lines.)
/// </summary>
internal sealed class LedgerFile(string path) : LedgerStore
{
    private const int HeadLength = 64 * 1024;

    /// <summary>Enough for several usual lines with their ids. Only a line with a very long prompt or columns is longer.</summary>
    private const int TailLength = 8 * 1024;

    private const byte LineFeed = (byte)'\n';
    private const string Beginning = "{\"step\"";

    /// <summary>
    /// Other writers hold the file for some milliseconds. A program that locks it longer than this is not a ledger writer.
    /// </summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, bool> _alive = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _ended = new(StringComparer.Ordinal);
    private long _position;
    private int _lines;
    private byte[] _tail = [];

    /// <inheritdoc/>
    public override string Path => path;

    /// <inheritdoc/>
    public override bool Exists => File.Exists(path);

    /// <inheritdoc/>
    public override void Rewind()
    {
        _position = 0;
        _lines = 0;
        _tail = [];
    }

    /// <summary>
    /// Reads what is new, then writes the lines that <paramref name="decide"/> adds, under one lock, so that it is called only once.
    /// </summary>
    public override void Write(LedgerBook? book, Action<ArrayBufferWriter<byte>> decide, Action withdraw) => Use("written", () =>
    {
        _alive.Clear();
        using FileStream stream = Open();
        if (!stream.CanSeek)
        {
            throw new IOException("It is a pipe or a device, not a file.");
        }

        byte[] rest = ReadNew(stream, book);
        ArrayBufferWriter<byte> buffer = new();
        if (rest.Length > 0)
        {
            RepairTail(rest, buffer, book);
        }

        decide(buffer);
        if (buffer.WrittenCount > 0)
        {
            Append(stream, rest, buffer.WrittenSpan);
        }
    });

    /// <inheritdoc/>
    public override void Refresh(LedgerBook? book) => Use("read", () =>
    {
        _alive.Clear();
        if (IsEmpty(path))
        {
            Rewind();
            book?.Clear();
            return;
        }

        using FileStream stream = OpenToRead(path);
        byte[] rest = ReadNew(stream, book);
        if (rest.Length > 0)
        {
            RepairTail(rest, new ArrayBufferWriter<byte>(), book);
        }
    });

    /// <inheritdoc/>
    public override IDisposable Hold(LedgerRun run, VideoLedger ledger) => RunLockFile.Create(path, run.Name);

    /// <summary>
    /// Whether the lock file of the run is held. It is looked at once for each access to the ledger, because a list asks about the same
    /// run for each of its rows. A run that has ended stays so.
    /// </summary>
    public override bool IsAlive(string run)
    {
        if (_ended.ContainsKey(run) || _alive.ContainsKey(run))
        {
            return !_ended.ContainsKey(run);
        }

        bool isAlive = RunLockFile.IsHeld(path, run);
        (isAlive ? _alive : _ended)[run] = true;
        return isAlive;
    }

    /// <inheritdoc/>
    public override int EndedRuns => _ended.Count;

    /// <inheritdoc/>
    public override void Read(StreamLines.Reader read)
    {
        if (IsEmpty(path))
        {
            return;
        }

        using FileStream stream = OpenToRead(path);
        StreamLines.Read(stream, 0, 0, read);
    }

    /// <summary>
    /// Reads the lines that start in the last <paramref name="length"/> bytes. Returns whether these are all lines of the file.
    /// </summary>
    public static bool ReadEnd(string path, long length, StreamLines.Reader read)
    {
        if (IsEmpty(path))
        {
            return true;
        }

        using FileStream stream = OpenToRead(path);
        long start = StreamLines.FirstStart(stream, Math.Max(0, stream.Length - length));
        StreamLines.Read(stream, start, 0, read);
        return start == 0;
    }

    private static FileStream OpenToRead(string path) =>
        WhenFree(() => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1));

    /// <summary>Whether there is nothing to read. Opening a pipe would block forever.</summary>
    private static bool IsEmpty(string path) => PathKinds.Of(path) == PathKind.EmptyOrSpecial;

    private void Use(string how, Action use)
    {
        try
        {
            use();
        }
        catch (Exception exception) when (exception is not ChuiziException)
        {
            throw new ChuiziException(
                ChuiziErrorKind.LedgerUnavailable,
                $"The ledger '{path}' cannot be {how}: {exception.Message}",
                exception);
        }
    }

    private FileStream Open()
    {
        // The ledger contains prompts.
        OwnerOnly.MakeFolderOf(path);
        return WhenFree(() => OwnerOnly.Open(path, FileMode.OpenOrCreate));
    }

    private static FileStream WhenFree(Func<FileStream> open)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return open();
            }
            catch (IOException exception) when (IsInUse(exception) && Stopwatch.GetElapsedTime(start) < s_patience)
            {
                Thread.Sleep(Random.Shared.Next(1, 4));
            }
        }
    }

    /// <summary>Whether another handle has locked the file. The HResult is the Windows error code on Windows and errno elsewhere.</summary>
    internal static bool IsInUse(IOException exception) =>
        exception is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException)
        && (OperatingSystem.IsWindows() ? (exception.HResult & 0xFFFF) is 32 or 33 : exception.HResult is 11 or 35);

    /// <summary>Reads what is new. Returns the bytes after the last line feed.</summary>
    private byte[] ReadNew(FileStream stream, LedgerBook? book)
    {
        if (_position > 0 && !HasTail(stream))
        {
            // The file was truncated or replaced.
            Rewind();
            book?.Clear();
        }

        if (_position == 0)
        {
            RefuseAnotherFile(stream);
            // Without a book, only the end of the file matters.
            _position = book is null ? StreamLines.LastEnd(stream) : 0;
            _tail = TailAt(stream, _position);
        }

        if (_position == stream.Length)
        {
            return [];
        }

        (_position, _lines) = StreamLines.Read(stream, _position, _lines, book is null ? (_, _) => { } : book.ApplyLine);
        _tail = TailAt(stream, _position);
        byte[] rest = new byte[stream.Length - _position];
        stream.Position = _position;
        stream.ReadExactly(rest);
        return rest;
    }

    /// <summary>
    /// Turns the text after the last line feed into a line. A complete record is kept: an editor may have removed its line feed, and its
    /// request may have been sent. Anything else was truncated, and is kept as text.
    /// </summary>
    private void RepairTail(byte[] rest, ArrayBufferWriter<byte> buffer, LedgerBook? book)
    {
        if (LedgerSerializer.Read(rest) is { IsPossible: true } whole)
        {
            buffer.Write(rest);
            buffer.Write("\n"u8);
            book?.Apply(whole, _lines + 1);
        }
        else
        {
            LedgerRecord repaired = new() { Step = LedgerStep.Repaired, At = DateTime.UtcNow, Text = Encoding.UTF8.GetString(rest) };
            LedgerSerializer.Write(buffer, repaired);
            book?.Apply(repaired);
        }
    }

    /// <summary>Writes lines after the last one, in place of <paramref name="rest"/>.</summary>
    private void Append(FileStream stream, ReadOnlySpan<byte> rest, ReadOnlySpan<byte> lines)
    {
        try
        {
            stream.Position = _position;
            stream.Write(lines);
            if (rest.Length > lines.Length)
            {
                stream.SetLength(_position + lines.Length);
            }

            stream.Flush(flushToDisk: true);
            if (stream.Length < _position + lines.Length)
            {
                throw new NotSupportedException("It does not store written data, so it may be a device. Use a regular file.");
            }
        }
        catch (IOException)
        {
            // The disk is full. Remove the partial line and restore the truncated one, which may contain an id. Its space is still
            // available.
            stream.Position = _position;
            stream.Write(rest);
            stream.SetLength(_position + rest.Length);
            throw;
        }

        _position += lines.Length;
        _lines += lines.Count(LineFeed);
        _tail = lines.Length >= TailLength
            ? lines[^TailLength..].ToArray()
            : [.. _tail[Math.Max(0, _tail.Length + lines.Length - TailLength)..], .. lines];
    }

    /// <summary>
    /// The last bytes before <paramref name="end"/>. They usually contain the ids of a submission, which no other ledger has.
    /// </summary>
    private static byte[] TailAt(FileStream stream, long end)
    {
        byte[] tail = new byte[Math.Min(end, TailLength)];
        stream.Position = end - tail.Length;
        return tail[..stream.ReadAtLeast(tail, tail.Length, throwOnEndOfStream: false)];
    }

    /// <summary>Whether the file still has the same bytes before its known end.</summary>
    private bool HasTail(FileStream stream)
    {
        if (_tail.Length != Math.Min(_position, TailLength))
        {
            // The file was truncated while it was read.
            return false;
        }

        Span<byte> tail = stackalloc byte[_tail.Length];
        stream.Position = _position - tail.Length;
        return stream.ReadAtLeast(tail, tail.Length, throwOnEndOfStream: false) == tail.Length && tail.SequenceEqual(_tail);
    }

    private void RefuseAnotherFile(FileStream stream)
    {
        byte[] head = new byte[Math.Min(stream.Length, HeadLength)];
        stream.Position = 0;
        stream.ReadExactly(head);
        RefuseAnotherText(path, head);
    }

    /// <summary>Refuses to write to what is not a ledger, such as the list of prompts.</summary>
    /// <param name="path">The path or address.</param>
    /// <param name="head">The bytes at its start.</param>
    /// <exception cref="ChuiziException">InvalidLedger.</exception>
    internal static void RefuseAnotherText(string path, ReadOnlySpan<byte> head)
    {
        string text = Encoding.UTF8.GetString(head[..Math.Min(head.Length, HeadLength)]);
        string[] lines =
        [
            .. text.TrimStart('\uFEFF').Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        ];
        // The first line of a ledger may have been truncated within its first characters.
        bool isStart = Beginning.StartsWith(text, StringComparison.Ordinal);
        bool isOurs = Array.Exists(lines, line =>
            line.StartsWith(Beginning, StringComparison.Ordinal) || LedgerSerializer.Read(Encoding.UTF8.GetBytes(line)) is not null);
        if (lines.Length > 0 && !isStart && !isOurs)
        {
            throw new ChuiziException(
                ChuiziErrorKind.InvalidLedger,
                $"'{path}' is not a ledger: {WhyNot(path, head)} Nothing was written to it and nothing was submitted.");
        }
    }

    /// <summary>Why a text is not a ledger. A file that another program has converted to UTF-16 can be converted back.</summary>
    /// <param name="path">The path or address.</param>
    /// <param name="head">The bytes at its start.</param>
    internal static string WhyNot(string path, ReadOnlySpan<byte> head)
    {
        bool isUtf16 = head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])
            || head[..Math.Min(head.Length, Beginning.Length * 2)].Contains((byte)0);
        string quoted = path.Replace("'", "''", StringComparison.Ordinal);
        return !isUtf16 ? "it contains no ledger records."
            : LedgerAddress.Of(path) is not null ? "it is UTF-16 text. Convert it to UTF-8, and upload it again as an append blob."
            : $"it is UTF-16 text. To convert it, run: (Get-Content '{quoted}') | Set-Content '{quoted}' -Encoding utf8.";
    }

    /// <summary>The bytes at the start of a file; empty if it cannot be read, or is a blob.</summary>
    internal static byte[] HeadOf(string path)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[] head = new byte[Beginning.Length * 2];
            return head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
