using System.IO.Compression;
using System.Text;

namespace Chuizi.Video.Client.Api;

/// <summary>
/// Undoes the content codings and the character encoding of a response. Requests ask for <c>identity</c>, but a server or a cache in
/// between may compress all the same (RFC 9110, section 12.5.3), and the response may contain the id of a billed job.
/// </summary>
internal static class ContentCodings
{
    /// <summary>The value of <c>Accept-Encoding</c> in all requests.</summary>
    public const string Accepted = "identity";

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>The decoded body as UTF-8. A body that is damaged, or coded in an unsupported way, is decoded as far as possible.</summary>
    /// <param name="body">The bytes received.</param>
    /// <param name="codings">The values of <c>Content-Encoding</c>, in the order in which they were applied.</param>
    /// <param name="charset">The parameter <c>charset</c> of the content type.</param>
    /// <param name="longest">The most bytes to unpack: compressed data may expand without limit.</param>
    public static ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> body, IEnumerable<string> codings, string? charset, int longest)
    {
        foreach (string coding in LastFirst(codings))
        {
            body = Undo(body, coding, longest);
        }

        // Some proxies compress without saying so. No text begins with these two bytes.
        return ToUtf8(IsGzip(body.Span) ? Undo(body, "gzip", longest) : body, charset);
    }

    /// <summary>Opens the decoded stream of a response; the stream itself if it is not compressed in a supported way.</summary>
    /// <param name="body">The stream of the bytes received.</param>
    /// <param name="codings">The values of <c>Content-Encoding</c>.</param>
    public static Stream Open(Stream body, IEnumerable<string> codings)
    {
        foreach (string coding in LastFirst(codings))
        {
            body = coding.ToUpperInvariant() switch
            {
                "GZIP" or "X-GZIP" => new GZipStream(body, CompressionMode.Decompress),
                "DEFLATE" => new ZLibStream(body, CompressionMode.Decompress),
                "BR" => new BrotliStream(body, CompressionMode.Decompress),
                _ => body,
            };
        }

        return body;
    }

    private static IEnumerable<string> LastFirst(IEnumerable<string> codings) =>
        codings.SelectMany(value => value.Split(',')).Select(value => value.Trim()).Reverse();

    private static ReadOnlyMemory<byte> Undo(ReadOnlyMemory<byte> body, string coding, int longest) => coding.ToUpperInvariant() switch
    {
        // A proxy may decompress a response and leave the header.
        "GZIP" or "X-GZIP" => IsGzip(body.Span)
            ? Unpack(body, packed => new GZipStream(packed, CompressionMode.Decompress), longest)
            : body,
        // Servers send either format under this name.
        "DEFLATE" => IsZLib(body.Span)
            ? Unpack(body, packed => new ZLibStream(packed, CompressionMode.Decompress), longest)
            : Unpack(body, packed => new DeflateStream(packed, CompressionMode.Decompress), longest),
        "BR" => Unpack(body, packed => new BrotliStream(packed, CompressionMode.Decompress), longest),
        _ => body,
    };

    private static bool IsGzip(ReadOnlySpan<byte> body) => body is [0x1F, 0x8B, ..];

    /// <summary>RFC 1950: method 8 in the low four bits, and a header that is a multiple of 31.</summary>
    private static bool IsZLib(ReadOnlySpan<byte> body) => body is [var method, var flags, ..]
        && (method & 0x0F) == 8 && ((method * 256) + flags) % 31 == 0;

    private static ReadOnlyMemory<byte> Unpack(ReadOnlyMemory<byte> body, Func<Stream, Stream> open, int longest)
    {
        using MemoryStream packed = new(body.ToArray());
        using Stream plain = open(packed);
        using MemoryStream result = new();
        byte[] buffer = new byte[16 * 1024];
        try
        {
            while (result.Length < longest
                && plain.Read(buffer, 0, (int)Math.Min(buffer.Length, longest - result.Length)) is > 0 and int count)
            {
                result.Write(buffer, 0, count);
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException or IOException)
        {
            // Truncated, or not compressed at all. What was decoded may still contain an id.
        }

        // JSON that was never compressed may even decompress without an error, to noise.
        byte[] unpacked = result.ToArray();
        return unpacked.Length == 0 || (IsJsonStart(body.Span) && !IsJsonStart(unpacked)) ? body : unpacked;
    }

    private static bool IsJsonStart(ReadOnlySpan<byte> body) => body.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..];

    private static ReadOnlyMemory<byte> ToUtf8(ReadOnlyMemory<byte> body, string? charset)
    {
        Encoding? encoding = EncodingOf(body.Span, charset);
        return encoding is null ? body : s_utf8.GetBytes(encoding.GetString(body.Span));
    }

    /// <summary>The encoding, if it is not UTF-8: by the first bytes, which are reliable for JSON, or by the declared name.</summary>
    private static Encoding? EncodingOf(ReadOnlySpan<byte> body, string? charset)
    {
        switch (body)
        {
            case [0xFF, 0xFE, ..] or [(byte)'{' or (byte)'[', 0, ..]:
                return Encoding.Unicode;
            case [0xFE, 0xFF, ..] or [0, (byte)'{' or (byte)'[', ..]:
                return Encoding.BigEndianUnicode;
        }

        return charset?.Trim('"', ' ').ToUpperInvariant() is "ISO-8859-1" or "LATIN1" or "WINDOWS-1252" ? Encoding.Latin1 : null;
    }
}
