using System.Buffers.Binary;

namespace Chuizi.Video.Tests.Support;

/// <summary>Image headers as specified, without the image data.</summary>
public static class Images
{
    public static byte[] Png(int width, int height, int length = 64)
    {
        byte[] file = Start(length, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, .. "IHDR"u8]);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), height);
        "IEND"u8.CopyTo(file.AsSpan(length - 8));
        return file;
    }

    /// <summary>A JPEG with the segments that cameras write before the size: JFIF, a long EXIF, Huffman tables.</summary>
    public static byte[] Jpeg(int width, int height, byte frame = 0xC0, int metadata = 5000) =>
        [
            0xFF,
            0xD8,
            0xFF,
            0xE0,
            0,
            16,
            .. "JFIF\0"u8,
            1,
            2,
            0,
            0,
            1,
            0,
            1,
            0,
            0,
            0xFF,
            0xE1,
            (byte)((metadata + 2) >> 8),
            (byte)(metadata + 2),
            .. new byte[metadata],
            0xFF,
            0xC4,
            0,
            5,
            1,
            2,
            3,
            0xFF,
            0xFF,
            frame,
            0,
            17,
            8,
            (byte)(height >> 8),
            (byte)height,
            (byte)(width >> 8),
            (byte)width,
            3,
            1,
            0x22,
            0,
            2,
            0x11,
            1,
            3,
            0x11,
            1,
            0xFF,
            0xD9,
        ];

    public static byte[] Gif(int width, int height, string version = "GIF89a") =>
        [
            .. System.Text.Encoding.ASCII.GetBytes(version), (byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8),
            0, 0, 0, 0x3B,
        ];

    public static byte[] WebPLossy(int width, int height) =>
        WebP("VP8 "u8, [0x30, 1, 0, 0x9D, 1, 0x2A, (byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8), 0, 0]);

    public static byte[] WebPLossless(int width, int height)
    {
        byte[] data = new byte[14];
        data[0] = 0x2F;
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(1), (uint)(width - 1) | ((uint)(height - 1) << 14));
        return WebP("VP8L"u8, data);
    }

    public static byte[] WebPExtended(int width, int height) =>
        WebP(
            "VP8X"u8,
            [
                0x10,
                0,
                0,
                0,
                (byte)(width - 1),
                (byte)((width - 1) >> 8),
                (byte)((width - 1) >> 16),
                (byte)(height - 1),
                (byte)((height - 1) >> 8),
                (byte)((height - 1) >> 16),
                0,
                0,
            ]);

    public static byte[] Bmp(int width, int height)
    {
        byte[] file = Start(64, [.. "BM"u8]);
        file[14] = 40;
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), height);
        return file;
    }

    public static byte[] OldBmp(int width, int height)
    {
        byte[] file = Start(32, [.. "BM"u8]);
        file[14] = 12;
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(18), (ushort)width);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(20), (ushort)height);
        return file;
    }

    private static byte[] WebP(ReadOnlySpan<byte> kind, ReadOnlySpan<byte> data)
    {
        byte[] size = [(byte)data.Length, 0, 0, 0];
        return [.. "RIFF"u8, (byte)(data.Length + 12), 0, 0, 0, .. "WEBP"u8, .. kind, .. size, .. data];
    }

    private static byte[] Start(int length, byte[] start)
    {
        byte[] file = new byte[length];
        start.CopyTo(file, 0);
        return file;
    }
}
