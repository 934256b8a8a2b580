using System.Net.Sockets;
using System.Text;
using Chuizi.Video.Tests.Support;

namespace Chuizi.Video.Client.Tests.Sandbox;

/// <summary>A bare connection, for requests that no HTTP client sends.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public static async Task<RawClient> ConnectAsync(Uri address)
    {
        var client = new RawClient();
        await client._socket.ConnectAsync(address.Host, address.Port);
        return client;
    }

    public async Task SendAsync(string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        await _socket.SendAsync(bytes);
    }

    /// <summary>Ends the sending side.</summary>
    public void Finish() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Reads until the server closes the connection.</summary>
    public async Task<string> ReadToEndAsync() => await ReadAsync(_ => false);

    /// <summary>Reads until the text received satisfies <paramref name="isEnough"/> or the server closes.</summary>
    public async Task<string> ReadAsync(Func<string, bool> isEnough)
    {
        using var patience = new CancellationTokenSource(Eventually.Patience);
        var text = new StringBuilder();
        byte[] buffer = new byte[64 * 1024];
        while (!isEnough(text.ToString()))
        {
            int count = await _socket.ReceiveAsync(buffer, SocketFlags.None, patience.Token);
            if (count == 0)
            {
                break;
            }

            text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }

        return text.ToString();
    }

    /// <summary>Sends a request, and reads until the server closes the connection.</summary>
    public static async Task<string> AskAsync(Uri address, string text)
    {
        using RawClient client = await ConnectAsync(address);
        await client.SendAsync(text);
        return await client.ReadToEndAsync();
    }

    public void Dispose() => _socket.Dispose();
}
