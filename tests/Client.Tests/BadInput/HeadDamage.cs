using System.Globalization;
using System.Text;
using Chuizi.Video.Tests.Support;
using CsCheck;

namespace Chuizi.Video.Client.Tests.BadInput;

/// <summary>Responses with a wrong status line, headers or framing; the body is valid or truncated.</summary>
internal static class HeadDamage
{
    private static readonly string[] s_starts =
    [
        "HTTP/1.1 200 OK",
        "HTTP/1.1 200 OK",
        "HTTP/1.1 200 OK",
        "HTTP/1.1 200",
        "HTTP/1.0 200 OK",
        "HTTP/1.1 206 Partial",
        "HTTP/1.1 99 Low",
        "HTTP/1.1 1000 High",
        "HTTP/1.1 -20 Minus",
        "HTTP/2.0 200 OK",
        "HTTP/1.1",
        "ICY 200 OK",
        "",
        "\0\0\0\0",
        "HTTP/1.1 200 \u001b[2J",
        "HTTP/1.1 204 None",
        "HTTP/1.1 304 Same",
        "HTTP/1.1 302 There",
        "HTTP/1.1 599 ?",
        "HTTP/1.1 418 Pot",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK",
        "HTTP/1.1 103 Early\r\nLink: <x>\r\n\r\nHTTP/1.1 200 OK",
        "HTTP/1.1 101 Switching",
    ];

    private static readonly string[] s_headers =
    [
        "",
        "",
        "",
        "Content-Length: -1",
        "Content-Length: 99999999999999999999",
        "Content-Length: 0",
        "Content-Length: 1",
        "Content-Length: abc",
        "Content-Length: 5, 5",
        "Content-Length: 9223372036854775807",
        "Transfer-Encoding: chunked",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: nonsense",
        "Content-Encoding: gzip",
        "Content-Encoding: br",
        "Content-Type: ",
        "Content-Type: text/html",
        "Content-Type: \u001b[31m",
        "Content-Range: bytes 0-1/2",
        "Content-Range: bytes 5-4/3",
        "Content-Range: bytes */*",
        "Content-Range: bytes 9223372036854775807-9223372036854775807/*",
        "Content-Range: lines 1-2/3",
        "ETag: \"a\"",
        "ETag: W/\"a\"",
        "ETag: a",
        "Last-Modified: yesterday",
        "Date: Mon, 01 Jan 0001 00:00:00 GMT",
        "Retry-After: -5",
        "Retry-After: 99999999999",
        "Location: http://[",
        "Location: //",
        "X-RateLimit-Limit: 0",
        "X-RateLimit-Limit: -1",
        "X-RateLimit-Remaining: 99999999999",
        "X-RateLimit-Reset: soon",
        "X-Request-Id: \u001b]0;owned\u0007",
        "X-Request-Id: ",
        "No colon at all",
        ": no name",
        "A b: a blank in the name",
        " : folded",
        "X: \0",
        "X: \u00ff\u00fe",
        "X:\r\n folded",
        "Set-Cookie: a=b; Domain=.",
        "Connection: close",
        "Connection: upgrade",
        "Trailer: Content-Length",
    ];

    public static Gen<RawReply> Of(byte[] body) =>
        Gen.Select(Gen.OneOf(s_starts), Gen.OneOf(s_headers).Array[0, 4], Gen.Int[0, 12], Gen.Int[0, 40])
            .Select((start, headers, framing, size) => Make(body, start, headers, framing, size));

    private static RawReply Make(byte[] body, string start, string[] headers, int framing, int size)
    {
        StringBuilder head = new(start + "\r\n");
        foreach (string header in headers.Where(header => header.Length > 0))
        {
            head.Append(header).Append("\r\n");
        }

        switch (framing)
        {
            case 0:
                // Longer than any client accepts.
                head.Append("X-Long: ").Append('x', 100_000).Append("\r\n");
                break;
            case 1:
                head.Append(string.Concat(Enumerable.Range(0, 5000).Select(number => $"X-{number}: y\r\n")));
                break;
            case 2:
                return new RawReply(
                    Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat("HTTP/1.1 100 Continue\r\n\r\n", size * 20))),
                    Close: true);
            case 3:
                // A head without an end.
                return new RawReply(Encoding.Latin1.GetBytes(head.ToString()), Close: true);
            case 4:
                head.Append("Transfer-Encoding: chunked\r\n\r\n");
                return new RawReply([.. Encoding.Latin1.GetBytes(head.ToString()), .. Chunk(body, size)], Close: true);
            case < 8:
                head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
                break;
            default:
                break;
        }

        return new RawReply(
            [.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. framing == 9 ? body[..(body.Length / 2)] : body],
            Close: true);
    }

    private static byte[] Chunk(byte[] body, int size)
    {
        string length = body.Length.ToString("x", CultureInfo.InvariantCulture);
        string first = (size % 8) switch
        {
            0 => "ffffffffffffffffff",
            1 => "-1",
            2 => "zz",
            3 => length + ";" + new string('x', 20_000),
            4 => "",
            5 => "7fffffffffffffff",
            _ => length,
        };
        string last = size % 3 == 0 ? "\r\n0\r\nX: y\r\n\r\n" : size % 3 == 1 ? "\r\n0\r\n" + new string('t', 200_000) : "0\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(first + "\r\n"), .. body, .. Encoding.ASCII.GetBytes(last)];
    }
}
