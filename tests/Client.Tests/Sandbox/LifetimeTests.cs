using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Chuizi.Video.Sandbox;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Sandbox;

public sealed class LifetimeTests : SandboxTest
{
    [Fact]
    public void Both_origins_are_loopback_and_differ()
    {
        using SandboxServer server = SandboxServer.Start();
        server.BaseAddress.AbsoluteUri.ShouldBe($"http://127.0.0.1:{server.BaseAddress.Port}/v1");
        server.MediaAddress.Host.ShouldBe("127.0.0.1");
        server.MediaAddress.Port.ShouldNotBe(server.BaseAddress.Port);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dispose_closes_ports_and_connections_and_keeps_recorded_requests(bool asynchronous)
    {
        SandboxClient client = Start();
        using RawClient idle = await RawClient.ConnectAsync(client.Server.BaseAddress);
        using RawClient half = await RawClient.ConnectAsync(client.Server.BaseAddress);
        await half.SendAsync("GET /v1/models HT");
        using RawClient stalled = await RawClient.ConnectAsync(client.Server.BaseAddress);
        await stalled.SendAsync("GET /v1/models HTTP/1.1\r\nHost: x\r\nX-Sandbox-Fault: stalled; delay=100\r\n\r\n");
        using RawClient slow = await RawClient.ConnectAsync(client.Server.MediaAddress);
        await slow.SendAsync("GET /videos/a.mp4 HTTP/1.1\r\nHost: x\r\nX-Sandbox-Fault: slow; delay=100\r\n\r\n");
        await Clock.WaitForTimersAsync(2);
        client.Server.OpenConnections.ShouldBe(4);
        client.Server.ActiveRequests.ShouldBe(2);

        if (asynchronous)
        {
            await client.Server.DisposeAsync();
        }

        client.Server.Dispose();
        client.Server.Dispose();
        client.Server.OpenConnections.ShouldBe(0);
        client.Server.ActiveRequests.ShouldBe(0);
        client.Server.Requests.Count.ShouldBe(2);
        SocketException refused = await Should.ThrowAsync<SocketException>(() => RawClient.ConnectAsync(client.Server.BaseAddress));
        refused.SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);
    }

    [Fact]
    public async Task A_port_can_be_reused_at_once()
    {
        SandboxClient first = Start();
        await first.MakeAsync();
        int port = first.Server.BaseAddress.Port;
        int mediaPort = first.Server.MediaAddress.Port;
        await first.Server.DisposeAsync();
        SandboxClient second = Start(new SandboxOptions { Port = port, MediaPort = mediaPort });
        second.Server.BaseAddress.Port.ShouldBe(port);
        second.Server.MediaAddress.Port.ShouldBe(mediaPort);
        await second.MakeAsync();
    }

    [Fact]
    public void A_port_in_use_is_an_error_and_leaves_no_open_ports()
    {
        using SandboxServer server = SandboxServer.Start();
        int taken = server.MediaAddress.Port;
        Should.Throw<SocketException>(() => SandboxServer.Start(new SandboxOptions { Port = taken }));
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        int port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        Should.Throw<SocketException>(() => SandboxServer.Start(new SandboxOptions { Port = port, MediaPort = taken }));
        using SandboxServer again = SandboxServer.Start(new SandboxOptions { Port = port });
        again.BaseAddress.Port.ShouldBe(port);
    }

    // Clients disconnect at every possible moment, and the server is disposed while one is connected.
    [Fact]
    public async Task A_client_that_disconnects_is_not_an_error()
    {
        var unobserved = new ConcurrentQueue<string>();
        TaskScheduler.UnobservedTaskException += Note;
        try
        {
            SandboxClient client = Start(new SandboxOptions { VideoPadding = 1L << 30, GenerationTime = TimeSpan.Zero });
            string id = await client.MakeAsync();
            string post =
                "POST /v1/videos/generations HTTP/1.1\r\nHost: x\r\nContent-Length: "
                    + $"{SandboxClient.Body.Length}\r\n\r\n{SandboxClient.Body}";
            for (int length = 0; length <= post.Length; length += 10)
            {
                using RawClient raw = await RawClient.ConnectAsync(client.Server.BaseAddress);
                await raw.SendAsync(post[..length]);
            }

            for (int index = 0; index < 5; index++)
            {
                using RawClient raw = await RawClient.ConnectAsync(client.Server.MediaAddress);
                await raw.SendAsync($"GET /videos/{id}.mp4 HTTP/1.1\r\nHost: x\r\n\r\n");
                (await raw.ReadAsync(text => text.Length > 0)).ShouldStartWith("HTTP/1.1 200 OK");
            }

            await Eventually.IsAsync(() => client.Server.OpenConnections <= 1 && client.Server.ActiveRequests == 0);
            await client.MakeAsync();
            await client.Server.DisposeAsync();
            GC.Collect();
            GC.WaitForPendingFinalizers();
            unobserved.ShouldBeEmpty();
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Note;
        }

        void Note(object? sender, UnobservedTaskExceptionEventArgs arguments)
        {
            string text = arguments.Exception.ToString();
            if (text.Contains("Chuizi.Video.Sandbox.", StringComparison.Ordinal))
            {
                unobserved.Enqueue(text);
            }
        }
    }

    [Fact]
    public async Task A_slow_reader_does_not_block_others()
    {
        SandboxClient client = Start(new SandboxOptions { VideoPadding = 1L << 30, GenerationTime = TimeSpan.Zero });
        string id = await client.MakeAsync();
        using RawClient slow = await RawClient.ConnectAsync(client.Server.MediaAddress);
        await slow.SendAsync($"GET /videos/{id}.mp4 HTTP/1.1\r\nHost: x\r\n\r\n");
        await Eventually.IsAsync(() => client.Server.Requests[^1].BytesSent > 0);
        using HttpResponseMessage part = await client.GetAsync($"/videos/{id}.mp4", null, ("Range", "bytes=0-9"));
        part.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        client.Server.Requests[^2].BytesSent.ShouldBeLessThan(1L << 30);
    }

    public static TheoryData<string, SandboxOptions> BadOptions => new()
    {
        { "ApiKey", new SandboxOptions { ApiKey = "" } },
        { "Port", new SandboxOptions { Port = 70_000 } },
        { "MediaPort", new SandboxOptions { MediaPort = -1 } },
        { "GenerationTime", new SandboxOptions { GenerationTime = TimeSpan.FromSeconds(-1) } },
        { "GenerationTimeMaximum", new SandboxOptions { GenerationTimeMaximum = TimeSpan.Zero } },
        { "RequestsPerMinute", new SandboxOptions { RequestsPerMinute = 0 } },
        { "Latency", new SandboxOptions { Latency = TimeSpan.FromSeconds(-1) } },
        { "MediaLatency", new SandboxOptions { MediaLatency = TimeSpan.FromSeconds(-1) } },
        { "VideoPadding", new SandboxOptions { VideoPadding = 7 } },
        { "MaximumRecordedRequests", new SandboxOptions { MaximumRecordedRequests = 0 } },
        { "Clock", new SandboxOptions { Clock = null! } },
    };

    [Theory]
    [MemberData(nameof(BadOptions), DisableDiscoveryEnumeration = true)]
    public void Options_out_of_range_are_rejected(string name, SandboxOptions options) =>
        Should.Throw<ArgumentException>(() => SandboxServer.Start(options)).Message.ShouldStartWith(name + " is out of range.");
}
