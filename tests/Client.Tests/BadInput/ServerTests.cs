using System.Text;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Tests.Saving;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Tests.Support;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.BadInput;

/// <summary>Servers that violate HTTP, over real sockets.</summary>
public sealed class ServerTests : DownloadTest
{
    private static readonly byte[] s_file = Mp4.Make();
    private static readonly byte[] s_submitted = Encoding.UTF8.GetBytes("""{"id":"vid-1","status":"processing","created":1700000000}""");

    private RawReply _reply = new([]);

    // Each sample has its own key and therefore its own request budget, so a rate limit of one sample does not delay the next.
    [Fact]
    public async Task A_bad_submit_response_is_never_retried_or_reported_as_not_sent()
    {
        RawServer server = Serve(_ => _reply);
        int sample = 0;
        await HeadDamage
            .Of(s_submitted)
            .TryAsync(
                async reply =>
                {
                    _reply = reply;
                    int before = server.Requests.Count;
                    ChuiziClient client = Connect(server.Address, $"ck-{++sample:d32}");
                    try
                    {
                        VideoState state = await client.SubmitAsync(Request(), CancellationToken.None).WaitAsync(Eventually.Patience);
                        state.Id.ShouldBe("vid-1");
                    }
                    catch (ChuiziException exception)
                    {
                        // 418 is the only rejection among the statuses, and only if the body does not name a job.
                        ChuiziErrorKind[] kinds = exception.Status == 418
                            ? [ChuiziErrorKind.RequestRejected, ChuiziErrorKind.SubmissionOutcomeUnknown]
                            : [ChuiziErrorKind.SubmissionOutcomeUnknown];
                        kinds.ShouldContain(exception.Kind);
                        exception.Message.ShouldAllBe(letter => !char.IsControl(letter) || letter == '\n' || letter == '\t');
                        (exception.RequestId ?? "").ShouldAllBe(letter => !char.IsControl(letter));
                    }

                    // Zero requests if the server had closed a pooled connection; that is an unknown outcome as well.
                    (server.Requests.Count - before).ShouldBeLessThanOrEqualTo(1);
                },
                400);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public async Task A_bad_poll_response_is_a_state_or_a_typed_error()
    {
        RawServer server = Serve(_ => _reply);
        int sample = 0;
        await HeadDamage
            .Of(Encoding.UTF8.GetBytes("""{"id":"vid-1","status":"processing"}"""))
            .TryAsync(
                async reply =>
                {
                    _reply = reply;
                    ChuiziClient client = Connect(server.Address, $"ck-{++sample:d32}", retries: 1);
                    try
                    {
                        VideoState state = await client.GetAsync("vid-1", CancellationToken.None).WaitAsync(Eventually.Patience);
                        (state.Id, state.Status).ShouldBe(("vid-1", VideoStatus.Processing));
                    }
                    catch (ChuiziException exception)
                    {
                        exception.Message.ShouldAllBe(letter => !char.IsControl(letter) || letter == '\n' || letter == '\t');
                    }
                },
                250);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public async Task A_bad_download_response_gives_the_complete_file_or_none()
    {
        Queue<RawReply> replies = new();
        RawServer server = Serve(_ => replies.Count > 0 ? replies.Dequeue() : RawReply.Of(200, s_file, "ETag: \"whole\""));
        await Gen.Select(HeadDamage.Of(s_file), HeadDamage.Of(s_file))
            .TryAsync(
                async sample =>
                {
                    File.Delete(Path);
                    replies.Clear();
                    replies.Enqueue(sample.Item1);
                    replies.Enqueue(sample.Item2);
                    try
                    {
                        ShouldHave(await SaveAsync(server.Address, retries: 2).WaitAsync(Eventually.Patience), s_file);
                    }
                    catch (ChuiziException)
                    {
                        // A partial file may be kept for the next attempt, but the final file must not exist.
                        File.Exists(Path).ShouldBeFalse();
                    }
                },
                250);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Ty")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")]
    public async Task A_server_that_stops_responding_causes_RequestTimeout(string beginning)
    {
        RawServer server = Serve(_ => new RawReply(Encoding.ASCII.GetBytes(beginning)));
        ManualClock clock = new();
        Task<VideoState> poll = Connect(server.Address, clock: clock, retries: 0).GetAsync("vid-1", CancellationToken.None);
        await Eventually.IsAsync(() => server.Requests.Count == 1);
        clock.Advance(TimeSpan.FromSeconds(60));
        (await Should.ThrowAsync<ChuiziException>(poll.WaitAsync(Eventually.Patience))).Kind.ShouldBe(ChuiziErrorKind.RequestTimeout);
    }

    [Fact]
    public async Task Endless_redirects_are_given_up()
    {
        RawServer? server = null;
        server = Serve(_ => RawReply.Of(302, [], $"Location: {server!.Address}?{Guid.NewGuid()}"));
        (await FailAsync(server.Address, retries: 0)).Kind.ShouldBe(ChuiziErrorKind.DownloadFailed);
        server.Requests.Count.ShouldBeLessThan(20);
    }
}
