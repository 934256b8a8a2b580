using System.Text;

namespace Chuizi.Video.Sandbox.Http;

/// <summary>A response, and the faults that apply while it is sent.</summary>
internal sealed class HttpReply(int status)
{
    public const string Json = "application/json";
    public const string Html = "text/html; charset=utf-8";

    private List<KeyValuePair<string, string>>? _headers;

    public int Status { get; } = status;

    public string? ContentType { get; init; }

    public ReplyBody Body { get; init; } = ReplyBody.Empty;

    /// <summary>Whether to reset the connection instead of responding.</summary>
    public bool IsDropped { get; init; }

    /// <summary>The delay before the response, by the sandbox's clock.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>The number of body bytes after which sending stops; null for no such fault.</summary>
    public long? StopAt { get; set; }

    /// <summary>Whether the connection stays open after <see cref="StopAt"/> instead of being closed.</summary>
    public bool Stalls { get; set; }

    /// <summary>The maximum time that a stalled connection stays open, by the sandbox's clock; zero for no limit.</summary>
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
