using System.Buffers.Binary;
using Chuizi.Video.Sandbox.Http;

namespace Chuizi.Video.Sandbox.Media;

/// <summary>A video with padding: a <c>free</c> box of zeros that is generated while it is sent.</summary>
internal sealed class PaddedVideo(byte[] video, long padding) : ReplyBody
{
    private static readonly byte[] s_zeros = new byte[256 * 1024];

    private readonly byte[] _paddingStart = PaddingStart(padding);

    public override long Length => video.Length + padding;

    public override ReadOnlyMemory<byte> Slice(long offset, int maximum)
    {
        if (offset < video.Length)
        {
            return Part(video, offset, maximum);
        }

        offset -= video.Length;
        return offset < _paddingStart.Length
            ? Part(_paddingStart, offset, maximum)
            : Part(s_zeros, 0, (int)Math.Min(maximum, padding - offset));
    }

    private static ReadOnlyMemory<byte> Part(byte[] bytes, long offset, int maximum) =>
        bytes.AsMemory((int)offset, Math.Min(maximum, bytes.Length - (int)offset));

    // A box of 4 GiB or more has its size after its type.
    private static byte[] PaddingStart(long padding)
    {
        if (padding == 0)
        {
            return [];
        }

        bool isLarge = padding > uint.MaxValue;
        byte[] start = new byte[isLarge ? 16 : 8];
        BinaryPrimitives.WriteUInt32BigEndian(start, isLarge ? 1 : (uint)padding);
        "free"u8.CopyTo(start.AsSpan(4));
        if (isLarge)
        {
            BinaryPrimitives.WriteInt64BigEndian(start.AsSpan(8), padding);
        }

        return start;
    }
}
