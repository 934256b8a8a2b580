using System.Globalization;
using System.Text;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Tests.Ledger;
using Chuizi.Video.Tests.Support;

namespace Chuizi.Video.Client.Tests.Support;

/// <summary>A loopback server that keeps one append blob in memory, as Azure Storage does, with faults that a test decides on.</summary>
internal sealed class AppendBlobServer : IAsyncDisposable
{
    private const string Signature = "sig=secret";

    private static int s_servers;

    private readonly Lock _gate = new();
    private readonly RawServer _server;
    private byte[]? _content;
    private int _taken;

    public AppendBlobServer()
    {
        _server = new RawServer(Answer);
        // The state of the process is kept by address, and a port may be used again.
        Address = new Uri($"{_server.Address}account/container{Interlocked.Increment(ref s_servers)}/run.jsonl");
        BlobCredential.UseSignature(Address, Signature);
    }

    /// <summary>The address of the blob, without its signature.</summary>
    public Uri Address { get; }

    public string Path => Address.OriginalString;

    /// <summary>The bytes of the blob; null if it does not exist.</summary>
    public byte[]? Content
    {
        get
        {
            lock (_gate)
            {
                return _content;
            }
        }

        set
        {
            lock (_gate)
            {
                _content = value;
            }
        }
    }

    public string Text => Encoding.UTF8.GetString(Content ?? []);

    /// <summary>The lines of the blob.</summary>
    public IReadOnlyList<LedgerRecord> Stored =>
    [
        .. Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => LedgerSerializer.Read(Encoding.UTF8.GetBytes(line)) ?? new LedgerRecord { Step = "damaged" }),
    ];

    public IReadOnlyList<RawRequest> Requests => _server.Requests;

    /// <summary>When the blob was created, as text; null to omit it.</summary>
    public string? Created { get; set; } = "Mon, 05 Jan 2026 10:00:00 GMT";

    public string? Type { get; set; } = "AppendBlob";

    /// <summary>The number of blocks that the responses contain; null to omit it.</summary>
    public int? Blocks { get; set; }

    /// <summary>Whether the response with a part contains the length of the whole.</summary>
    public bool ShowsLength { get; set; } = true;

    /// <summary>The response to a request that has no effect; null if it has.</summary>
    public Func<RawRequest, RawReply?> Fault { get; set; } = _ => null;

    /// <summary>The response in place of the usual one, after the request has had its effect; null for the usual one.</summary>
    public Func<RawRequest, RawReply?> Replacement { get; set; } = _ => null;

    /// <summary>Called once, before the next append is handled.</summary>
    public Action? BeforeAppend { get; set; }

    /// <summary>Adds lines as another machine does.</summary>
    public void Add(params LedgerRecord[] records)
    {
        lock (_gate)
        {
            _content = [.. _content ?? [], .. Records.Bytes(records)];
        }
    }

    /// <summary>
    /// The requests since the last call: <c>HEAD</c>, <c>CREATE</c>, <c>GET 0-99</c> with the range, <c>APPEND 100</c> with the position.
    /// </summary>
    public string[] Take()
    {
        string[] fresh = [.. _server.Requests.Skip(_taken).Select(Describe)];
        _taken += fresh.Length;
        return fresh;
    }

    /// <summary>An error as Azure Storage returns it.</summary>
    public static RawReply Error(int status, string code, string message = "It failed.") => RawReply.Of(
        status,
        Encoding.UTF8.GetBytes($"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>{message}\nRequestId:one</Message></Error>"),
        "x-ms-request-id: one",
        $"x-ms-error-code: {code}");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static string Describe(RawRequest request) => request.Method switch
    {
        "GET" => "GET " + RangeOf(request),
        "PUT" when BlobProxy.IsAppend(request) => "APPEND " + request.Headers["x-ms-blob-condition-appendpos"],
        "PUT" => "CREATE",
        _ => request.Method,
    };

    private static string RangeOf(RawRequest request) => request.Headers["x-ms-range"]["bytes=".Length..];

    private static string[] Header(string name, object? value) => value is null ? [] : [$"{name}: {value}"];

    private RawReply Answer(RawRequest request)
    {
        if (BlobProxy.IsAppend(request) && BeforeAppend is { } before)
        {
            BeforeAppend = null;
            before();
        }

        RawReply? fault = Fault(request);
        lock (_gate)
        {
            return WithoutBody(request, fault ?? Replace(request, Handle(request)));
        }
    }

    private static RawReply WithoutBody(RawRequest request, RawReply reply)
    {
        int end = reply.Bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        return request.Method == "HEAD" && end >= 0 ? reply with { Bytes = reply.Bytes[..(end + 4)] } : reply;
    }

    private RawReply Replace(RawRequest request, RawReply reply) => Replacement(request) ?? reply;

    private RawReply Handle(RawRequest request)
    {
        if (!request.Target.EndsWith(Signature, StringComparison.Ordinal))
        {
            return Error(403, "AuthenticationFailed");
        }

        if (request.Method == "PUT" && !BlobProxy.IsAppend(request))
        {
            bool isNew = _content is null;
            _content ??= [];
            return isNew ? Success(201, []) : Error(409, "BlobAlreadyExists");
        }

        return (request.Method, _content) switch
        {
            (_, null) => Error(404, "BlobNotFound"),
            ("HEAD", { } content) => RawReply.Of(200, [], content.Length, close: false, Headers()),
            ("GET", { } content) => Part(RangeOf(request), content),
            (_, { } content) => Append(request, content),
        };
    }

    private RawReply Part(string range, byte[] content)
    {
        string[] ends = range.Split('-');
        if (ends.Length != 2
            || !int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first)
            || !int.TryParse(ends[1], NumberStyles.None, CultureInfo.InvariantCulture, out int last))
        {
            return Error(400, "InvalidHeaderValue");
        }

        if (first >= content.Length)
        {
            return Error(416, "InvalidRange");
        }

        last = Math.Min(last, content.Length - 1);
        byte[] part = content[first..(last + 1)];
        return ShowsLength ? Success(206, part, $"Content-Range: bytes {first}-{last}/{content.Length}") : Success(206, part);
    }

    private RawReply Append(RawRequest request, byte[] content)
    {
        string position = request.Headers["x-ms-blob-condition-appendpos"];
        if (position != content.Length.ToString(CultureInfo.InvariantCulture))
        {
            return Error(412, "AppendPositionConditionNotMet");
        }

        _content = [.. content, .. request.Body];
        return Success(201, [], $"x-ms-blob-append-offset: {position}");
    }

    private RawReply Success(int status, byte[] body, params string[] headers) => RawReply.Of(status, body, [.. Headers(), .. headers]);

    private string[] Headers() =>
    [
        "x-ms-request-id: one",
        .. Header("x-ms-creation-time", Created),
        .. Header("x-ms-blob-type", Type),
        .. Header("x-ms-blob-committed-block-count", Blocks),
    ];
}
