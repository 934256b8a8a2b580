using System.Net;
using System.Net.Sockets;
using System.Text;
using Chuizi.Video.Sandbox.Http;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Sandbox;

public sealed class SocketReaderTests
{
    private const string Head = "GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n";

    // A packet may end anywhere, even within the empty line.
    [Fact]
    public async Task A_head_may_be_split_anywhere()
    {
        (Socket client, Socket server) = await ConnectAsync();
        using (client)
        using (server)
        {
            using var reader = new SocketReader(server);
            for (int split = 1; split < Head.Length; split++)
            {
                Task<HttpRequest?> reading = reader.ReadHeadAsync().AsTask();
                await client.SendAsync(Encoding.ASCII.GetBytes(Head[..split]));
                await Eventually.IsAsync(() => server.Available == 0);
                reading.IsCompleted.ShouldBeFalse();
                await client.SendAsync(Encoding.ASCII.GetBytes(Head[split..]));
                HttpRequest request = (await reading.WaitAsync(Eventually.Patience)).ShouldNotBeNull();
                request.Target.ShouldBe("/a?b=c");
                request.Path.ToString().ShouldBe("/a");
                request.Query.ToString().ShouldBe("b=c");
                reader.HasBuffered.ShouldBeFalse();
            }

            client.Shutdown(SocketShutdown.Send);
            (await reader.ReadHeadAsync()).ShouldBeNull();
        }
    }

    [Fact]
    public async Task Many_heads_in_one_packet_are_read_separately()
    {
        (Socket client, Socket server) = await ConnectAsync();
        using (client)
        using (server)
        {
            using var reader = new SocketReader(server);
            await client.SendAsync(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(Head, 500))));
            client.Shutdown(SocketShutdown.Send);
            int count = 0;
            while (await reader.ReadHeadAsync() is HttpRequest request)
            {
                request.Headers.ShouldBe([new("Host", "x")]);
                count++;
            }

            count.ShouldBe(500);
        }
    }

    private static async Task<(Socket Client, Socket Server)> ConnectAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(listener.LocalEndpoint);
        return (client, await listener.AcceptSocketAsync());
    }
}
