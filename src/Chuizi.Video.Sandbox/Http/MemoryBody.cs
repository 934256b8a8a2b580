namespace Chuizi.Video.Sandbox.Http;

/// <summary>A response body in memory.</summary>
internal sealed class MemoryBody(ReadOnlyMemory<byte> data) : ReplyBody
{
    public override long Length => data.Length;

    public override ReadOnlyMemory<byte> Slice(long offset, int maximum) =>
        data.Slice((int)offset, (int)Math.Min(maximum, data.Length - offset));
}
