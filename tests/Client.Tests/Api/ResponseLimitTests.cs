using System.Globalization;
using System.IO.Compression;
using System.Text;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

public sealed class ResponseLimitTests : ClientTest
{
    private const string Head = "{\"id\":\"vid-1\",\"status\":\"succeeded\",\"filler\":\"";
    private const string Tail = "\"}";

    public enum Framing
    {
        Length,
        Chunks,
        Connection,
    }

    public static TheoryData<Framing, int> Sizes
    {
        get
        {
            TheoryData<Framing, int> sizes = [];
            foreach (Framing framing in Enum.GetValues<Framing>())
            {
                foreach (int size in new[] { 60, 4095, 4096, 4097, 100_000, ApiTransport.LongestBody - 1, ApiTransport.LongestBody })
                {
                    sizes.Add(framing, size);
                }
            }

            return sizes;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task A_response_of_any_length_up_to_the_limit_is_read_completely(Framing framing, int size)
    {
        RawServer server = Serve(_ => Framed(framing, Body(size)));
        VideoState state = await Connect(server.Address).GetAsync("vid-1", CancellationToken.None);
        state.Status.ShouldBe(VideoStatus.Succeeded);
    }

    [Theory]
    [InlineData(Framing.Length)]
    [InlineData(Framing.Chunks)]
    [InlineData(Framing.Connection)]
    public async Task An_endless_response_is_truncated_and_malformed(Framing framing)
    {
        RawServer server = Serve(_ => Framed(framing, Body(ApiTransport.LongestBody + 100_000)));
        ChuiziClient client = Connect(server.Address, retries: 0);
        (await Should.ThrowAsync<ChuiziException>(() => client.GetAsync("vid-1", CancellationToken.None))).Kind.ShouldBe(
            ChuiziErrorKind.MalformedReply);
        (await client.SubmitAsync(Request(), CancellationToken.None)).Id.ShouldBe(
            "vid-1",
            "the id of a billed job is complete in the part that was read");
    }

    [Fact]
    public async Task A_response_that_announces_an_impossible_length_does_not_exhaust_memory()
    {
        RawServer server = Serve(_ => RawReply.Of(200, Body(100), 1L << 40, close: true, "Content-Type: application/json"));
        (await Should.ThrowAsync<ChuiziException>(() => Connect(server.Address, retries: 0).GetAsync("vid-1", CancellationToken.None)))
            .Kind.ShouldBe(ChuiziErrorKind.Unreachable);
    }

    [Fact]
    public async Task A_compressed_response_is_decompressed_up_to_the_limit()
    {
        using MemoryStream packed = new();
        using (GZipStream zip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zip.Write(Body(ApiTransport.LongestBody + 1));
        }

        RawServer server = Serve(_ => RawReply.Of(200, packed.ToArray(), "Content-Type: application/json", "Content-Encoding: gzip"));
        (
            await Should.ThrowAsync<ChuiziException>(() => Connect(server.Address, retries: 0).GetAsync("vid-1", CancellationToken.None))
        ).Kind.ShouldBe(ChuiziErrorKind.MalformedReply);
    }

    private static byte[] Body(int size) =>
        Encoding.ASCII.GetBytes(Head + new string('x', size - Head.Length - Tail.Length) + Tail);

    private static RawReply Framed(Framing framing, byte[] body) => framing switch
    {
        Framing.Length => RawReply.Of(200, body, "Content-Type: application/json"),
        Framing.Connection => RawReply.Unbounded(body, "Content-Type: application/json"),
        _ => RawReply.Of(200, Chunks(body), null, close: false, "Content-Type: application/json", "Transfer-Encoding: chunked"),
    };

    private static byte[] Chunks(byte[] body)
    {
        using MemoryStream stream = new();
        foreach (byte[] piece in body.Chunk(3000))
        {
            stream.Write(Encoding.ASCII.GetBytes(piece.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"));
            stream.Write(piece);
            stream.Write("\r\n"u8);
        }

        stream.Write("0\r\n\r\n"u8);
        return stream.ToArray();
    }
}
