namespace Chuizi.Video.Sandbox.Http;

/// <summary>The bytes of a response, returned in slices so that the whole body does not have to be in memory.</summary>
internal abstract class ReplyBody
{
    public static ReplyBody Empty { get; } = new MemoryBody(ReadOnlyMemory<byte>.Empty);

    public abstract long Length { get; }

    /// <summary>
    /// A slice starting at <paramref name="offset"/>: at least one byte unless at the end, at most
    /// <paramref name="maximum"/>.
    /// </summary>
    public abstract ReadOnlyMemory<byte> Slice(long offset, int maximum);
}
