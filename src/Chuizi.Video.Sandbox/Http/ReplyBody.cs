namespace Chuizi.Video.Sandbox.Http;

/// <summary>The bytes of an answer, handed out piece by piece so that none need be in memory at once.</summary>
internal abstract class ReplyBody
{
    public static ReplyBody Empty { get; } = new MemoryBody(ReadOnlyMemory<byte>.Empty);

    public abstract long Length { get; }

    /// <summary>Some bytes from <paramref name="offset"/> on: at least one before the end, at most <paramref name="maximum"/>.</summary>
    public abstract ReadOnlyMemory<byte> Slice(long offset, int maximum);
}
