using System.Buffers.Binary;
using System.Globalization;

namespace Chuizi.Video.Client.Rows;

/// <summary>A local image, identified by its content and not by its extension; also the type and length of a local video.</summary>
/// <param name="MediaType">The media type, e.g. <c>image/png</c>.</param>
/// <param name="Length">The size of the file, in bytes.</param>
/// <param name="Width">In pixels; null if the header does not contain it.</param>
/// <param name="Height">In pixels; null if the header does not contain it.</param>
internal sealed record ImageInfo(string MediaType, long Length, int? Width, int? Height)
{
    /// <summary>The largest image that the providers accept, in bytes (API contract, layer 3: 20 MB).</summary>
    public const long LargestFile = 20_000_000;

    // The size of a JPEG follows its metadata, which may contain a thumbnail.
    private const int HeaderLength = 256 * 1024;

    /// <summary>Identifies an open file.</summary>
    /// <exception cref="FormatException">The file is not an image, or it is too large or not complete.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ImageInfo OfFile(FileStream file)
    {
        if (file.Length > LargestFile)
        {
            throw new FormatException(
                string.Create(CultureInfo.InvariantCulture, $"is {file.Length / 1e6:0.0} MB, but an image can be at most 20 MB."));
        }

        byte[] header = new byte[Math.Min(file.Length, HeaderLength)];
        file.ReadExactly(header);
        ImageInfo info = OfHeader(header, file.Length)
            ?? throw new FormatException("is not a supported image. Use PNG, JPEG, WebP, GIF or BMP.");
        return ImageEnd.IsIn(file, info.MediaType, header)
            ? info
            : throw new FormatException("is an incomplete image: its end is missing. Copy or download it again.");
    }

    internal static ImageInfo? OfHeader(ReadOnlySpan<byte> header, long length)
    {
        if (header.Length >= 24 && header.StartsWith(new byte[] { 0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10 }))
        {
            return new(
                "image/png",
                length,
                Side(BinaryPrimitives.ReadUInt32BigEndian(header[16..])),
                Side(BinaryPrimitives.ReadUInt32BigEndian(header[20..])));
        }

        if (header.StartsWith(new byte[] { 0xFF, 0xD8, 0xFF }))
        {
            (int? width, int? height) = JpegSize(header);
            return new("image/jpeg", length, width, height);
        }

        if (header.Length >= 10 && (header.StartsWith("GIF87a"u8) || header.StartsWith("GIF89a"u8)))
        {
            return new(
                "image/gif",
                length,
                Side(BinaryPrimitives.ReadUInt16LittleEndian(header[6..])),
                Side(BinaryPrimitives.ReadUInt16LittleEndian(header[8..])));
        }

        if (header.Length >= 30 && header.StartsWith("RIFF"u8) && header[8..].StartsWith("WEBP"u8))
        {
            (int? width, int? height) = WebPSize(header[12..]);
            return new("image/webp", length, width, height);
        }

        // "BM" alone is not enough: the length of the second header must be one of a few values.
        if (
            header.Length >= 26
            && header.StartsWith("BM"u8)
            && BinaryPrimitives.ReadUInt32LittleEndian(header[14..]) is 12 or 40 or 52 or 56 or 64 or 108 or 124)
        {
            bool old = header[14] == 12;
            int width = old ? BinaryPrimitives.ReadUInt16LittleEndian(header[18..]) : BinaryPrimitives.ReadInt32LittleEndian(header[18..]);
            int height = old ? BinaryPrimitives.ReadUInt16LittleEndian(header[20..]) : BinaryPrimitives.ReadInt32LittleEndian(header[22..]);
            return new("image/bmp", length, Side((uint)width), Side((uint)Math.Abs((long)height)));
        }

        return null;
    }

    private static int? Side(uint pixels) => pixels is > 0 and <= int.MaxValue ? (int)pixels : null;

    private static (int? Width, int? Height) JpegSize(ReadOnlySpan<byte> header)
    {
        // Segments: FF, a marker, a length. SOF0 to SOF15, except DHT (C4), JPG (C8) and DAC (CC), contain the size.
        int at = 2;
        while (at + 9 <= header.Length && header[at] == 0xFF)
        {
            byte marker = header[at + 1];
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return (
                    Side(BinaryPrimitives.ReadUInt16BigEndian(header[(at + 7)..])),
                    Side(BinaryPrimitives.ReadUInt16BigEndian(header[(at + 5)..])));
            }

            at += marker is 0xFF ? 1 : 2 + BinaryPrimitives.ReadUInt16BigEndian(header[(at + 2)..]);
        }

        return (null, null);
    }

    private static (int? Width, int? Height) WebPSize(ReadOnlySpan<byte> chunk)
    {
        if (chunk.StartsWith("VP8X"u8))
        {
            return (1 + (chunk[12] | chunk[13] << 8 | chunk[14] << 16), 1 + (chunk[15] | chunk[16] << 8 | chunk[17] << 16));
        }

        if (chunk.StartsWith("VP8L"u8))
        {
            uint bits = BinaryPrimitives.ReadUInt32LittleEndian(chunk[9..]);
            return ((int)(bits & 0x3FFF) + 1, (int)(bits >> 14 & 0x3FFF) + 1);
        }

        return chunk.StartsWith("VP8 "u8)
            ? (
                Side(BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]) & 0x3FFFu),
                Side(BinaryPrimitives.ReadUInt16LittleEndian(chunk[16..]) & 0x3FFFu))
            : (null, null);
    }
}
