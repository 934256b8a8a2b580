using System.Globalization;
using System.Text;

namespace Chuizi.Video.Tests.Support;

/// <summary>The bytes of a response, valid or not, and whether the connection is closed after them.</summary>
public sealed record RawReply(byte[] Bytes, bool Close = false)
{
    /// <summary>A response with JSON.</summary>
    public static RawReply Json(string body, int status = 200, params string[] headers) =>
        Of(status, Encoding.UTF8.GetBytes(body), ["Content-Type: application/json", .. headers]);

    /// <summary>A response with a length.</summary>
    public static RawReply Of(int status, byte[] body, params string[] headers) =>
        Of(status, body, body.Length, close: false, headers);

    /// <summary>A response without a length: the body ends when the connection closes.</summary>
    public static RawReply Unbounded(byte[] body, params string[] headers) =>
        Of(200, body, null, close: true, [.. headers, "Connection: close"]);

    /// <summary>A response with any length, or none.</summary>
    public static RawReply Of(int status, byte[] body, long? length, bool close, params string[] headers)
    {
        StringBuilder head = new();
        head.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} Whatever\r\n");
        foreach (string header in headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{header}\r\n");
        }

        if (length is { } stated)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {stated}\r\n");
        }

        return new RawReply([.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. body], close);
    }
}
