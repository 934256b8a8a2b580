using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

public sealed class HttpPoolTests : ClientTest
{
    private static readonly Uri s_loopback = new("http://127.0.0.1:5000/v1");
    private static readonly Uri s_outside = new("https://api.chuizi.ai/v1");

    [Fact]
    public void Loopback_and_new_connections_have_pools_of_their_own()
    {
        HttpMessageInvoker[] pools =
        [
            HttpPool.For(s_loopback), HttpPool.For(s_loopback, isNewConnection: true),
            HttpPool.For(s_outside), HttpPool.For(s_outside, isNewConnection: true),
        ];
        pools.Distinct().Count().ShouldBe(pools.Length);
    }

    [Theory]
    [InlineData("http://127.0.0.1:5000/v1", "http://localhost:6000/a.mp4")]
    [InlineData("http://127.0.0.1:5000/v1", "http://[::1]/a.mp4")]
    [InlineData("https://api.chuizi.ai/v1", "https://media.chuizi.ai/a.mp4")]
    public void All_hosts_of_a_kind_share_a_pool(string one, string other)
    {
        HttpPool.For(new Uri(one)).ShouldBeSameAs(HttpPool.For(new Uri(other), isNewConnection: false));
        HttpPool.For(new Uri(one), isNewConnection: true).ShouldBeSameAs(HttpPool.For(new Uri(other), isNewConnection: true));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_to_loopback_bypasses_the_proxy(bool isNewConnection)
    {
        RawServer server = Serve(_ => RawReply.Json("{}"));
        RawServer proxy = Serve(_ => RawReply.Json("{}"));
        SystemProxy.Route(server.Address, proxy.Address);
        await GetAsync(new Uri(server.Address, "/a"), isNewConnection);
        server.Requests.Select(request => request.Target).ShouldBe(["/a"]);
        proxy.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("http://polled.invalid/a", false)]
    [InlineData("http://submitted.invalid/a", true)]
    public async Task A_request_to_another_machine_uses_the_proxy(string address, bool isNewConnection)
    {
        RawServer proxy = Serve(_ => RawReply.Json("{}"));
        SystemProxy.Route(new Uri(address), proxy.Address);
        await GetAsync(new Uri(address), isNewConnection);
        proxy.Requests.Select(request => request.Target).ShouldBe([address]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cookie_is_not_sent_back(bool isNewConnection)
    {
        RawServer server = Serve(_ => RawReply.Json("{}", 200, "Set-Cookie: a=b; Path=/"));
        await GetAsync(server.Address, isNewConnection);
        await GetAsync(server.Address, isNewConnection);
        server.Requests.Count.ShouldBe(2);
        server.Requests.ShouldAllBe(request => !request.Headers.ContainsKey("Cookie"));
    }

    [Trait("Speed", "Medium")]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_redirect_is_not_followed(bool isNewConnection)
    {
        RawServer server = Serve(_ => RawReply.Json("{}", 302, "Location: /b"));
        (await GetAsync(new Uri(server.Address, "/a"), isNewConnection)).ShouldBe(302);
        server.Requests.Select(request => request.Target).ShouldBe(["/a"]);
    }

    [Fact]
    public void The_user_agent_states_the_product_the_runtime_and_the_system()
    {
        HttpPool.UserAgent.ShouldMatch(@"^Chuizi\.Video/\d+\.\d+\.\d+ \(\.NET \d+\.\d+\.\d+; (Windows|macOS|Linux)\)$");
        HttpPool.UserAgent.Contains("Windows", StringComparison.Ordinal).ShouldBe(OperatingSystem.IsWindows());
        HttpPool.UserAgent.Contains("macOS", StringComparison.Ordinal).ShouldBe(OperatingSystem.IsMacOS());
    }

    private static async Task<int> GetAsync(Uri address, bool isNewConnection)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, address);
        using HttpResponseMessage response = await HttpPool.For(address, isNewConnection)
            .SendAsync(request, TestContext.Current.CancellationToken);
        return (int)response.StatusCode;
    }
}
