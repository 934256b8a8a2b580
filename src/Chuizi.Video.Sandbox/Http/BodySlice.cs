namespace Chuizi.Video.Sandbox.Http;

/// <summary>A part of another body: a range, or what a fault leaves of it.</summary>
internal sealed class BodySlice(ReplyBody whole, long start, long length) : ReplyBody
{
    public override long Length => length;

    public override ReadOnlyMemory<byte> Slice(long offset, int maximum) =>
        whole.Slice(start + offset, (int)Math.Min(maximum, length - offset));
}
