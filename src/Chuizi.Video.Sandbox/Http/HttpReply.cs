using System.Text;

namespace Chuizi.Video.Sandbox.Http;

/// <summary>An answer, and what is to go wrong while it is delivered.</summary>
internal sealed class HttpReply(int status)
{
    public const string Json = "application/json";
    public const string Html = "text/html; charset=utf-8";

    private List<KeyValuePair<string, string>>? _headers;

    public int Status { get; } = status;

    public string? ContentType { get; init; }

    public ReplyBody Body { get; init; } = ReplyBody.Empty;

    /// <summary>Whether the connection is reset instead of an answer.</summary>
    public bool IsDropped { get; init; }

    /// <summary>Waited, by the sandbox's clock, before the answer.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Where the body ends early, in bytes; null for no such fault.</summary>
    public long? StopAt { get; set; }

    /// <summary>With <see cref="StopAt"/>: whether the connection then stays open instead of being closed.</summary>
    public bool Stalls { get; set; }

    /// <summary>How long a stall lasts at most, by the sandbox's clock; zero for as long as the client stays.</summary>
    public TimeSpan StallTime { get; set; }

    public IReadOnlyList<KeyValuePair<string, string>> Headers => _headers ?? (IReadOnlyList<KeyValuePair<string, string>>)[];

    public static HttpReply Text(int status, string contentType, string text) =>
        new(status) { ContentType = contentType, Body = new MemoryBody(Encoding.UTF8.GetBytes(text)) };

    public HttpReply With(string name, string value)
    {
        (_headers ??= []).Add(new(name, value));
        return this;
    }
}
