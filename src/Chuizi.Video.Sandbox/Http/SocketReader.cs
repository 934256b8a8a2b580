using System.Buffers;
using System.Net.Sockets;

namespace Chuizi.Video.Sandbox.Http;

/// <summary>Buffered reading of heads and bodies from a socket. Keeps the bytes that a pipelining client sent ahead.</summary>
internal sealed class SocketReader(Socket socket) : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(4096);
    private int _start;
    private int _end;

    public bool HasBuffered => _end > _start;

    /// <summary>Reads up to the empty line; null if the client disconnected before a request.</summary>
    /// <exception cref="HttpRejectedException">The head is malformed or too long.</exception>
    public async ValueTask<HttpRequest?> ReadHeadAsync()
    {
        int searched = 0;
        while (true)
        {
            SkipEmptyLines();
            int length = Buffered[Math.Min(searched, Buffered.Length)..].IndexOf("\r\n\r\n"u8);
            if (length >= 0)
            {
                length += searched;
                Reject(length);
                HttpRequest request = HeadParser.Parse(Buffered[..length]);
                _start += length + 4;
                return request;
            }

            // The end marker may arrive in parts.
            searched = Math.Max(0, Buffered.Length - 3);
            Reject(Buffered.Length);
            if (!await FillAsync())
            {
                return HasBuffered ? throw new HttpRejectedException(400, "The request is incomplete.") : null;
            }
        }

        static void Reject(int length)
        {
            if (length > HttpLimits.Head)
            {
                throw new HttpRejectedException(431, "The headers are too large.");
            }
        }
    }

    /// <summary>Reads a line of a chunked body, without its line ending.</summary>
    public async ValueTask<string> ReadLineAsync()
    {
        while (true)
        {
            int length = Buffered.IndexOf("\r\n"u8);
            if (length >= 0)
            {
                string line = System.Text.Encoding.Latin1.GetString(Buffered[..length]);
                _start += length + 2;
                return line;
            }

            if (Buffered.Length > HttpLimits.ChunkLine || !await FillAsync())
            {
                throw new HttpRejectedException(400, "The chunked body is malformed.");
            }
        }
    }

    /// <summary>Fills <paramref name="target"/> from the buffer, otherwise from the socket, with at least one byte.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> target)
    {
        int count = Math.Min(target.Length, _end - _start);
        if (count > 0)
        {
            Buffered[..count].CopyTo(target.Span);
            _start += count;
            return count;
        }

        count = await socket.ReceiveAsync(target, SocketFlags.None);
        return count > 0 ? count : throw new HttpRejectedException(400, "The body is incomplete.");
    }

    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        _start = _end = 0;
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private Span<byte> Buffered => _buffer.AsSpan(_start, _end - _start);

    // RFC 9112, 2.2: a server ignores empty lines before the request line.
    private void SkipEmptyLines()
    {
        while (Buffered.StartsWith("\r\n"u8))
        {
            _start += 2;
        }
    }

    private async ValueTask<bool> FillAsync()
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }
        else if (_end == _buffer.Length)
        {
            byte[] buffer = _start > 0 ? _buffer : ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            Buffered.CopyTo(buffer);
            if (buffer != _buffer)
            {
                ArrayPool<byte>.Shared.Return(_buffer);
                _buffer = buffer;
            }

            (_start, _end) = (0, _end - _start);
        }

        int count = await socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None);
        _end += count;
        return count > 0;
    }
}
