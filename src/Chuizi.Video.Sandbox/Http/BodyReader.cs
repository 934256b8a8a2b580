using System.Buffers;
using System.Globalization;

namespace Chuizi.Video.Sandbox.Http;

/// <summary>
/// Reads the body of a request, chunked or not, into memory. Small buffers come from the shared pool; large ones are
/// left to the garbage collector.
/// </summary>
internal sealed class BodyReader : IDisposable
{
    private const int LargestPooled = 1024 * 1024;

    private byte[] _data = [];
    private int _length;

    public ReadOnlyMemory<byte> Memory => _data.AsMemory(0, _length);

    /// <summary>Reads the body of <paramref name="request"/>.</summary>
    /// <exception cref="HttpRejectedException">The body is malformed, incomplete or too large.</exception>
    public async ValueTask ReadAsync(SocketReader reader, HttpRequest request)
    {
        if (!request.IsChunked)
        {
            await ReadAsync(reader, (int)request.ContentLength);
            return;
        }

        while (true)
        {
            int size = ChunkSize(await reader.ReadLineAsync());
            if (size == 0)
            {
                break;
            }

            await ReadAsync(reader, size);
            if ((await reader.ReadLineAsync()).Length > 0)
            {
                throw new HttpRejectedException(400, "The chunked body is malformed.");
            }
        }

        // Trailers are read and ignored.
        for (int size = 0; await reader.ReadLineAsync() is { Length: > 0 } line;)
        {
            size += line.Length;
            if (size > HttpLimits.Head)
            {
                throw new HttpRejectedException(431, "The trailers are too large.");
            }
        }
    }

    public void Dispose()
    {
        Release(_data);
        _data = [];
        _length = 0;
    }

    private async ValueTask ReadAsync(SocketReader reader, int count)
    {
        int end = _length + count;
        while (_length < end)
        {
            EnsureRoom(end);
            _length += await reader.ReadAsync(_data.AsMemory(_length, Math.Min(_data.Length, end) - _length));
        }
    }

    // The buffer grows with the received data, not with the announced length.
    private void EnsureRoom(int end)
    {
        if (_length < _data.Length)
        {
            return;
        }

        int size = Math.Min(end, Math.Max(LargestPooled, _data.Length * 4));
        size = Math.Max(size, Math.Min(_data.Length * 2, LargestPooled));
        byte[] data = size <= LargestPooled ? ArrayPool<byte>.Shared.Rent(size) : GC.AllocateUninitializedArray<byte>(size);
        _data.AsSpan(0, _length).CopyTo(data);
        Release(_data);
        _data = data;
    }

    private int ChunkSize(string line)
    {
        // RFC 9112: unknown chunk extensions are ignored.
        int end = line.IndexOf(';', StringComparison.Ordinal);
        ReadOnlySpan<char> digits = (end < 0 ? line : line[..end]).AsSpan().Trim(" \t");
        if (
            digits.IsEmpty
            || digits.Length > 16
            || !long.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long size)
            || size < 0)
        {
            throw new HttpRejectedException(400, "The chunked body is malformed.");
        }

        return size <= HttpLimits.Body - _length ? (int)size : throw new HttpRejectedException(413, "The body is too large.");
    }

    private static void Release(byte[] data)
    {
        if (data.Length > 0 && data.Length <= LargestPooled)
        {
            ArrayPool<byte>.Shared.Return(data);
        }
    }
}
