using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Chuizi.Video.Sandbox.Http;

/// <summary>Accepts connections on a loopback port and serves each independently.</summary>
internal sealed class ConnectionListener : IDisposable
{
    private readonly TcpListener _listener;
    private readonly ConcurrentDictionary<HttpConnection, bool> _connections = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _accepting = Task.CompletedTask;
    private int _open;

    /// <summary>Opens the port; 0 for a free one.</summary>
    /// <exception cref="SocketException">The port is already in use.</exception>
    public ConnectionListener(int port)
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        if (OperatingSystem.IsWindows())
        {
            // On Windows, two programs could otherwise share the port.
            _listener.ExclusiveAddressUse = true;
        }

        _listener.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
    }

    public string Address { get; }

    public int OpenConnections => Volatile.Read(ref _open);

    public void Start(IRequestHandler handler, RequestPipeline pipeline) => _accepting = AcceptAsync(handler, pipeline);

    /// <summary>Closes the port and every connection, and waits briefly for the connections' tasks to end.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        HttpConnection[] connections = [.. _connections.Keys];
        foreach (HttpConnection connection in connections)
        {
            connection.Dispose();
        }

        // Only a callback, such as SandboxFault.Match, can still block a task, which then ends later.
        using var over = new CancellationTokenSource();
        await Task.WhenAny(
            Task.WhenAll(connections.Select(connection => connection.Completion)),
            Task.Delay(TimeSpan.FromSeconds(2), over.Token));
        await over.CancelAsync();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync(IRequestHandler handler, RequestPipeline pipeline)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Socket socket = await _listener.AcceptSocketAsync(_stopping.Token);
                socket.NoDelay = true;
                var connection = new HttpConnection(socket, handler, pipeline);
                Interlocked.Increment(ref _open);
                _connections[connection] = true;
                connection.Completion = ServeAsync(connection);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException) when (!_stopping.IsCancellationRequested)
            {
                // A temporary failure, such as too many open files.
                await Task.Delay(10, CancellationToken.None);
            }
            catch (SocketException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(HttpConnection connection)
    {
        // Returns immediately, so that the next connection can be accepted.
        await Task.Yield();
        try
        {
            await connection.RunAsync();
        }
        finally
        {
            Interlocked.Decrement(ref _open);
            _connections.TryRemove(connection, out _);
        }
    }
}
