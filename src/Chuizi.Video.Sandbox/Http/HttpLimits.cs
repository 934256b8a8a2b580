namespace Chuizi.Video.Sandbox.Http;

/// <summary>The limits for what a client may send.</summary>
internal static class HttpLimits
{
    /// <summary>The request line and headers, in bytes.</summary>
    public const int Head = 64 * 1024;

    /// <summary>The body, in bytes: enough for nine reference images of 20 MB as data URLs.</summary>
    public const int Body = 300 * 1024 * 1024;

    /// <summary>The line with the size of a chunk, in bytes.</summary>
    public const int ChunkLine = 4096;

    /// <summary>How much is read and discarded after a rejection, so that the client can read the response.</summary>
    public const int Drained = 64 * 1024 * 1024;

    /// <summary>The time limit for that (real time).</summary>
    public static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2);
}
