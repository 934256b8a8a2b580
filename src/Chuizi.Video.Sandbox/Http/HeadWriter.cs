using System.Globalization;
using System.Text;

namespace Chuizi.Video.Sandbox.Http;

/// <summary>Writes the status line and headers into one buffer, which a connection reuses.</summary>
internal sealed class HeadWriter
{
    private byte[] _buffer = new byte[1024];
    private int _length;

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    /// <summary>Clears the buffer and writes the head of <paramref name="reply"/>.</summary>
    public void Write(HttpReply reply, string requestId, DateTimeOffset now, bool keepAlive)
    {
        _length = 0;
        Append("HTTP/1.1 ");
        Append(reply.Status.ToString(CultureInfo.InvariantCulture));
        Append(" ");
        Append(ReasonPhrase.Of(reply.Status));
        Header("Date", now.ToString("r", CultureInfo.InvariantCulture));
        Header("X-Request-Id", requestId);
        if (reply.ContentType is string type)
        {
            Header("Content-Type", type);
        }

        // 204 and 304 have no body, and 204 must not have a Content-Length.
        if (reply.Status is not (204 or 304))
        {
            Header("Content-Length", reply.Body.Length.ToString(CultureInfo.InvariantCulture));
        }

        foreach ((string name, string value) in reply.Headers)
        {
            Header(name, value);
        }

        if (!keepAlive)
        {
            Header("Connection", "close");
        }

        Append("\r\n\r\n");
    }

    /// <summary>Adds a small body, so that one send is enough for both.</summary>
    public void Append(ReadOnlySpan<byte> body)
    {
        Grow(body.Length);
        body.CopyTo(_buffer.AsSpan(_length));
        _length += body.Length;
    }

    private void Header(string name, string value)
    {
        Append("\r\n");
        Append(name);
        Append(": ");
        int start = _length;
        Append(value);

        // A value must not inject another header, wherever it comes from.
        foreach (ref byte letter in _buffer.AsSpan(start, _length - start))
        {
            letter = letter is < 0x20 or 0x7F ? (byte)'_' : letter;
        }
    }

    private void Append(string text)
    {
        Grow(text.Length);
        _length += Encoding.Latin1.GetBytes(text, _buffer.AsSpan(_length));
    }

    private void Grow(int count)
    {
        if (_length + count > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + count));
        }
    }
}
