using System.Net;

namespace Chuizi.Video.Client.Http;

/// <summary>
/// A JSON body that knows whether anybody has begun to send it. Not begun means that the server provably has not got the request.
/// </summary>
internal sealed class TrackedContent : HttpContent
{
    private readonly RequestBody _body;

    public TrackedContent(RequestBody body)
    {
        _body = body;
        Headers.ContentType = new("application/json") { CharSet = "utf-8" };
    }

    /// <summary>Whether sending has begun.</summary>
    public bool Started { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Started = true;
        return _body.WriteToAsync(stream, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
