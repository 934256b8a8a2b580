using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Chuizi.Video.Sandbox;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Sandbox;

public sealed partial class HttpServerTests : SandboxTest
{
    private static readonly string s_key = "Authorization: Bearer " + SandboxServer.DefaultApiKey + "\r\n";

    [Fact]
    public async Task Pipelined_requests_are_answered_in_order()
    {
        SandboxClient client = Start();
        string post = Post($"Content-Length: {SandboxClient.Body.Length}\r\n", SandboxClient.Body);
        string get = $"GET /v1/none HTTP/1.1\r\nHost: x\r\n{s_key}\r\n";
        string last = $"GET /v1/key/info HTTP/1.1\r\nHost: x\r\n{s_key}Connection: close\r\n\r\n";
        string answers = await RawClient.AskAsync(client.Server.BaseAddress, post + "\r\n" + get + post + last);
        Statuses(answers).ShouldBe([200, 404, 200, 200]);
        client.Server.Jobs.Count.ShouldBe(2);
        client.Server.Requests.Select(request => request.Number).ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public async Task A_request_may_arrive_byte_by_byte()
    {
        SandboxClient client = Start();
        using RawClient raw = await RawClient.ConnectAsync(client.Server.BaseAddress);
        foreach (char letter in Post($"Content-Length: {SandboxClient.Body.Length}\r\nConnection: close\r\n", SandboxClient.Body))
        {
            await raw.SendAsync(letter.ToString());
        }

        Statuses(await raw.ReadToEndAsync()).ShouldBe([200]);
        client.Server.Jobs.Single().Body.ShouldBe(SandboxClient.Body);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Chunked_bodies_are_reassembled(int size)
    {
        SandboxClient client = Start();
        var chunks = new StringBuilder();
        foreach (char[] chunk in SandboxClient.Body.Chunk(size))
        {
            chunks.Append(CultureInfo.InvariantCulture, $"{chunk.Length:x};ext=1\r\n").Append(chunk).Append("\r\n");
        }

        chunks.Append("0\r\nTrailer: ignored\r\n\r\n");
        string answer = await RawClient.AskAsync(
            client.Server.BaseAddress,
            Post("Transfer-Encoding: chunked\r\nConnection: close\r\n", chunks.ToString()));
        Statuses(answer).ShouldBe([200]);
        client.Server.Requests.Single().Body.ShouldBe(SandboxClient.Body);
    }

    [Fact]
    public async Task Expect_100_continue_is_answered()
    {
        SandboxClient client = Start();
        using RawClient raw = await RawClient.ConnectAsync(client.Server.BaseAddress);
        await raw.SendAsync(Post($"Content-Length: {SandboxClient.Body.Length}\r\nExpect: 100-continue\r\nConnection: close\r\n", ""));
        (await raw.ReadAsync(text => text.EndsWith("\r\n\r\n", StringComparison.Ordinal))).ShouldBe("HTTP/1.1 100 Continue\r\n\r\n");
        await raw.SendAsync(SandboxClient.Body);
        Statuses(await raw.ReadToEndAsync()).ShouldBe([200]);
    }

    [Theory]
    [InlineData("GET /v1/models HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET /v1/models\r\n\r\n", 400)]
    [InlineData("GET  HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("G@T /v1/models HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("GET v1/models HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("GET /v1/mod\u00E9ls HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("GET /v1/models HTTP/2.0\r\nHost: x\r\n\r\n", 505)]
    [InlineData("GET /v1/models HTTP/1.1\r\nHost : x\r\n\r\n", 400)]
    [InlineData("GET /v1/models HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400)]
    [InlineData("GET /v1/models HTTP/1.1\r\nHost: x\r\nhost: x\r\n\r\n", 400)]
    [InlineData("GET /v1/models HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n", 400)]
    [InlineData("GET /v1/models HTTP/1.1\r\nHost: x\r\nA: b\nInjected: c\r\n\r\n", 400)]
    [InlineData("POST /v1/videos/generations HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400)]
    [InlineData("POST /v1/videos/generations HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n", 400)]
    [InlineData("POST /v1/videos/generations HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n", 400)]
    [InlineData("POST /v1/videos/generations HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501)]
    [InlineData("POST /v1/videos/generations HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400)]
    [InlineData("POST /v1/videos/generations HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n", 400)]
    [InlineData("POST /v1/videos/generations HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n", 400)]
    [InlineData("POST /v1/videos/generations HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n20000000\r\n", 413)]
    [InlineData(
        "POST /v1/videos/generations HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n7FFFFFFFFFFFFFFF\r\n\r\n0\r\n\r\n",
        413)]
    [InlineData("POST /v1/videos/generations HTTP/1.1\r\nHost: x\r\nContent-Length: 314572801\r\n\r\n", 413)]
    [InlineData("POST /v1/videos/generations HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n", 413)]
    public async Task An_invalid_request_is_rejected_and_the_connection_closed(string text, int status)
    {
        SandboxClient client = Start();
        using RawClient raw = await RawClient.ConnectAsync(client.Server.BaseAddress);
        await raw.SendAsync(text);
        raw.Finish();
        string answer = await raw.ReadToEndAsync();
        Statuses(answer).ShouldBe([status]);
        answer.ShouldContain("Connection: close");
        answer.ShouldContain("{\"error\":{\"message\":");
        client.Server.Jobs.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(60_000, 200)]
    [InlineData(66_000, 431)]
    public async Task Headers_have_a_limit(int length, int status)
    {
        SandboxClient client = Start();
        using RawClient raw = await RawClient.ConnectAsync(client.Server.BaseAddress);
        await raw.SendAsync($"GET /v1/models HTTP/1.1\r\nHost: x\r\n{s_key}Connection: close\r\nLong: {new string('a', length)}\r\n\r\n");
        raw.Finish();
        Statuses(await raw.ReadToEndAsync()).ShouldBe([status]);
    }

    [Fact]
    public async Task A_body_that_ends_early_creates_no_job()
    {
        SandboxClient client = Start();
        using RawClient raw = await RawClient.ConnectAsync(client.Server.BaseAddress);
        await raw.SendAsync(Post($"Content-Length: {SandboxClient.Body.Length + 1}\r\n", SandboxClient.Body));
        raw.Finish();
        Statuses(await raw.ReadToEndAsync()).ShouldBe([400]);
        client.Server.Jobs.ShouldBeEmpty();
        client.Server.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("HTTP/1.0\r\n", true)]
    [InlineData("HTTP/1.0\r\nConnection: keep-alive\r\n", false)]
    [InlineData("HTTP/1.1\r\nHost: x\r\nConnection: Close, x\r\n", true)]
    [InlineData("HTTP/1.1\r\nHost: x\r\n", false)]
    public async Task Connections_stay_open_according_to_the_HTTP_version(string rest, bool closes)
    {
        SandboxClient client = Start();
        using RawClient raw = await RawClient.ConnectAsync(client.Server.BaseAddress);
        await raw.SendAsync($"GET /v1/key/info {rest}{s_key}\r\n");
        string first = await raw.ReadAsync(text => text.EndsWith('}'));
        first.Contains("Connection: close", StringComparison.Ordinal).ShouldBe(closes);
        if (!closes)
        {
            await raw.SendAsync($"GET /v1/none HTTP/1.1\r\nHost: x\r\n{s_key}Connection: close\r\n\r\n");
        }

        Statuses(await raw.ReadToEndAsync()).ShouldBe(closes ? [] : [404]);
    }

    [Theory]
    [InlineData("attacker.example:8080", 403)]
    [InlineData("127.0.0.1.attacker.example", 403)]
    [InlineData("127.0.0.1:8080", 200)]
    [InlineData("localhost:8080", 200)]
    [InlineData("[::1]:8080", 200)]
    [InlineData("api.localhost", 200)]
    public async Task A_page_whose_host_name_resolves_to_loopback_cannot_use_it(string host, int status)
    {
        SandboxClient client = Start();
        string answer = await RawClient.AskAsync(
            client.Server.BaseAddress,
            $"GET /v1/key/info HTTP/1.1\r\nHost: {host}\r\n{s_key}Connection: close\r\n\r\n");
        Statuses(answer).ShouldBe([status]);
        client.Server.Requests.Count.ShouldBe(status == 200 ? 1 : 0);
    }

    [Fact]
    public async Task The_target_may_be_an_absolute_URL()
    {
        SandboxClient client = Start();
        string answer = await RawClient.AskAsync(
            client.Server.BaseAddress,
            $"GET http://example.com/v1/key/info?a=b HTTP/1.1\r\nHost: x\r\n{s_key}Connection: close\r\n\r\n");
        Statuses(answer).ShouldBe([200]);
        client.Server.Requests.Single().Path.ShouldBe("/v1/key/info?a=b");
    }

    [Theory]
    [InlineData("GET", "/nowhere", HttpStatusCode.NotFound, "not_found")]
    [InlineData("GET", "/videos/a/b", HttpStatusCode.NotFound, "not_found")]
    [InlineData("GET", "/videos/generations", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    [InlineData("DELETE", "/videos/a", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    [InlineData("POST", "/models", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    public async Task Other_paths_and_methods_are_rejected_with_the_error_envelope(
        string method,
        string path,
        HttpStatusCode status,
        string code)
    {
        SandboxClient client = Start();
        using HttpResponseMessage response = await client.SendAsync(new HttpMethod(method), path);
        (await SandboxClient.ErrorAsync(response, status)).Code.ShouldBe(code);
        response.Content.Headers.Allow.Count.ShouldBe(status == HttpStatusCode.MethodNotAllowed ? 1 : 0);
    }

    [Fact]
    public async Task No_value_can_inject_a_header()
    {
        SandboxClient client = Start();
        client.Server.Faults.Add(
            new SandboxFault { Kind = FaultKind.RedirectHttp, Location = new Uri("/a\r\nInjected: b", UriKind.Relative) });
        using RawClient raw = await RawClient.ConnectAsync(client.Server.BaseAddress);
        await raw.SendAsync($"GET /v1/models HTTP/1.1\r\nHost: x\r\n{s_key}X-Request-Id: a\tb\r\nConnection: close\r\n\r\n");
        string answer = await raw.ReadToEndAsync();
        answer.Split("\r\n").ShouldAllBe(line => !line.StartsWith("Injected", StringComparison.OrdinalIgnoreCase));
        answer.ShouldContain("\r\nLocation: /a__Injected: b\r\n");
        answer.ShouldNotContain("a\tb");
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public async Task A_body_of_30_MB_is_accepted()
    {
        SandboxClient client = Start();
        string image = Convert.ToBase64String(new byte[22_500_000]);
        string body = $$"""{"model":"bailian/wan2.6-i2v","prompt":"x","image":"data:image/png;base64,{{image}}"}""";
        await client.MakeAsync(body);
        client.Server.Requests.Single().BodyLength.ShouldBe(body.Length);
        client.Server.Jobs.Single().Body.Length.ShouldBeLessThan(1000);
    }

    private static string Post(string headers, string body) =>
        $"POST /v1/videos/generations HTTP/1.1\r\nHost: x\r\n{s_key}{headers}\r\n{body}";

    private static int[] Statuses(string answers) =>
        [.. StatusLine().Matches(answers).Select(match => int.Parse(match.Groups["status"].Value, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"HTTP/1\.1 (?<status>\d{3}) ", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex StatusLine();
}
