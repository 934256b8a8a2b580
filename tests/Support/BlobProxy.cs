using System.Collections.Concurrent;

namespace Chuizi.Video.Tests.Support;

/// <summary>
/// Forwards requests to Azurite, with faults that a test decides on. Each proxy has an address of its own, so that several of them are for
/// the module like several machines that use one blob.
/// </summary>
public sealed class BlobProxy : IAsyncDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, MaxConnectionsPerServer = 64 });
    private readonly Uri _target;
    private readonly RawServer _server;
    private readonly ConcurrentQueue<int> _appends = new();

    /// <summary>Starts the proxy.</summary>
    public BlobProxy(Uri target)
    {
        _target = target;
        _server = new RawServer(Answer);
    }

    /// <summary>Decides what happens to a request; by default it is forwarded. Null as the result forwards it.</summary>
    public Func<RawRequest, RawReply?> Fault { get; set; } = _ => null;

    /// <summary>Decides whether the response to a request is lost after the server has handled it.</summary>
    public Func<RawRequest, bool> LosesReply { get; set; } = _ => false;

    /// <summary>Changes the headers of a response.</summary>
    public Func<string, string> Header { get; set; } = header => header;

    /// <summary>The query that is added to each request that is forwarded, such as a signature in place of a token.</summary>
    public string Signature { get; set; } = "";

    /// <summary>The added latency.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>The statuses of the appends that the server has handled.</summary>
    public IReadOnlyCollection<int> Appends => _appends;

    /// <summary>The requests that arrived.</summary>
    public IReadOnlyList<RawRequest> Requests => _server.Requests;

    /// <summary>Whether a request appends a block.</summary>
    public static bool IsAppend(RawRequest request) => request.Target.Contains("comp=appendblock", StringComparison.Ordinal);

    /// <summary>The address of a blob through this proxy.</summary>
    public string AddressOf(string blob) => _server.Address.GetLeftPart(UriPartial.Authority) + new Uri(blob).PathAndQuery;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _http.Dispose();
    }

    private RawReply? Answer(RawRequest request)
    {
        Thread.Sleep(Latency);
        return Fault(request) ?? Forward(request);
    }

    private RawReply Forward(RawRequest request)
    {
        string start = request.Target.Contains('?', StringComparison.Ordinal) ? "&" : "?";
        Uri address = new(_target, Signature.Length > 0 ? request.Target + start + Signature : request.Target);
        using HttpRequestMessage message = new(new HttpMethod(request.Method), address);
        if (request.Method == "PUT")
        {
            message.Content = new ByteArrayContent(request.Body);
        }

        foreach ((string name, string value) in request.Headers.Where(header =>
            header.Key is not ("Host" or "Content-Length") && (header.Key != "Authorization" || Signature.Length == 0)))
        {
            _ = message.Headers.TryAddWithoutValidation(name, value) || message.Content!.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage response = _http.Send(message);
        using MemoryStream body = new();
        response.Content.ReadAsStream().CopyTo(body);
        if (IsAppend(request))
        {
            _appends.Enqueue((int)response.StatusCode);
        }

        if (LosesReply(request))
        {
            return new RawReply([], Close: true);
        }

        string[] headers =
        [
            .. response.Headers.Concat(response.Content.Headers)
                .Where(header => header.Key is not ("Content-Length" or "Transfer-Encoding" or "Connection" or "Keep-Alive"))
                .Select(header => Header($"{header.Key}: {string.Join(',', header.Value)}")),
        ];
        long? length = request.Method == "HEAD" ? response.Content.Headers.ContentLength : body.Length;
        return RawReply.Of((int)response.StatusCode, body.ToArray(), length, close: false, headers);
    }
}
