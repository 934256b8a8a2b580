using System.Net;
using System.Net.Sockets;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Sandbox;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

/// <summary>If nothing was sent, no outcome is unknown: these submissions are retried, and then reported as not sent.</summary>
public sealed class SubmitUnreachableTests : ClientTest
{
    [Fact]
    public async Task A_closed_port_is_reported_as_unreachable()
    {
        int port;
        using (TcpListener listener = new(IPAddress.Loopback, 0))
        {
            listener.Start();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        await ShouldBeUnreachableAsync($"http://127.0.0.1:{port}");
    }

    [Fact]
    public Task A_host_name_that_does_not_resolve_is_reported_as_unreachable() => ShouldBeUnreachableAsync("https://api.chuizi.invalid");

    [Fact]
    public async Task A_server_without_TLS_is_unreachable_and_no_outcome_is_unknown()
    {
        // The listener answers the TLS handshake in plain HTTP, as a web server does.
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task answering = AnswerAsync(listener);
        await ShouldBeUnreachableAsync($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        listener.Stop();
        await answering;
    }

    [Fact]
    public async Task A_submission_is_sent_once_the_server_becomes_reachable()
    {
        // The port is free at first; the sandbox opens it during the first delay.
        int port;
        using (TcpListener listener = new(IPAddress.Loopback, 0))
        {
            listener.Start();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        ManualClock clock = new();
        Task<VideoState> submission = Connect(new Uri($"http://127.0.0.1:{port}"), clock: clock)
            .SubmitAsync(Request(), CancellationToken.None);
        await Eventually.IsAsync(() => clock.NextDue - clock.GetUtcNow() < TimeSpan.FromSeconds(1));
        SandboxServer server = Start(new() { Port = port });
        clock.Advance(TimeSpan.FromSeconds(1));
        (await submission).Id.ShouldBe(server.Jobs.Single().Id);
    }

    private async Task ShouldBeUnreachableAsync(string address)
    {
        List<RequestTrace> traces = [];
        ChuiziClient client = Connect(new Uri(address), retries: 2, trace: traces.Add);
        ChuiziException exception = await Should.ThrowAsync<ChuiziException>(() => client.SubmitAsync(Request(), CancellationToken.None));
        exception.Kind.ShouldBe(ChuiziErrorKind.Unreachable);
        exception.Message.ShouldContain(new Uri(address).Host);
        exception.RequestId.ShouldNotBeNullOrEmpty();
        exception.EndsTheRun.ShouldBeFalse();
        exception.IsTransient.ShouldBeTrue();
        traces.Count.ShouldBe(3);
        traces.ShouldAllBe(trace => trace.Status == null && trace.Failure != null);
        Leaping.Leaps.Count.ShouldBe(2);
    }

    private static async Task AnswerAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                using TcpClient client = await listener.AcceptTcpClientAsync();
                await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
            }
        }
        catch (Exception exception)
            when (exception is SocketException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            // The test has stopped the listener.
        }
    }
}
