using System.Globalization;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Saving;

/// <summary>Servers and caches that compress, or that choose the range themselves.</summary>
public sealed class OddRangeTests : DownloadTest
{
    private const string Tag = "ETag: \"a\"";
    private const string Gzip = "Content-Encoding: gzip";

    private static readonly byte[] s_file = Mp4.Make();
    private static readonly byte[] s_packed = Codings.Pack("gzip", s_file);

    [Theory]
    [InlineData("identity")]
    [InlineData("Identity")]
    public async Task The_coding_identity_does_not_prevent_resuming(string coding)
    {
        RawServer server = Serve(request => request.Headers.ContainsKey("Range")
            ? RawReply.Of(206, s_file[1000..], Tag, $"Content-Encoding: {coding}", Range(1000, s_file.Length))
            : RawReply.Of(200, s_file[..1000], s_file.Length, close: true, Tag, $"Content-Encoding: {coding}"));
        ShouldHave(await SaveAsync(server.Address, retries: 1), s_file);
        server.Requests[1].Headers["Range"].ShouldBe("bytes=1000-");
    }

    [Fact]
    public async Task A_compressed_file_replaces_the_part_that_was_received_before()
    {
        RawServer server = Serve(request => request.Headers.ContainsKey("Range") ? RawReply.Of(200, s_packed, Tag, Gzip) : Cut());
        ShouldHave(await SaveAsync(server.Address, retries: 1), s_file);
        server.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_compressed_range_is_accepted_if_it_is_the_whole_file()
    {
        string range = $"Content-Range: bytes 0-{s_packed.Length - 1}/{s_packed.Length}";
        RawServer server = Serve(_ => RawReply.Of(206, s_packed, Tag, Gzip, range));
        ShouldHave(await SaveAsync(server.Address, retries: 0), s_file);
    }

    [Theory]
    [InlineData(1000, Gzip, "returned a compressed part of the video.")]
    [InlineData(2000, "X-No: coding", "returned a different range of the video than requested.")]
    public async Task A_range_that_cannot_be_appended_is_reported(int from, string header, string what)
    {
        RawServer server = Serve(request => request.Headers.ContainsKey("Range")
            ? RawReply.Of(206, s_file[from..], Tag, header, Range(from, s_file.Length))
            : Cut());
        ChuiziException exception = await FailAsync(server.Address, retries: 1);
        (exception.Kind, exception.Message).ShouldBe((ChuiziErrorKind.DownloadIncomplete, $"{server.Address} {what}"));
        server.Requests.Count.ShouldBe(2);
    }

    // Even the first response is only a part, although the whole file was requested.
    [Fact]
    public async Task A_server_that_sends_only_ranges_is_asked_for_the_next_one()
    {
        RawServer server = Serve(request =>
        {
            int from = request.Headers.TryGetValue("Range", out string? range)
                ? int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture)
                : 0;
            int to = Math.Min(from + 2000, s_file.Length);
            return RawReply.Of(206, s_file[from..to], Tag, Range(from, to));
        });
        ShouldHave(await SaveAsync(server.Address, retries: 1), s_file);
        server.Requests.Select(request => request.Headers.GetValueOrDefault("Range")).ShouldBe([null, "bytes=2000-", "bytes=4000-"]);
    }

    private static RawReply Cut() => RawReply.Of(200, s_file[..1000], s_file.Length, close: true, Tag);

    private static string Range(int from, int to) => $"Content-Range: bytes {from}-{to - 1}/{s_file.Length}";
}
