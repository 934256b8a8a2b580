using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;

namespace Chuizi.Video.Sandbox.Http;

/// <summary>
/// Parses a request line and headers (RFC 9112) strictly: input that two servers could interpret differently is
/// rejected.
/// </summary>
internal static class HeadParser
{
    private static readonly SearchValues<byte> s_token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>Parses a head without the empty line at its end.</summary>
    /// <exception cref="HttpRejectedException">The head is malformed, or requests something unsupported.</exception>
    public static HttpRequest Parse(ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> line = NextLine(ref head);
        int first = line.IndexOf((byte)' ');
        int last = line.LastIndexOf((byte)' ');
        if (first <= 0 || last <= first + 1 || line[..first].ContainsAnyExcept(s_token))
        {
            throw new HttpRejectedException(400, "The request line is malformed.");
        }

        bool isCurrent = IsCurrentVersion(line[(last + 1)..]);
        string method = Method(line[..first]);
        string target = Target(line[(first + 1)..last]);
        Dictionary<string, string> headers = Headers(head);
        if (isCurrent && !headers.ContainsKey("Host"))
        {
            throw new HttpRejectedException(400, "The Host header is missing.");
        }

        if (headers.TryGetValue("Host", out string? host) && IsForeign(host))
        {
            throw new HttpRejectedException(403, "The Host header names another machine.");
        }

        headers.TryGetValue("Connection", out string? connection);
        bool isChunked = IsChunked(headers);
        return new HttpRequest
        {
            Method = method,
            Target = target,
            Headers = headers,
            KeepAlive = isCurrent
                ? !HasWord(connection, "close")
                : HasWord(connection, "keep-alive"),
            IsChunked = isChunked,
            ContentLength = ContentLength(headers, isChunked),
        };
    }

    /// <summary>
    /// Whether the host is a domain name. A web page whose name resolves to loopback (DNS rebinding) could otherwise
    /// use the sandbox from any browser.
    /// </summary>
    private static bool IsForeign(string host)
    {
        string name = host[..(host.LastIndexOf(':') is > 0 and int colon && !host.EndsWith(']') ? colon : host.Length)];
        return name.Contains('.', StringComparison.Ordinal)
            && !name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            && !IPAddress.TryParse(name, out _);
    }

    private static bool IsCurrentVersion(ReadOnlySpan<byte> version)
    {
        if (version.SequenceEqual("HTTP/1.1"u8))
        {
            return true;
        }

        return version.SequenceEqual("HTTP/1.0"u8)
            ? false
            : throw new HttpRejectedException(version.StartsWith("HTTP/"u8) ? 505 : 400, "Only HTTP/1.1 and HTTP/1.0 are supported.");
    }

    private static string Method(ReadOnlySpan<byte> method) =>
        method.SequenceEqual("GET"u8) ? "GET"
        : method.SequenceEqual("POST"u8) ? "POST"
        : method.SequenceEqual("HEAD"u8) ? "HEAD"
        : Encoding.ASCII.GetString(method);

    private static string Target(ReadOnlySpan<byte> target)
    {
        if (target.IndexOfAnyExceptInRange((byte)0x21, (byte)0x7E) >= 0)
        {
            throw new HttpRejectedException(400, "The request target is malformed.");
        }

        string text = Encoding.ASCII.GetString(target);
        if (text[0] == '/')
        {
            return text;
        }

        // A client sends an absolute URL if it uses this server as a proxy.
        return Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme == Uri.UriSchemeHttp
            ? address.PathAndQuery
            : throw new HttpRejectedException(400, "The request target is malformed.");
    }

    private static Dictionary<string, string> Headers(ReadOnlySpan<byte> head)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (!head.IsEmpty)
        {
            ReadOnlySpan<byte> line = NextLine(ref head);
            int colon = line.IndexOf((byte)':');
            if (colon <= 0 || line[..colon].ContainsAnyExcept(s_token))
            {
                throw new HttpRejectedException(400, "A header is malformed.");
            }

            ReadOnlySpan<byte> value = line[(colon + 1)..].Trim(" \t"u8);
            foreach (byte letter in value)
            {
                if (letter is < 0x20 and not 0x09 or 0x7F)
                {
                    throw new HttpRejectedException(400, "A header contains a control character.");
                }
            }

            string name = Encoding.ASCII.GetString(line[..colon]);
            string text = Encoding.Latin1.GetString(value);
            if (!headers.TryAdd(name, text))
            {
                if (name.Equals("Host", StringComparison.OrdinalIgnoreCase))
                {
                    throw new HttpRejectedException(400, "There is more than one Host header.");
                }

                headers[name] = name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) && headers[name] == text
                    ? text
                    : $"{headers[name]}, {text}";
            }
        }

        return headers;
    }

    private static bool IsChunked(Dictionary<string, string> headers)
    {
        if (!headers.TryGetValue("Transfer-Encoding", out string? coding))
        {
            return false;
        }

        if (headers.ContainsKey("Content-Length"))
        {
            throw new HttpRejectedException(400, "Content-Length and Transfer-Encoding contradict each other.");
        }

        return coding.Equals("chunked", StringComparison.OrdinalIgnoreCase)
            ? true
            : throw new HttpRejectedException(501, "The only supported transfer coding is chunked.");
    }

    private static long ContentLength(Dictionary<string, string> headers, bool isChunked)
    {
        if (isChunked || !headers.TryGetValue("Content-Length", out string? text))
        {
            return 0;
        }

        if (text.Length == 0 || text.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            throw new HttpRejectedException(400, "Content-Length is malformed.");
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long length) && length <= HttpLimits.Body
            ? length
            : throw new HttpRejectedException(413, "The body is too large.");
    }

    private static bool HasWord(string? list, string word) =>
        list is not null && list.Split(',', StringSplitOptions.TrimEntries).Contains(word, StringComparer.OrdinalIgnoreCase);

    private static ReadOnlySpan<byte> NextLine(ref ReadOnlySpan<byte> head)
    {
        int end = head.IndexOf("\r\n"u8);
        ReadOnlySpan<byte> line = end < 0 ? head : head[..end];
        head = end < 0 ? default : head[(end + 2)..];
        return line;
    }
}
