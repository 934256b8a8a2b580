using System.Text;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Saving;
using Chuizi.Video.Client.Tests.Saving;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

/// <summary>Responses that are compressed or encoded although the request asked for neither (RFC 9110, section 12.5.3).</summary>
public sealed class ContentCodingTests : DownloadTest
{
    private const string Submitted = """{"id":"vid-1","status":"processing","created":1767323045}""";

    private static readonly byte[] s_file = Mp4.Make(5000);

    /// <summary>The coding of the bytes, and the headers that announce it.</summary>
    public static TheoryData<string, string> Codings { get; } = new()
    {
        { "gzip", "Content-Encoding: gzip" },
        { "gzip", "Content-Encoding: X-GZIP" },
        { "gzip", "Vary: Accept-Encoding" },
        { "deflate", "Content-Encoding: deflate" },
        { "raw-deflate", "Content-Encoding: deflate" },
        { "br", "Content-Encoding: br" },
        { "gzip br", "Content-Encoding: gzip, br" },
        { "br deflate", "Content-Encoding: br\r\nContent-Encoding: deflate" },
        { "identity", "Content-Encoding: identity" },
        { "identity", "Content-Encoding: gzip" },
        { "identity", "Content-Encoding: deflate" },
        { "identity", "Content-Encoding: br" },
    };

    [Theory]
    [MemberData(nameof(Codings))]
    public async Task Each_call_of_the_API_reads_it(string coding, string header)
    {
        RawServer server = Serve(request => Coded(coding, header, request switch
        {
            { Method: "POST" } => Submitted,
            { Target: "/v1/models" } => """{"data":[{"id":"m"}]}""",
            { Target: "/v1/key/info" } => """{"balance":"12.5"}""",
            _ => """{"id":"vid-1","status":"failed","error":{"message":"no"}}""",
        }));
        ChuiziClient client = Connect(server.Address);
        (await client.SubmitAsync(Request(), CancellationToken.None)).Id.ShouldBe("vid-1");
        (await client.GetAsync("vid-1", CancellationToken.None)).Error!.Message.ShouldBe("no");
        (await client.GetModelsAsync(CancellationToken.None)).Single().Name.ShouldBe("m");
        (await client.GetAccountAsync(CancellationToken.None)).Balance.ShouldBe(12.5m);
        server.Requests.ShouldAllBe(request => request.Headers["Accept-Encoding"] == "identity");
    }

    [Theory]
    [InlineData(400)]
    [InlineData(429)]
    public async Task The_words_of_a_refusal_are_read(int status)
    {
        RawServer server = Serve(_ => Coded("gzip", "Content-Encoding: gzip", """{"error":{"message":"in words"}}""", status));
        (await Should.ThrowAsync<ChuiziException>(() =>
            Connect(server.Address, rateLimitRetries: 0).SubmitAsync(Request(), CancellationToken.None))).Message.ShouldContain("in words");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task The_id_in_a_truncated_response_to_a_submission_is_found(string coding)
    {
        byte[] packed = Support.Codings.Pack(coding, Encoding.UTF8.GetBytes(Submitted[..^1] + ",\"x\":\"" + new string('x', 3000)));
        RawServer server = Serve(_ =>
            RawReply.Of(200, packed[..^4], packed.Length, close: true, "Content-Type: application/json", $"Content-Encoding: {coding}"));
        (await Connect(server.Address).SubmitAsync(Request(), CancellationToken.None)).Id.ShouldBe("vid-1");
    }

    [Theory]
    [InlineData("utf-16", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16BE", false)]
    public async Task A_response_in_UTF_16_is_read(string name, bool hasMark)
    {
        Encoding encoding = Encoding.GetEncoding(name);
        byte[] body = encoding.GetBytes((hasMark ? "\uFEFF" : "") + Submitted);
        RawServer server = Serve(_ => RawReply.Of(200, body, $"Content-Type: application/json; charset={name}"));
        (await Connect(server.Address).SubmitAsync(Request(), CancellationToken.None)).Id.ShouldBe("vid-1");
    }

    [Fact]
    public async Task An_unsupported_coding_of_a_paid_response_is_an_unknown_outcome()
    {
        RawServer server = Serve(_ => RawReply.Of(200, [0x28, 0xB5, 0x2F, 0xFD, 1, 2, 3], "Content-Encoding: zstd"));
        (await Should.ThrowAsync<ChuiziException>(() => Connect(server.Address).SubmitAsync(Request(), CancellationToken.None)))
            .Kind.ShouldBe(ChuiziErrorKind.SubmissionOutcomeUnknown);
        server.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task A_compressed_video_is_saved_decompressed(string coding)
    {
        RawServer server = Serve(_ => RawReply.Of(
            200, Support.Codings.Pack(coding, s_file), "Content-Type: video/mp4", $"Content-Encoding: {coding}", "ETag: \"strong\""));
        DownloadedFile file = await SaveAsync(server.Address);
        File.ReadAllBytes(Path).ShouldBe(s_file);
        file.Length.ShouldBe(s_file.Length);
        server.Requests.Single().Headers["Accept-Encoding"].ShouldBe("identity");
    }

    [Fact]
    public async Task A_damaged_compressed_video_is_requested_again_from_its_start()
    {
        byte[] packed = Support.Codings.Pack("gzip", s_file);
        int requests = 0;
        RawServer server = Serve(_ => ++requests == 1
            ? RawReply.Of(200, [.. packed[..20], .. new byte[packed.Length - 20]], "Content-Encoding: gzip", "ETag: \"strong\"")
            : RawReply.Of(200, packed, "Content-Encoding: gzip", "ETag: \"strong\""));
        await SaveAsync(server.Address);
        File.ReadAllBytes(Path).ShouldBe(s_file);
        server.Requests.ShouldAllBe(request => !request.Headers.ContainsKey("Range"));
    }

    private static RawReply Coded(string codings, string header, string body, int status = 200)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        foreach (string coding in codings.Split(' '))
        {
            bytes = Support.Codings.Pack(coding, bytes);
        }

        return RawReply.Of(status, bytes, "Content-Type: application/json", header);
    }
}
