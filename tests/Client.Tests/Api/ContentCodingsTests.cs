using System.Text;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

public sealed class ContentCodingsTests
{
    private const string Json = """{"id":"vid-1","status":"processing"}""";
    private const string Page = "<html>maintenance</html>";

    /// <summary>The codings of a body, in order, and the values of the header that announces them.</summary>
    public static TheoryData<string, string> Announced { get; } = new()
    {
        { "gzip", "gzip" },
        { "gzip", "GZip" },
        { "gzip", "x-gzip" },
        { "gzip", "X-Gzip" },
        { "deflate", "deflate" },
        { "deflate", " Deflate " },
        { "br", "br" },
        { "br", "BR" },
        { "br", "br, identity" },
        { "gzip br", "gzip, br" },
        { "br gzip", "br,gzip" },
        { "gzip br", "gzip|br" },
        { "br deflate gzip", "br , deflate|gzip" },
    };

    [Theory]
    [MemberData(nameof(Announced))]
    public void The_codings_of_a_body_are_undone_from_the_last_to_the_first(string codings, string announced)
    {
        foreach (string text in new[] { Json, Page, "[]" })
        {
            Decode(Pack(codings, text), announced).ShouldBe(text);
        }
    }

    [Theory]
    [MemberData(nameof(Announced))]
    public void The_codings_of_a_stream_are_undone_from_the_last_to_the_first(string codings, string announced)
    {
        using Stream stream = ContentCodings.Open(new MemoryStream(Pack(codings, Page)), announced.Split('|'));
        using StreamReader reader = new(stream);
        reader.ReadToEnd().ShouldBe(Page);
    }

    [Theory]
    [InlineData("")]
    [InlineData("identity")]
    [InlineData("zstd")]
    [InlineData("raw-deflate")]
    public void A_stream_in_no_known_coding_is_not_changed(string announced)
    {
        using MemoryStream body = new(Pack("gzip", Page));
        ContentCodings.Open(body, announced.Split('|')).ShouldBeSameAs(body);
    }

    [Theory]
    [InlineData("")]
    [InlineData("identity")]
    [InlineData("zstd")]
    public void A_gzip_body_is_decoded_without_an_announcement(string announced) =>
        Decode(Pack("gzip", Page), announced).ShouldBe(Page);

    [Theory]
    [InlineData("gzip", Json)]
    [InlineData("gzip", Page)]
    [InlineData("deflate", Json)]
    [InlineData("br", Json)]
    [InlineData("zstd", Page)]
    [InlineData("gzip", "")]
    [InlineData("deflate", "")]
    [InlineData("br", "")]
    public void A_body_that_is_not_compressed_is_kept(string announced, string text) =>
        Decode(Encoding.UTF8.GetBytes(text), announced).ShouldBe(text);

    // As raw deflate, these texts are valid to their ends.
    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""["a","b"]""")]
    [InlineData("""{"x":null}""")]
    [InlineData("\n\r{\"e\":1}")]
    public void JSON_that_was_never_compressed_is_kept_even_if_it_can_be_decompressed(string text) =>
        Decode(Encoding.UTF8.GetBytes(text), "deflate").ShouldBe(text);

    [Theory]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("identity")]
    public void A_damaged_gzip_body_of_which_nothing_can_be_read_is_kept(string announced)
    {
        byte[] body = [0x1F, 0x8B, 1, 2, 3, 4, 5, 6, 7, 8];
        ContentCodings.Decode(body, [announced], null, 1000).ToArray().ShouldBe(body);
    }

    // The bits of a block's first byte after the third have no meaning (RFC 1951), so that a body can begin like another format:
    // with the method of zlib, with a valid checksum of zlib, or with a space and a brace.
    [Theory]
    [InlineData(0x00, 40)]
    [InlineData(0x08, 40)]
    [InlineData(0x01, 54)]
    [InlineData(0x20, 123)]
    public void Raw_deflate_is_decoded_although_it_begins_like_another_format(int first, int length)
    {
        string text = Json.PadRight(length);
        Decode(Stored((byte)first, text), "deflate").ShouldBe(text);
    }

    [Theory]
    [InlineData(100, 10, 10)]
    [InlineData(100, 99, 99)]
    [InlineData(100, 100, 100)]
    [InlineData(100, 101, 100)]
    [InlineData(50_000, 16_384, 16_384)]
    [InlineData(50_000, 16_385, 16_385)]
    [InlineData(50_000, 20_000, 20_000)]
    [InlineData(50_000, 50_001, 50_000)]
    public void A_body_is_decompressed_up_to_the_limit(int length, int longest, int expected)
    {
        foreach (string coding in new[] { "gzip", "deflate", "br" })
        {
            ContentCodings.Decode(Pack(coding, new string('x', length)), [coding], null, longest).Length.ShouldBe(expected);
        }
    }

    [Theory]
    [InlineData("utf-16", "{\"a\":\"\u00e9\"}", null)]
    [InlineData("utf-16", "[\"\u89c6\"]", null)]
    [InlineData("utf-16", "\ufeff\u00e9", null)]
    [InlineData("utf-16", "{\"a\":\"\u00e9\"}", "utf-8")]
    [InlineData("utf-16", "{\"a\":\"\u00e9\"}", "iso-8859-1")]
    [InlineData("utf-16BE", "{\"a\":\"\u00e9\"}", null)]
    [InlineData("utf-16BE", "[\"\u89c6\"]", null)]
    [InlineData("utf-16BE", "\ufeff\u00e9", null)]
    [InlineData("iso-8859-1", "{\"a\":\"\u00e9\"}", "iso-8859-1")]
    [InlineData("iso-8859-1", "\u00e9", "ISO-8859-1")]
    [InlineData("iso-8859-1", "\u00e9", "\"ISO-8859-1\"")]
    [InlineData("iso-8859-1", "\u00e9", " latin1 ")]
    [InlineData("iso-8859-1", "\u00e9", "Windows-1252")]
    [InlineData("utf-8", "{\"a\":\"\u00e9\"}", null)]
    [InlineData("utf-8", "\u00e9", "")]
    [InlineData("utf-8", "\u00e9", "utf-8")]
    [InlineData("utf-8", "\u00e9", "us-ascii")]
    [InlineData("utf-8", "{", null)]
    public void A_body_in_another_encoding_becomes_UTF_8(string encoding, string text, string? charset)
    {
        byte[] body = Encoding.GetEncoding(encoding).GetBytes(text);
        Encoding.UTF8.GetString(ContentCodings.Decode(body, [], charset, 1000).Span).ShouldBe(text);
    }

    private static byte[] Pack(string codings, string text) =>
        codings.Split(' ').Aggregate(Encoding.UTF8.GetBytes(text), (bytes, coding) => Codings.Pack(coding, bytes));

    private static string Decode(byte[] body, string announced) =>
        Encoding.UTF8.GetString(ContentCodings.Decode(body, announced.Split('|'), null, 1_000_000).Span);

    /// <summary>Raw deflate in one stored block, and an empty last one unless the first is the last.</summary>
    private static byte[] Stored(byte first, string text)
    {
        byte length = (byte)text.Length;
        byte[] end = (first & 1) == 1 ? [] : [1, 0, 0, 0xFF, 0xFF];
        return [first, length, 0, (byte)(0xFF - length), 0xFF, .. Encoding.ASCII.GetBytes(text), .. end];
    }
}
