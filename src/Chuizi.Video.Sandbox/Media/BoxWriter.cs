using System.Buffers.Binary;
using System.Text;

namespace Chuizi.Video.Sandbox.Media;

/// <summary>Writes the boxes of an MP4 file (ISO/IEC 14496-12). The size at the start of a box is filled in when the box ends.</summary>
internal sealed class BoxWriter
{
    private byte[] _bytes = new byte[4096];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Writes a box. <paramref name="content"/> writes what it contains.</summary>
    public void Box(string type, Action content)
    {
        int start = Length;
        U32(0);
        Text(type);
        content();
        BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(start), Length - start);
    }

    /// <summary>Writes a box that starts with the version 0 and flags.</summary>
    public void FullBox(string type, int flags, Action content) => Box(type, () =>
    {
        U32(flags);
        content();
    });

    public void U8(int value) => Add(1)[0] = (byte)value;

    public void U16(int value) => BinaryPrimitives.WriteUInt16BigEndian(Add(2), (ushort)value);

    public void U32(long value) => BinaryPrimitives.WriteUInt32BigEndian(Add(4), (uint)value);

    public void Zeros(int count) => Add(count).Clear();

    public void Text(string ascii) => Encoding.ASCII.GetBytes(ascii, Add(ascii.Length));

    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Add(bytes.Length));

    private Span<byte> Add(int count)
    {
        if (Length + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        }

        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }
}
