using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Sandbox;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Saving;

public sealed class DownloadRedirectTests : DownloadTest
{
    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_to_another_origin_is_followed_without_the_key(int status)
    {
        (SandboxServer server, Uri address) = await MakeAsync();
        byte[] expected = await ReferenceAsync(address);
        server.Faults.Add(new SandboxFault { Kind = FaultKind.RedirectOtherOrigin, Status = status, Route = SandboxRoute.Media });
        ShouldHave(await SaveAsync(address), expected);
        RecordedRequest[] requests = MediaRequests(server)[1..];
        requests.Select(request => request.Status).ShouldBe([status, 200]);
        requests[1].Headers["Host"].ShouldStartWith("localhost");
        requests.ShouldAllBe(request => !request.Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task A_resumed_transfer_keeps_its_range_across_a_redirect()
    {
        (SandboxServer server, Uri address) = await MakeAsync(600_000);
        byte[] expected = await ReferenceAsync(address);
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Truncated, Route = SandboxRoute.Media, At = 1000 });
        server.Faults.Add(new SandboxFault { Kind = FaultKind.RedirectOtherOrigin, Route = SandboxRoute.Media });
        ShouldHave(await SaveAsync(address), expected);
        MediaRequests(server)[^1].Headers["Range"].ShouldBe("bytes=1000-");
        MediaRequests(server)[^1].Status.ShouldBe(206);
    }

    [Fact]
    public async Task A_relative_redirect_is_followed()
    {
        byte[] file = Mp4.Make();
        RawServer server = Serve(request =>
            request.Target == "/a/old.mp4" ? RawReply.Of(302, [], "Location: ../b/new.mp4?x=1") : RawReply.Of(200, file));
        ShouldHave(await SaveAsync(new Uri(server.Address, "/a/old.mp4")), file);
        server.Requests[1].Target.ShouldBe("/b/new.mp4?x=1");
    }

    [Fact]
    public async Task A_redirect_to_plain_http_except_on_loopback_is_refused()
    {
        (SandboxServer server, Uri address) = await MakeAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.RedirectHttp, Route = SandboxRoute.Media, Times = int.MaxValue });
        ChuiziException exception = await FailAsync(address);
        exception.Kind.ShouldBe(ChuiziErrorKind.UnsafeAddress);
        MediaRequests(server).Length.ShouldBe(1);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1/a.mp4")]
    public async Task A_redirect_to_another_scheme_is_refused(string location)
    {
        RawServer server = Serve(_ => RawReply.Of(302, [], $"Location: {location}"));
        (await FailAsync(server.Address)).Kind.ShouldBe(ChuiziErrorKind.UnsafeAddress);
    }

    [Fact]
    public async Task A_redirect_loop_is_stopped()
    {
        (SandboxServer server, Uri address) = await MakeAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.RedirectLoop, Route = SandboxRoute.Media, Times = int.MaxValue });
        ChuiziException exception = await FailAsync(address);
        exception.Kind.ShouldBe(ChuiziErrorKind.DownloadFailed);
        exception.Message.ShouldContain("redirects more than 5 times");
        MediaRequests(server).Length.ShouldBe(6);
    }

    [Theory]
    [InlineData("X-No: location")]
    [InlineData("Location: http://[")]
    [InlineData("Location: //:80/a")]
    [InlineData("Location: //[/a")]
    [InlineData("Location: //a b/")]
    [InlineData("Location: http:///")]
    [InlineData("Location: //a:99999/")]
    [InlineData("Location: //%/")]
    public async Task A_redirect_without_a_valid_location_fails(string header)
    {
        RawServer server = Serve(_ => RawReply.Of(302, [], header));
        (await FailAsync(server.Address)).Kind.ShouldBe(ChuiziErrorKind.DownloadFailed);
    }

    [Theory]
    [InlineData("http://media.chuizi.ai/a.mp4")]
    [InlineData("ftp://media.chuizi.ai/a.mp4")]
    [InlineData("file:///etc/passwd")]
    public async Task An_address_that_is_not_safe_is_not_fetched(string address) =>
        (await FailAsync(new Uri(address))).Kind.ShouldBe(ChuiziErrorKind.UnsafeAddress);
}
