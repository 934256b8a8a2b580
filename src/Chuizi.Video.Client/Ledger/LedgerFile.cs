using System.Buffers;
using System.Diagnostics;
using System.Text;
using Chuizi.Video.Client.Http;

namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// The file of a ledger, which several processes may write. Every write opens it exclusively, reads what others have added, mends a last
/// line that broke off, and is on the disk when it returns. (Appending with a shared handle loses lines.)
/// </summary>
internal sealed class LedgerFile(string path)
{
    /// <summary>A longer line is no record of ours.</summary>
    private const int LongestLine = 4 * 1024 * 1024;

    private const int PieceLength = 64 * 1024;
    private const int TailLength = 64;
    private const byte LineFeed = (byte)'\n';

    /// <summary>Another writer has the file for some milliseconds; one that has it longer than this is no ledger's.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private long _position;
    private int _lines;
    private byte[] _tail = [];

    /// <summary>Told of a line: its number, its bytes, whether it is too long to be read.</summary>
    public delegate void LineReader(int number, ReadOnlySpan<byte> text);

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
    public void Write(LedgerBook? book, Action<ArrayBufferWriter<byte>> decide)
    {
        try
        {
            using FileStream stream = Open();
            string? torn = Catch(stream, book);
            ArrayBufferWriter<byte> buffer = new();
            if (torn is not null)
            {
                LedgerLine.Write(buffer, new LedgerRecord { Step = LedgerStep.Repaired, At = DateTime.UtcNow, Text = torn });
            }

            decide(buffer);
            if (buffer.WrittenCount > 0)
            {
                Append(stream, buffer.WrittenSpan);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new ChuiziException(ChuiziErrorKind.LedgerUnavailable, $"The ledger '{path}' cannot be written: {exception.Message}", exception);
        }
    }

    /// <summary>Reads the whole file without writing; a last line that has no end yet is left out.</summary>
    public static void Read(string path, LineReader read)
    {
        using FileStream stream = WhenFree(() => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1));
        ReadLines(stream, 0, 0, read);
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

    /// <summary>Reads what is new; gives back the text of a last line that broke off, which is cut away.</summary>
    private string? Catch(FileStream stream, LedgerBook? book)
    {
        if (_position > 0 && !TailAt(stream, _position, _tail.Length).AsSpan().SequenceEqual(_tail))
        {
            // Somebody has taken it away, or put another file there.
            Rewind();
            book?.Clear();
        }

        if (_position == 0)
        {
            RefuseAnotherFile(stream);
            // Where nobody wants the lines, the end alone counts.
            _position = book is null ? LastLineEnd(stream) : 0;
            _tail = TailAt(stream, _position, TailLength);
        }

        if (_position == stream.Length)
        {
            return null;
        }

        (long end, int lines) = ReadLines(stream, _position, _lines, book is null ? (_, _) => { } : book.ApplyLine);
        _position = end;
        _lines = lines;
        _tail = TailAt(stream, end, TailLength);
        if (end == stream.Length)
        {
            return null;
        }

        stream.Position = end;
        byte[] rest = new byte[Math.Min(stream.Length - end, LongestLine)];
        stream.ReadExactly(rest);
        stream.SetLength(end);
        return Encoding.UTF8.GetString(rest);
    }

    private void Append(FileStream stream, ReadOnlySpan<byte> lines)
    {
        long before = stream.Length;
        try
        {
            stream.Position = before;
            stream.Write(lines);
            stream.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            // A disk that is full: half a line shall not stay.
            stream.SetLength(before);
            throw;
        }

        _position = before + lines.Length;
        _lines += lines.Count(LineFeed);
        _tail = lines[Math.Max(0, lines.Length - TailLength)..].ToArray();
    }

    /// <summary>The last bytes before <paramref name="end"/>, which name a submission and so tell one ledger from another.</summary>
    private static byte[] TailAt(FileStream stream, long end, int length)
    {
        byte[] tail = new byte[Math.Min(end, length)];
        stream.Position = end - tail.Length;
        return tail[..stream.ReadAtLeast(tail, tail.Length, throwOnEndOfStream: false)];
    }

    /// <summary>Refuses to write into a file that is something else, such as the list of prompts.</summary>
    private void RefuseAnotherFile(FileStream stream)
    {
        byte[] head = new byte[Math.Min(stream.Length, PieceLength)];
        stream.Position = 0;
        stream.ReadExactly(head);
        bool isBlank = true;
        foreach (string line in Encoding.UTF8.GetString(head).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            byte[] text = Encoding.UTF8.GetBytes(line.TrimStart('\uFEFF'));
            if (line.TrimStart('\uFEFF').StartsWith("{\"step\"", StringComparison.Ordinal) || LedgerLine.Read(text) is not null)
            {
                return;
            }

            isBlank = false;
        }

        if (!isBlank)
        {
            throw new ChuiziException(ChuiziErrorKind.InvalidLedger, $"'{path}' is no ledger: none of its lines is a record. Nothing is written to it, and nothing is sent.");
        }
    }

    private static long LastLineEnd(FileStream stream)
    {
        byte[] piece = new byte[PieceLength];
        for (long start = stream.Length; start > 0;)
        {
            int count = (int)Math.Min(start, PieceLength);
            start -= count;
            stream.Position = start;
            stream.ReadExactly(piece, 0, count);
            int last = piece.AsSpan(0, count).LastIndexOf(LineFeed);
            if (last >= 0)
            {
                return start + last + 1;
            }
        }

        return 0;
    }

    private static (long End, int Lines) ReadLines(FileStream stream, long position, int lines, LineReader read)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(PieceLength);
        try
        {
            stream.Position = position;
            int filled = 0;
            while (true)
            {
                int count = stream.Read(buffer, filled, buffer.Length - filled);
                if (count == 0)
                {
                    return (position, lines);
                }

                filled += count;
                int start = 0;
                for (int length; (length = buffer.AsSpan(start, filled - start).IndexOf(LineFeed)) >= 0; start += length + 1)
                {
                    lines++;
                    ReadOnlySpan<byte> line = buffer.AsSpan(start, length);
                    if (!line.Trim(" \t\r"u8).IsEmpty)
                    {
                        read(lines, lines == 1 && line.StartsWith("\uFEFF"u8) ? line[3..] : line);
                    }
                }

                position += start;
                buffer.AsSpan(start, filled - start).CopyTo(buffer);
                filled -= start;
                if (filled == buffer.Length)
                {
                    if (filled >= LongestLine)
                    {
                        throw new IOException($"Line {lines + 1} is longer than {LongestLine / 1024 / 1024} MB; this is no ledger.");
                    }

                    byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    buffer.AsSpan(0, filled).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
