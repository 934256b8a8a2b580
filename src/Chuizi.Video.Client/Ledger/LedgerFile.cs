using System.Buffers;
using System.Diagnostics;
using System.Text;
using Chuizi.Video.Client.Files;

namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// The file of a ledger, which several processes may write. Every write opens it exclusively, reads what others have added, mends a last
/// line that broke off, and is on the disk when it returns. (Appending with a shared handle loses lines.)
/// </summary>
internal sealed class LedgerFile(string path)
{
    private const int HeadLength = 64 * 1024;

    /// <summary>Enough for a whole line with its prompt, since the names that tell it from others come before that.</summary>
    private const int TailLength = 8 * 1024;

    private const byte LineFeed = (byte)'\n';
    private const string Beginning = "{\"step\"";

    /// <summary>Another writer has the file for some milliseconds; one that has it longer than this is no ledger's.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private long _position;
    private int _lines;
    private byte[] _tail = [];

    /// <summary>Where it is.</summary>
    public string Path => path;

    /// <summary>Has the next write read the file from its beginning.</summary>
    public void Rewind()
    {
        _position = 0;
        _lines = 0;
        _tail = [];
    }

    /// <summary>Reads what is new, then writes what <paramref name="decide"/> adds, under one lock.</summary>
    /// <param name="book">Told of each new line, and cleared where the file is another than before; null where nobody cares.</param>
    /// <param name="decide">Adds lines.</param>
    /// <exception cref="ChuiziException">LedgerUnavailable or InvalidLedger: nothing is written.</exception>
    public void Write(LedgerBook? book, Action<ArrayBufferWriter<byte>> decide) => Use("written", () =>
    {
        using FileStream stream = Open();
        if (!stream.CanSeek)
        {
            throw new IOException("It is no file, but a pipe or a device.");
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

    /// <summary>Reads what is new. Nothing is locked or written; a last line that broke off counts as far as it goes.</summary>
    /// <param name="book">As for <see cref="Write"/>.</param>
    /// <exception cref="ChuiziException">LedgerUnavailable or InvalidLedger.</exception>
    public void Refresh(LedgerBook? book) => Use("read", () =>
    {
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

    /// <summary>Reads the whole file without writing; a last line that has no end yet is left out.</summary>
    public static void Read(string path, LedgerLineReader.Reader read)
    {
        if (IsEmpty(path))
        {
            return;
        }

        using FileStream stream = OpenToRead(path);
        LedgerLineReader.Read(stream, 0, 0, read);
    }

    /// <summary>Reads the lines that begin in the last <paramref name="length"/> bytes; whether these are all.</summary>
    public static bool ReadEnd(string path, long length, LedgerLineReader.Reader read)
    {
        if (IsEmpty(path))
        {
            return true;
        }

        using FileStream stream = OpenToRead(path);
        long start = LedgerLineReader.FirstStart(stream, Math.Max(0, stream.Length - length));
        LedgerLineReader.Read(stream, start, 0, read);
        return start == 0;
    }

    private static FileStream OpenToRead(string path) =>
        WhenFree(() => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1));

    /// <summary>Whether there is nothing to read: to open what is a pipe and no file would be to wait for ever.</summary>
    private static bool IsEmpty(string path) => FileInspector.KindOf(path) == FileKind.EmptyOrSpecial;

    private void Use(string how, Action use)
    {
        try
        {
            use();
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new ChuiziException(
                ChuiziErrorKind.LedgerUnavailable,
                $"The ledger '{path}' cannot be {how}: {exception.Message}",
                exception);
        }
    }

    private FileStream Open()
    {
        MakeFolderOf(path);
        FileStreamOptions options = new()
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            // It holds prompts. (Windows: the folder's own permissions, which in the user's profile are the owner's.)
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return WhenFree(() => new FileStream(path, options));
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

    /// <summary>Whether another handle has the file. .NET gives Windows' code there and errno elsewhere.</summary>
    internal static bool IsInUse(IOException exception) =>
        exception is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException)
        && (OperatingSystem.IsWindows() ? (exception.HResult & 0xFFFF) is 32 or 33 : exception.HResult is 11 or 35);

    /// <summary>Makes the folder, where it is missing, for its owner only.</summary>
    internal static void MakeFolderOf(string file)
    {
        string folder = System.IO.Path.GetDirectoryName(file)!;
        if (Directory.Exists(folder))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Reads what is new; gives back what stands behind the last line feed.</summary>
    private byte[] ReadNew(FileStream stream, LedgerBook? book)
    {
        if (_position > 0 && !TailAt(stream, _position).AsSpan().SequenceEqual(_tail))
        {
            // Somebody has taken it away, or put another file there.
            Rewind();
            book?.Clear();
        }

        if (_position == 0)
        {
            RefuseAnotherFile(stream);
            // Where nobody wants the lines, the end alone counts.
            _position = book is null ? LedgerLineReader.LastEnd(stream) : 0;
            _tail = TailAt(stream, _position);
        }

        if (_position == stream.Length)
        {
            return [];
        }

        (_position, _lines) = LedgerLineReader.Read(stream, _position, _lines, book is null ? (_, _) => { } : book.ApplyLine);
        _tail = TailAt(stream, _position);
        byte[] rest = new byte[stream.Length - _position];
        stream.Position = _position;
        stream.ReadExactly(rest);
        return rest;
    }

    /// <summary>
    /// Makes a line of what has no line feed. A whole record is one: an editor may have left the line feed out, and a request may have
    /// left after it. Anything else broke off, and is kept as text.
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

    /// <summary>Writes lines behind the last one, in place of <paramref name="rest"/>.</summary>
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
                throw new NotSupportedException("It keeps nothing of what is written, as a device does.");
            }
        }
        catch (IOException)
        {
            // A disk that is full: half a line shall not stay, and what broke off, which may hold an id, shall. Its room is still there.
            stream.Position = _position;
            stream.Write(rest);
            stream.SetLength(_position + rest.Length);
            throw;
        }

        _position += lines.Length;
        _lines += lines.Count(LineFeed);
        _tail = lines.Length >= TailLength ? lines[^TailLength..].ToArray() : [.. _tail.TakeLast(TailLength - lines.Length), .. lines];
    }

    /// <summary>The last bytes before <paramref name="end"/>, which name a submission and so tell one ledger from another.</summary>
    private static byte[] TailAt(FileStream stream, long end)
    {
        byte[] tail = new byte[Math.Min(end, TailLength)];
        stream.Position = end - tail.Length;
        return tail[..stream.ReadAtLeast(tail, tail.Length, throwOnEndOfStream: false)];
    }

    /// <summary>Refuses to write into a file that is something else, such as the list of prompts.</summary>
    private void RefuseAnotherFile(FileStream stream)
    {
        byte[] head = new byte[Math.Min(stream.Length, HeadLength)];
        stream.Position = 0;
        stream.ReadExactly(head);
        string[] lines =
        [
            .. Encoding
                .UTF8.GetString(head)
                .TrimStart('\uFEFF')
                .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        ];
        // A ledger's very first line may have broken off within its first letters.
        bool isStart = Beginning.StartsWith(Encoding.UTF8.GetString(head), StringComparison.Ordinal);
        bool isOurs = lines.Any(line =>
            line.StartsWith(Beginning, StringComparison.Ordinal) || LedgerSerializer.Read(Encoding.UTF8.GetBytes(line)) is not null);
        if (lines.Length > 0 && !isStart && !isOurs)
        {
            throw new ChuiziException(
                ChuiziErrorKind.InvalidLedger,
                $"'{path}' is no ledger: none of its lines is a record. Nothing is written to it, and nothing is sent.");
        }
    }
}
