using System.Globalization;
using System.Net;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Sandbox;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

public sealed class RequestHeaderTests : ClientTest
{
    [Fact]
    public async Task Every_attempt_has_the_key_the_user_agent_and_its_own_request_id()
    {
        SandboxServer server = Start();
        ChuiziClient client = Connect(server);
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 503, Times = 2 });
        await client.SubmitAsync(Request(), CancellationToken.None);
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 500, Times = 2 });
        await client.GetAccountAsync(CancellationToken.None);

        server.Requests.Count.ShouldBe(6);
        server.Requests.ShouldAllBe(request => request.Headers["Authorization"] == "Bearer " + server.ApiKey);
        server.Requests.ShouldAllBe(request => request.Headers["Accept"] == "application/json");
        server.Requests.ShouldAllBe(request => request.Headers["User-Agent"].StartsWith("Chuizi.Video/", StringComparison.Ordinal)
            && request.Headers["User-Agent"].Contains(".NET", StringComparison.Ordinal));
        server.Requests.Select(request => request.Headers["X-Request-Id"]).Distinct().Count().ShouldBe(6);
        server.Requests.ShouldAllBe(request => request.Headers["X-Request-Id"].Length == 32);
        server.Requests.ShouldAllBe(request => !request.Headers.ContainsKey("Cookie") && !request.Headers.ContainsKey("Expect"));
    }

    [Fact]
    public async Task The_request_id_of_the_server_takes_precedence()
    {
        RawServer server = Serve(_ => RawReply.Json("""{"id":"vid-1","status":"processing"}""", 200, "X-Request-Id: theirs-1", "Set-Cookie: a=b"));
        ChuiziClient client = Connect(server.Address);
        (await client.SubmitAsync(Request(), CancellationToken.None)).RequestId.ShouldBe("theirs-1");
        (await client.GetAsync("vid-1", CancellationToken.None)).RequestId.ShouldBe("theirs-1");
        server.Requests[1].Headers.ContainsKey("Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task An_overlong_server_request_id_is_ignored()
    {
        RawServer server = Serve(_ => RawReply.Json("""{"id":"vid-1"}""", 200, "X-Request-Id: " + new string('x', 201)));
        string id = (await Connect(server.Address).SubmitAsync(Request(), CancellationToken.None)).RequestId!;
        id.ShouldBe(server.Requests[0].Headers["X-Request-Id"]);
    }

    [Theory]
    [InlineData("vid-1", "/v1/videos/vid-1")]
    [InlineData("a b/c?d#e%f", "/v1/videos/a%20b%2Fc%3Fd%23e%25f")]
    [InlineData("../key/info", "/v1/videos/..%2Fkey%2Finfo")]
    [InlineData("视频", "/v1/videos/%E8%A7%86%E9%A2%91")]
    public async Task An_id_stays_one_segment_of_the_path(string id, string target)
    {
        RawServer server = Serve(_ => RawReply.Json("""{"status":"processing"}"""));
        await Connect(server.Address).GetAsync(id, CancellationToken.None);
        server.Requests[0].Target.ShouldBe(target);
    }

    [Fact]
    public async Task The_path_of_the_base_address_is_kept()
    {
        RawServer server = Serve(_ => RawReply.Json("""{"status":"processing"}"""));
        await Connect(new Uri(server.Address, "/gateway/v2/")).GetAsync("vid-1", CancellationToken.None);
        server.Requests[0].Target.ShouldBe("/gateway/v2/videos/vid-1");
    }

    [Fact]
    public async Task No_redirect_takes_a_request_or_the_key_to_another_origin()
    {
        RawServer elsewhere = Serve(_ => RawReply.Json("""{"id":"vid-1"}"""));
        foreach (int status in new[] { 301, 302, 303, 307, 308 })
        {
            RawServer server = Serve(_ => RawReply.Json("", status, $"Location: {elsewhere.Address}v1/videos/vid-1"));
            ChuiziClient client = Connect(server.Address, retries: 1);
            (await Should.ThrowAsync<ChuiziException>(() => client.GetAsync("vid-1", CancellationToken.None))).Kind.ShouldBe(
                ChuiziErrorKind.UnexpectedRedirect);
            (await Should.ThrowAsync<ChuiziException>(() => client.SubmitAsync(Request(), CancellationToken.None))).Kind.ShouldBe(
                ChuiziErrorKind.SubmissionOutcomeUnknown);
            server.Requests.Count.ShouldBe(2);
        }

        elsewhere.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Requests_work_over_IPv6_loopback()
    {
        Assert.SkipUnless(System.Net.Sockets.Socket.OSSupportsIPv6, "This machine does not support IPv6.");
        RawServer server = Own(new RawServer(_ => RawReply.Json("""{"id":"vid-1"}"""), IPAddress.IPv6Loopback));
        (await Connect(server.Address).SubmitAsync(Request(), CancellationToken.None)).Id.ShouldBe("vid-1");
    }

    [Fact]
    public async Task Each_attempt_is_traced_without_a_body_and_a_key()
    {
        List<RequestTrace> traces = [];
        SandboxServer server = Start();
        ChuiziClient client = Connect(server, trace: traces.Add);
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 503 });
        server.Faults.Add(new SandboxFault { Kind = FaultKind.DropAfterAcceptance });
        await Should.ThrowAsync<ChuiziException>(() => client.SubmitAsync(Request("secret prompt"), CancellationToken.None));

        traces.Select(trace => (trace.Method, trace.Path, trace.Attempt, trace.Status)).ShouldBe(
            [("POST", "/videos/generations", 1, (int?)503), ("POST", "/videos/generations", 2, null)]);
        traces.Select(trace => trace.RequestId).ShouldBe(server.Requests.Select(request => request.RequestId));
        traces[1].Failure.ShouldNotBeNullOrEmpty();
        foreach (RequestTrace trace in traces)
        {
            trace.ToString().ShouldNotContain("secret");
            trace.ToString().ShouldNotContain(server.ApiKey);
            trace.ToString().ShouldContain(trace.RequestId!);
        }
    }

    [Fact]
    public void A_trace_reads_the_same_in_every_culture()
    {
        using InCulture culture = new("de-DE");
        new RequestTrace("GET", "/models", 1, 200, TimeSpan.FromMilliseconds(1234.5), "req-1", null).ToString()
            .ShouldBe(string.Create(CultureInfo.InvariantCulture, $"GET /models: 200 in {1234.5:0} ms, attempt 1, request req-1"));
        new RequestTrace("GET", "/models", 2, null, TimeSpan.Zero, "req-1", "timed out")
            .ToString()
            .ShouldContain(": timed out in 0 ms, attempt 2");
    }
}
