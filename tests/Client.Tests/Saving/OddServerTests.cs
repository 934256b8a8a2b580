using System.Globalization;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Saving;

/// <summary>Behavior of servers and CDNs that the sandbox does not show.</summary>
public sealed class OddServerTests : DownloadTest
{
    private static readonly byte[] s_file = Mp4.Make();

    [Fact]
    public async Task A_file_without_a_length_is_complete_if_its_boxes_are()
    {
        RawServer server = Serve(_ => RawReply.Unbounded(s_file));
        ShouldHave(await SaveAsync(server.Address), s_file);
    }

    [Fact]
    public async Task A_file_without_a_length_that_ends_inside_a_box_is_incomplete()
    {
        RawServer server = Serve(_ => RawReply.Unbounded(s_file[..^1]));
        (await FailAsync(server.Address, retries: 1)).Kind.ShouldBe(ChuiziErrorKind.DownloadIncomplete);
    }

    [Theory]
    [InlineData("application/octet-stream")]
    [InlineData("binary/octet-stream")]
    [InlineData("application/mp4")]
    [InlineData("nonsense")]
    [InlineData("text/plain")]
    [InlineData("text/html")]
    [InlineData(null)]
    public async Task The_content_decides_whether_a_file_is_a_video_and_not_its_type(string? type)
    {
        RawServer server = Serve(_ => RawReply.Of(200, s_file, type is null ? [] : [$"Content-Type: {type}"]));
        ShouldHave(await SaveAsync(server.Address), s_file);
    }

    [Theory]
    [InlineData("video/mp4", "{\"error\":\"expired\"}")]
    [InlineData("video/mp4", "<html><body>Sign in</body></html>")]
    [InlineData("video/mp4", "GIF89a and so on")]
    [InlineData("video/mp4", "short")]
    [InlineData("application/xhtml+xml", "<html></html>")]
    public async Task Other_content_that_is_announced_as_a_video_is_rejected(string type, string content)
    {
        RawServer server = Serve(_ => RawReply.Of(200, System.Text.Encoding.ASCII.GetBytes(content), $"Content-Type: {type}"));
        (await FailAsync(server.Address, retries: 1)).Kind.ShouldBe(ChuiziErrorKind.NotAVideo);
    }

    [Fact]
    public async Task An_empty_file_is_incomplete()
    {
        RawServer server = Serve(_ => RawReply.Of(200, [], "Content-Type: video/mp4"));
        (await FailAsync(server.Address, retries: 1)).Kind.ShouldBe(ChuiziErrorKind.DownloadIncomplete);
    }

    [Theory]
    [InlineData("W/\"weak\"")]
    [InlineData(null)]
    public async Task Without_a_strong_ETag_a_download_is_not_resumed(string? tag)
    {
        int count = 0;
        RawServer server = Serve(_ => ++count == 1
            ? RawReply.Of(200, s_file[..1000], s_file.Length, close: true, Tag(tag))
            : RawReply.Of(200, s_file, Tag(tag)));
        ShouldHave(await SaveAsync(server.Address), s_file);
        server.Requests[1].Headers.ContainsKey("Range").ShouldBeFalse();
    }

    // Attempts alternate between two lengths, so every other one gets further than the previous, but never past the maximum.
    [Fact]
    public async Task A_transfer_that_never_gets_further_is_given_up()
    {
        int count = 0;
        RawServer server = Serve(_ => RawReply.Of(200, s_file[..(++count % 2 == 0 ? 3000 : 1000)], s_file.Length, close: true));
        (await FailAsync(server.Address, retries: 3)).Kind.ShouldBe(ChuiziErrorKind.DownloadIncomplete);
        server.Requests.Count.ShouldBe(5);
    }

    [Fact]
    public async Task A_range_may_arrive_in_several_responses()
    {
        RawServer server = Serve(request =>
        {
            if (!request.Headers.TryGetValue("Range", out string? range))
            {
                return RawReply.Of(200, s_file[..1000], s_file.Length, close: true, Tag("\"a\""));
            }

            int from = int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture);
            int to = Math.Min(from + 700, s_file.Length);
            return RawReply.Of(206, s_file[from..to], Tag("\"a\""), $"Content-Range: bytes {from}-{to - 1}/{s_file.Length}");
        });
        ShouldHave(await SaveAsync(server.Address, retries: 1), s_file);
        Meter.Bytes.ShouldBe(s_file.Length);
    }

    [Fact]
    public async Task A_different_range_than_requested_is_not_appended()
    {
        int count = 0;
        RawServer server = Serve(request => ++count switch
        {
            1 => RawReply.Of(200, s_file[..1000], s_file.Length, close: true, Tag("\"a\"")),
            2 => RawReply.Of(206, s_file[2000..], Tag("\"a\""), $"Content-Range: bytes 2000-{s_file.Length - 1}/{s_file.Length}"),
            _ => RawReply.Of(200, s_file, Tag("\"a\"")),
        });
        ShouldHave(await SaveAsync(server.Address), s_file);
        server.Requests[2].Headers.ContainsKey("Range").ShouldBeFalse();
    }

    // Some caches ignore If-Range.
    [Theory]
    [InlineData("\"b\"", 0)]
    [InlineData("\"a\"", 1)]
    public async Task Parts_of_two_files_are_not_combined(string tag, int more)
    {
        byte[] other = Mp4.Make(5000 + more, seed: 2);
        int count = 0;
        RawServer server = Serve(request => ++count switch
        {
            1 => RawReply.Of(200, s_file[..1000], s_file.Length, close: true, Tag("\"a\"")),
            2 => RawReply.Of(206, other[1000..], Tag(tag), $"Content-Range: bytes 1000-{other.Length - 1}/{other.Length}"),
            _ => RawReply.Of(200, other, Tag(tag)),
        });
        ShouldHave(await SaveAsync(server.Address), other);
        server.Requests[2].Headers.ContainsKey("Range").ShouldBeFalse();
    }

    [Fact]
    public async Task A_range_with_another_Last_Modified_is_not_appended()
    {
        const string Date = "Date: Sat, 10 Oct 2026 10:00:00 GMT";
        const string Before = "Last-Modified: Sat, 10 Oct 2026 09:00:00 GMT";
        const string After = "Last-Modified: Sat, 10 Oct 2026 09:30:00 GMT";
        byte[] other = Mp4.Make(5000, seed: 2);
        int count = 0;
        RawServer server = Serve(request => ++count switch
        {
            1 => RawReply.Of(200, s_file[..1000], s_file.Length, close: true, Date, Before),
            2 => RawReply.Of(206, other[1000..], Date, After, $"Content-Range: bytes 1000-{other.Length - 1}/{other.Length}"),
            _ => RawReply.Of(200, other, Date, After),
        });
        ShouldHave(await SaveAsync(server.Address), other);
        server.Requests[2].Headers.ContainsKey("Range").ShouldBeFalse();
    }

    [Fact]
    public async Task An_unrequested_range_is_accepted_if_it_is_the_whole_file()
    {
        RawServer server = Serve(_ => RawReply.Of(206, s_file, $"Content-Range: bytes 0-{s_file.Length - 1}/{s_file.Length}"));
        ShouldHave(await SaveAsync(server.Address), s_file);
    }

    [Theory]
    [InlineData(204)]
    [InlineData(300)]
    [InlineData(304)]
    public async Task A_status_without_content_is_an_error(int status)
    {
        byte[] reply = System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n");
        RawServer server = Serve(_ => new RawReply(reply));
        (await FailAsync(server.Address)).Status.ShouldBe(status);
    }

    [Fact]
    public async Task A_server_without_HTTP_and_an_unreachable_one_are_given_up()
    {
        RawServer server = Serve(_ => new RawReply("SSH-2.0-OpenSSH\r\n"u8.ToArray(), Close: true));
        (await FailAsync(server.Address, retries: 1)).Kind.ShouldBe(ChuiziErrorKind.DownloadIncomplete);
        await server.DisposeAsync();
        (await FailAsync(server.Address, retries: 1)).Kind.ShouldBe(ChuiziErrorKind.DownloadIncomplete);
    }

    private static string Tag(string? tag) => tag is null ? "X-No: tag" : $"ETag: {tag}";
}
