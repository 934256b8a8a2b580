using System.Buffers;

namespace Chuizi.Video.Client.Ledger;

/// <summary>Finds and reads the lines of a stream, such as an open file, up to a maximum length.</summary>
internal static class StreamLines
{
    /// <summary>A line longer than this is not a ledger record.</summary>
    public const int Longest = 4 * 1024 * 1024;

    private const int PieceLength = 64 * 1024;
    private const byte LineFeed = (byte)'\n';

    /// <summary>Receives a line: its number and its bytes.</summary>
    public delegate void Reader(int number, ReadOnlySpan<byte> text);

    /// <summary>The end of the last line that has a line feed.</summary>
    public static long LastEnd(FileStream stream)
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

    /// <summary>The start of the first line at or after <paramref name="position"/>, or the end of the file.</summary>
    public static long FirstStart(FileStream stream, long position)
    {
        // Start one byte earlier, which may be a line feed.
        byte[] piece = new byte[PieceLength];
        for (long start = position - 1; position > 0 && start < stream.Length;)
        {
            stream.Position = start;
            int count = stream.Read(piece);
            int first = piece.AsSpan(0, count).IndexOf(LineFeed);
            if (first >= 0)
            {
                return start + first + 1;
            }

            if (count == 0)
            {
                break;
            }

            start += count;
        }

        return position > 0 ? stream.Length : 0;
    }

    /// <summary>Reads all lines from <paramref name="position"/> on. A last line without a line feed is ignored.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="position">The start of a line.</param>
    /// <param name="lines">The number of the line before it.</param>
    /// <param name="read">Receives each line that is not blank.</param>
    /// <returns>The end of the last line, and its number.</returns>
    /// <exception cref="IOException">The file cannot be read, or a line is too long.</exception>
    public static (long End, int Lines) Read(Stream stream, long position, int lines, Reader read)
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
                    if (filled >= Longest)
                    {
                        throw new IOException($"Line {lines + 1} is longer than {Longest / 1024 / 1024} MB, so this is not a ledger.");
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
