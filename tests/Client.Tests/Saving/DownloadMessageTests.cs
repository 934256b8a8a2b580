using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Saving;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Saving;

/// <summary>What a user reads about a download: the error, the trace of its requests and the progress.</summary>
public sealed class DownloadMessageTests : DownloadTest
{
    private static readonly byte[] s_file = Mp4.Make();

    [Theory]
    [InlineData(202, "does not have the video yet", 2)]
    [InlineData(204, "does not have the video yet", 2)]
    [InlineData(409, "does not have the video yet", 2)]
    [InlineData(425, "does not have the video yet", 2)]
    [InlineData(408, "reported a server error", 2)]
    [InlineData(429, "reported a server error", 2)]
    [InlineData(500, "reported a server error", 2)]
    [InlineData(599, "reported a server error", 2)]
    [InlineData(416, "cannot provide the requested range", 2)]
    [InlineData(403, "refused the download", 1)]
    [InlineData(404, "refused the download", 1)]
    [InlineData(410, "refused the download", 1)]
    [InlineData(499, "refused the download", 1)]
    [InlineData(302, "redirects without a valid location", 1)]
    public async Task A_status_has_its_message_and_number_of_attempts(int status, string what, int attempts)
    {
        RawServer server = Serve(_ => RawReply.Of(status, []));
        ChuiziException exception = await FailAsync(server.Address, retries: 1);
        exception.Message.ShouldBe($"{server.Address} {what} (HTTP {status}).");
        (exception.Kind, exception.Status).ShouldBe((ChuiziErrorKind.DownloadFailed, status));
        server.Requests.Count.ShouldBe(attempts);
    }

    [Fact]
    public async Task That_the_API_has_no_other_address_is_part_of_the_message()
    {
        RawServer server = Serve(_ => RawReply.Of(403, []));
        (await FailAsync(server.Address, refresh: _ => Task.FromResult<Uri?>(null))).Message.ShouldBe(
            $"{server.Address} refused the download, and the API has no other address (HTTP 403).");
    }

    [Theory]
    [InlineData("Content-Type: text/html; charset=utf-8", "text/html")]
    [InlineData("X-No: type", "data of an unknown type")]
    public async Task What_arrived_instead_of_a_video_is_named_and_not_received(string header, string what)
    {
        RawServer server = Serve(_ => RawReply.Of(200, "<html><body>Sign in</body></html>"u8.ToArray(), header));
        (await FailAsync(server.Address, retries: 0)).Message.ShouldBe($"{server.Address} returned {what} instead of a video.");
        Meter.Bytes.ShouldBe(0);
    }

    [Theory]
    [InlineData("http://media.example/a.mp4", "is not allowed. Only https, and http on loopback, are allowed.")]
    [InlineData(
        "https://192.168.1.1/a.mp4",
        "is on this machine or in its private network. Only an API in the same network, such as a sandbox, can use such an address. "
            + "Connect to that API first.")]
    public async Task An_unsafe_address_is_named_with_the_reason(string address, string why)
    {
        VideoDownloader downloader = new(new DownloadOptions { Clock = Leaping });
        ChuiziException exception = await Should.ThrowAsync<ChuiziException>(
            () => downloader.SaveAsync(new DownloadRequest(new Uri(address + "?signature=1"), Path), null, CancellationToken.None));
        exception.Message.ShouldBe($"The address {address} {why}");
    }

    [Fact]
    public async Task Every_request_is_traced_with_its_attempt_and_status()
    {
        int count = 0;
        RawServer server = Serve(_ => ++count switch
        {
            1 => RawReply.Of(503, []),
            2 => RawReply.Of(302, [], "Location: /b.mp4?signature=2"),
            _ => RawReply.Of(200, s_file),
        });
        List<RequestTrace> traces = [];
        await TracedAsync(new Uri(server.Address, "/a.mp4?signature=1"), traces);
        traces.ShouldBe(
        [
            new RequestTrace("GET", $"{server.Address}a.mp4", 1, 503, TimeSpan.Zero, null, null),
            new RequestTrace("GET", $"{server.Address}a.mp4", 2, 302, TimeSpan.Zero, null, null),
            new RequestTrace("GET", $"{server.Address}b.mp4", 2, 200, TimeSpan.Zero, null, null),
        ]);
        server.Requests.ShouldAllBe(request => request.Headers["Accept-Encoding"] == "identity");
    }

    [Fact]
    public async Task A_request_without_a_response_is_traced_with_its_failure()
    {
        RawServer server = Serve(_ => new RawReply([], Close: true));
        List<RequestTrace> traces = [];
        ChuiziException exception = await Should.ThrowAsync<ChuiziException>(() => TracedAsync(server.Address, traces, retries: 0));
        exception.Message.ShouldStartWith($"The transfer from {server.Address} was interrupted: ");
        traces.ShouldBe(
            [new RequestTrace("GET", server.Address.AbsoluteUri, 1, null, TimeSpan.Zero, null, exception.Message)]);
    }

    [Fact]
    public async Task A_file_that_only_needs_its_name_counts_in_the_progress()
    {
        Uri address = new("http://127.0.0.1:9/a.mp4");
        Target.Write("video.mp4.part", s_file);
        PartState.Replace(Path + ".part.json", new PartState(address.AbsoluteUri, "\"a\"", s_file.Length)).ShouldBeTrue();
        ShouldHave(await SaveAsync(address, retries: 0), s_file);
        DownloadProgress progress = Meter.Read(0);
        (progress.Bytes, progress.Files, Meter.Bytes).ShouldBe((s_file.Length, 1, 0));
    }

    private Task<DownloadedFile> TracedAsync(Uri address, List<RequestTrace> traces, int retries = 4)
    {
        DownloadOptions options = new()
        {
            AllowsPrivateNetwork = true, Clock = Leaping, Random = () => 0.5, Retries = retries, ReadTimeout = Forever, Trace = traces.Add,
        };
        return new VideoDownloader(options).SaveAsync(new DownloadRequest(address, Path), null, CancellationToken.None);
    }
}
