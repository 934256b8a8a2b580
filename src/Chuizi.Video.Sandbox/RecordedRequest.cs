using System.Text;

namespace Chuizi.Video.Sandbox;

/// <summary>A request the sandbox read, whatever became of it.</summary>
public sealed class RecordedRequest
{
    /// <summary>How much of a body is kept, in bytes.</summary>
    internal const int KeptBody = 64 * 1024;

    private readonly byte[] _body;
    private long _bytesSent;
    private int _status;

    internal RecordedRequest(ReadOnlySpan<byte> body)
    {
        _body = body.IsEmpty ? [] : body[..Math.Min(body.Length, KeptBody)].ToArray();
        BodyLength = body.Length;
    }

    /// <summary>1 for the first request, over both origins, in the order in which they were read.</summary>
    public int Number { get; internal set; }

    /// <summary>When it had been read, by the sandbox's clock (UTC).</summary>
    public required DateTime Time { get; init; }

    /// <summary>The HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>The path with its query, as sent.</summary>
    public required string Path { get; init; }

    /// <summary><c>api</c> or <c>media</c>.</summary>
    public required string Origin { get; init; }

    /// <summary>What the request asks for; <see cref="SandboxRoute.Any"/> for anything unknown.</summary>
    public SandboxRoute Route { get; internal set; }

    /// <summary>The headers; names in whatever case, repeated ones joined with a comma.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The first 64 KiB of the body as text; null where there was none.</summary>
    public string? Body => _body.Length == 0 ? null : Encoding.UTF8.GetString(_body);

    /// <summary>The length of the whole body in bytes, after the removal of chunk framing.</summary>
    public long BodyLength { get; }

    /// <summary>The status answered; null as long as there is no answer, and for good where the connection was dropped.</summary>
    public int? Status => Volatile.Read(ref _status) is int status and not 0 ? status : null;

    /// <summary>The request's id: as sent in <c>X-Request-Id</c>, else made by the sandbox.</summary>
    public required string RequestId { get; init; }

    /// <summary>Bytes of the answer's body handed to the socket so far; heads do not count.</summary>
    public long BytesSent => Interlocked.Read(ref _bytesSent);

    /// <summary>The fault that hit the request, if any: the name of its <see cref="FaultKind"/>.</summary>
    public string? Fault { get; internal set; }

    /// <summary>Whether it is a submit that created, and so billed, a job.</summary>
    public bool Accepted { get; internal set; }

    /// <summary>The job the request made or asked for, if it exists.</summary>
    public string? VideoId { get; internal set; }

    /// <inheritdoc/>
    public override string ToString() => $"{Method} {Path}";

    // Both are set before the bytes leave: a client that has its answer finds them here.
    internal void Answered(int status) => Volatile.Write(ref _status, status);

    internal void Sending(long bytes) => Interlocked.Add(ref _bytesSent, bytes);
}
