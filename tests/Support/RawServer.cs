using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Chuizi.Video.Tests.Support;

/// <summary>A loopback server for responses that the sandbox never sends: any bytes that a test needs.</summary>
public sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly Func<RawRequest, RawReply?> _answer;
    private readonly ConcurrentQueue<RawRequest> _requests = new();
    private readonly ConcurrentBag<TcpClient> _clients = [];
    private readonly Task _accepting;

    /// <summary>Starts the server.</summary>
    /// <param name="answer">Creates the response; null sends none.</param>
    /// <param name="address">The address to listen on; 127.0.0.1 by default.</param>
    public RawServer(Func<RawRequest, RawReply?> answer, IPAddress? address = null)
    {
        _answer = answer;
        _listener = new TcpListener(address ?? IPAddress.Loopback, 0);
        _listener.Start();
        Address = new Uri($"http://{_listener.LocalEndpoint}");
        _accepting = AcceptAsync();
    }

    /// <summary>The address of the server.</summary>
    public Uri Address { get; }

    /// <summary>The port of the server.</summary>
    public int Port => Address.Port;

    /// <summary>The requests so far.</summary>
    public IReadOnlyList<RawRequest> Requests => [.. _requests];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        foreach (TcpClient client in _clients)
        {
            client.Dispose();
        }

        await _accepting;
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync();
                _clients.Add(client);
                _ = ServeAsync(client);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test has stopped the server.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using BufferedStream stream = new(client.GetStream(), 64 * 1024);
            while (await ReadAsync(stream) is { } request)
            {
                _requests.Enqueue(request);
                if (_answer(request) is not { } reply)
                {
                    continue;
                }

                await stream.WriteAsync(reply.Bytes);
                await stream.FlushAsync();
                if (reply.Close)
                {
                    client.Close();
                    return;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            // The client has disconnected.
        }
    }

    private static async Task<RawRequest?> ReadAsync(BufferedStream stream)
    {
        StringBuilder head = new();
        byte[] one = new byte[1];
        while (head.Length < 4 || head.ToString(head.Length - 4, 4) != "\r\n\r\n")
        {
            if (await stream.ReadAsync(one) == 0)
            {
                return null;
            }

            head.Append((char)one[0]);
        }

        string[] lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        string[] start = lines[0].Split(' ');
        Dictionary<string, string> headers = lines[1..].Select(line => line.Split(": ", 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        byte[] body = new byte[
            headers.TryGetValue("Content-Length", out string? length) ? int.Parse(length, CultureInfo.InvariantCulture) : 0
        ];
        await stream.ReadExactlyAsync(body);
        return new RawRequest(start[0], start[1], headers, body);
    }
}
