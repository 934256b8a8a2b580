using System.Net.Sockets;

namespace Chuizi.Video.Sandbox.Http;

/// <summary>The connection of one client. Its requests are answered one after another, in order.</summary>
internal sealed class HttpConnection(Socket socket, IRequestHandler handler, RequestPipeline pipeline) : IDisposable
{
    private static readonly byte[] s_continue = "HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray();

    private readonly ReplySender _sender = new(socket, pipeline);

    /// <summary>Completes when the connection ends.</summary>
    public Task Completion { get; set; } = Task.CompletedTask;

    /// <summary>Serves requests until the client or the server disconnects. Neither is an error.</summary>
    public async Task RunAsync()
    {
        using var reader = new SocketReader(socket);
        try
        {
            while (await ServeAsync(reader))
            {
            }
        }
        catch (HttpRejectedException rejected)
        {
            await RefuseAsync(rejected);
        }
        catch (Exception exception) when (IsEnd(exception))
        {
        }
        finally
        {
            socket.Dispose();
        }
    }

    /// <summary>Closes the connection, whatever it is doing.</summary>
    public void Dispose() => socket.Dispose();

    private static bool IsEnd(Exception exception) =>
        exception is SocketException or ObjectDisposedException or OperationCanceledException;

    private async ValueTask<bool> ServeAsync(SocketReader reader)
    {
        if (await reader.ReadHeadAsync() is not HttpRequest request)
        {
            return false;
        }

        pipeline.Begin();
        var active = new ActiveRequest(pipeline);
        RequestContext? context = null;
        try
        {
            (context, HttpReply reply) = await ReadAndProcessAsync(reader, request);
            if (handler.Latency + reply.Delay is var delay && delay > TimeSpan.Zero)
            {
                await pipeline.DelayAsync(delay);
            }

            if (reply.IsDropped)
            {
                active.End();
                Reset();
                return false;
            }

            return await _sender.SendAsync(request, reply, context.Recorded, active);
        }
        finally
        {
            active.End();
            if (context is not null)
            {
                pipeline.Report(context.Recorded);
            }
        }
    }

    // Releases the body before any delay and before the response is sent.
    private async ValueTask<(RequestContext Context, HttpReply Reply)> ReadAndProcessAsync(SocketReader reader, HttpRequest request)
    {
        using var body = new BodyReader();
        if (request.IsChunked || request.ContentLength > 0)
        {
            if (request.ExpectsContinue && !reader.HasBuffered)
            {
                await socket.SendAsync(s_continue, SocketFlags.None);
            }

            await body.ReadAsync(reader, request);
            request.Body = body.Memory;
        }

        RequestContext context = pipeline.Receive(request, handler);
        HttpReply reply = pipeline.Process(context, handler);
        request.Body = default;
        return (context, reply);
    }

    // With linger 0, closing the socket sends a reset.
    private void Reset()
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Close();
    }

    // Closing a socket with unread bytes would reset the connection, and the client would lose the response.
    private async Task RefuseAsync(HttpRejectedException rejected)
    {
        try
        {
            await _sender.SendFinalAsync(handler.Error(rejected.Status, message: rejected.Message), SandboxIds.Make("req-", 8));
            using var timeout = new CancellationTokenSource(HttpLimits.DrainTime);
            byte[] discarded = new byte[64 * 1024];
            for (int total = 0, count = 1; count > 0 && total < HttpLimits.Drained; total += count)
            {
                count = await socket.ReceiveAsync(discarded, SocketFlags.None, timeout.Token);
            }
        }
        catch (Exception exception) when (IsEnd(exception))
        {
        }
    }
}
