using System.Buffers.Binary;
using System.Text;

namespace Chuizi.Video.Client.Tests.Support;

/// <summary>Files with the boxes of an MP4 and random bytes as media data.</summary>
internal static class Mp4
{
    public static byte[] Make(int pictureLength = 5000, int seed = 1)
    {
        byte[] picture = new byte[pictureLength];
        new Random(seed).NextBytes(picture);
        return [.. Box("ftyp", "isom\0\0\0\0isomavc1"u8), .. Box("moov", new byte[100]), .. Box("mdat", picture)];
    }

    public static byte[] Box(string type, ReadOnlySpan<byte> content)
    {
        byte[] box = new byte[8 + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(box, box.Length);
        Encoding.ASCII.GetBytes(type, box.AsSpan(4));
        content.CopyTo(box.AsSpan(8));
        return box;
    }

    /// <summary>A box with a 64-bit length.</summary>
    public static byte[] LargeBox(string type, ReadOnlySpan<byte> content)
    {
        byte[] box = new byte[16 + content.Length];
        box[3] = 1;
        Encoding.ASCII.GetBytes(type, box.AsSpan(4));
        BinaryPrimitives.WriteInt64BigEndian(box.AsSpan(8), box.Length);
        content.CopyTo(box.AsSpan(16));
        return box;
    }
}
