using System.Net.Sockets;

namespace Chuizi.Video.Sandbox.Http;

/// <summary>Writes responses to a socket, small ones with a single send, and records what was sent.</summary>
internal sealed class ReplySender(Socket socket, RequestPipeline pipeline)
{
    private const int Small = 16 * 1024;
    private const int Piece = 256 * 1024;

    private readonly HeadWriter _head = new();

    /// <summary>Sends a response; false if the connection must be closed after it.</summary>
    public async ValueTask<bool> SendAsync(HttpRequest request, HttpReply reply, RecordedRequest recorded, ActiveRequest active)
    {
        long length = request.Method == "HEAD" || reply.Status is 204 or 304 ? 0 : reply.Body.Length;
        long end = Math.Min(reply.StopAt ?? length, length);
        bool stalls = reply is { Stalls: true, StopAt: not null };
        recorded.Answered(reply.Status);
        _head.Write(reply, recorded.RequestId, pipeline.Now, request.KeepAlive);
        long sent = 0;
        if (end <= Small)
        {
            while (sent < end)
            {
                ReadOnlyMemory<byte> piece = Next();
                _head.Append(piece.Span);
                sent += Count(piece);
            }
        }

        if (sent == end && !stalls)
        {
            active.End();
        }

        await SendAllAsync(_head.Written);
        while (sent < end)
        {
            ReadOnlyMemory<byte> piece = Next();
            sent += Count(piece);
            if (sent == end && !stalls)
            {
                active.End();
            }

            await SendAllAsync(piece);
        }

        if (stalls)
        {
            await StallAsync(reply.StallTime);
        }

        if (request.KeepAlive && reply.StopAt is null)
        {
            return true;
        }

        // A graceful shutdown, so that the client receives everything that was sent.
        socket.Shutdown(SocketShutdown.Send);
        return false;

        ReadOnlyMemory<byte> Next() => reply.Body.Slice(sent, (int)Math.Min(Piece, end - sent));

        int Count(ReadOnlyMemory<byte> piece)
        {
            recorded.Sending(piece.Length);
            return piece.Length;
        }
    }

    /// <summary>Responds to an invalid request, and shuts down the sending side.</summary>
    public async Task SendFinalAsync(HttpReply reply, string requestId)
    {
        _head.Write(reply, requestId, pipeline.Now, keepAlive: false);
        _head.Append(reply.Body.Slice(0, int.MaxValue).Span);
        await SendAllAsync(_head.Written);
        socket.Shutdown(SocketShutdown.Send);
    }

    private async ValueTask SendAllAsync(ReadOnlyMemory<byte> data)
    {
        while (!data.IsEmpty)
        {
            data = data[await socket.SendAsync(data, SocketFlags.None)..];
        }
    }

    private async Task StallAsync(TimeSpan time)
    {
        Task left = LeftAsync();
        if (time <= TimeSpan.Zero)
        {
            await left;
            return;
        }

        using var over = new CancellationTokenSource();
        await Task.WhenAny(left, pipeline.DelayAsync(time, over.Token));
        await over.CancelAsync();
    }

    private async Task LeftAsync()
    {
        byte[] discarded = new byte[1024];
        try
        {
            while (await socket.ReceiveAsync(discarded, SocketFlags.None) > 0)
            {
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The client has disconnected.
        }
    }
}
