namespace Chuizi.Video.Sandbox.Http;

/// <summary>A request read from a connection. Its body is valid only until it has been processed.</summary>
internal sealed class HttpRequest
{
    public required string Method { get; init; }

    /// <summary>The path with its query.</summary>
    public required string Target { get; init; }

    public required Dictionary<string, string> Headers { get; init; }

    /// <summary>Whether the connection stays open after the response.</summary>
    public required bool KeepAlive { get; init; }

    public bool IsChunked { get; init; }

    public long ContentLength { get; init; }

    public ReadOnlyMemory<byte> Body { get; set; }

    public ReadOnlySpan<char> Path => Target.AsSpan(0, PathLength);

    public ReadOnlySpan<char> Query => PathLength < Target.Length ? Target.AsSpan(PathLength + 1) : default;

    public bool ExpectsContinue =>
        Headers.TryGetValue("Expect", out string? expect) && expect.Equals("100-continue", StringComparison.OrdinalIgnoreCase);

    private int PathLength => Target.IndexOf('?', StringComparison.Ordinal) is int mark and >= 0 ? mark : Target.Length;
}
