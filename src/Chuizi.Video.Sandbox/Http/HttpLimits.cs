namespace Chuizi.Video.Sandbox.Http;

/// <summary>How much a client may send.</summary>
internal static class HttpLimits
{
    /// <summary>Request line and headers, in bytes.</summary>
    public const int Head = 64 * 1024;

    /// <summary>A body, in bytes: nine reference images of 20 MB as data URLs fit.</summary>
    public const int Body = 300 * 1024 * 1024;

    /// <summary>A line with a chunk's size, in bytes.</summary>
    public const int ChunkLine = 4096;

    /// <summary>What is read and thrown away after a refusal, so that the client gets to read the answer.</summary>
    public const int Drained = 64 * 1024 * 1024;

    /// <summary>How long that may take (real time).</summary>
    public static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2);
}
