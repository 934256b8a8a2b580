using System.Net;
using Chuizi.Video.Client.Rows;

namespace Chuizi.Video.Client.Api;

/// <summary>A JSON body that tracks whether sending has started. If it has not, the server provably did not receive the request.</summary>
internal sealed class TrackedContent : HttpContent
{
    private const int Waiting = 0;
    private const int Begun = 1;
    private const int Abandoned = 2;

    private readonly RequestBody _body;
    private int _state;

    public TrackedContent(RequestBody body)
    {
        _body = body;
        Headers.ContentType = new("application/json") { CharSet = "utf-8" };
    }

    /// <summary>The body for display.</summary>
    public string Describe() => _body.Describe();

    /// <summary>Whether sending has started.</summary>
    public bool Started => Volatile.Read(ref _state) == Begun;

    /// <summary>Prevents sending; returns false if it has already started.</summary>
    public bool Abandon() => Interlocked.CompareExchange(ref _state, Abandoned, Waiting) != Begun;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _state, Begun, Waiting) == Abandoned)
        {
            throw new OperationCanceledException("The request was canceled before its body was sent.");
        }

        return _body.WriteToAsync(stream, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
