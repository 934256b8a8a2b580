using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Tests.Saving;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.BadInput;

/// <summary>Responses that are much longer than what is sent.</summary>
[Collection(nameof(Alone))]
[Trait("Speed", "Medium")]
public sealed class CompressedResponseTests : DownloadTest
{
    // 64 MB of zeros: decompression stops at the limit of a response.
    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("zstd")]
    public async Task A_compressed_response_does_not_exhaust_memory(string coding)
    {
        byte[] packed = Codings.Pack(coding, new byte[64_000_000]);
        RawServer server = Serve(_ =>
            RawReply.Of(200, packed, "Content-Type: application/json", $"Content-Encoding: {coding}"));
        ChuiziClient client = Connect(server.Address, retries: 0);
        long before = GC.GetTotalAllocatedBytes();
        (
            await Should.ThrowAsync<ChuiziException>(client.GetAsync("vid-1", CancellationToken.None))
        ).Kind.ShouldBe(ChuiziErrorKind.MalformedReply);
        (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(200_000_000);
    }
}
