using System.Buffers.Binary;

namespace Chuizi.Video.Client.Rows;

/// <summary>
/// Finds the end of an image, as its format defines it. Programs may add bytes after it, and phones a whole video after a JPEG.
/// </summary>
internal static class ImageEnd
{
    /// <summary>The bytes at the end of a file that are searched for the end of a PNG or GIF.</summary>
    private const int LongestTrailer = 64 * 1024;

    /// <summary>Whether an image is complete.</summary>
    /// <param name="file">The file. Its position changes.</param>
    /// <param name="mediaType">Its media type.</param>
    /// <param name="header">Its first bytes.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static bool IsIn(FileStream file, string mediaType, ReadOnlySpan<byte> header) => mediaType switch
    {
        // PNG, 11.2.5: the last chunk.
        "image/png" => Tail(file).AsSpan().LastIndexOf("IEND"u8) >= 0,
        "image/jpeg" => HasJpegEnd(file),
        // GIF89a, 27: the trailer.
        "image/gif" => Tail(file).AsSpan().TrimEnd((byte)0) is [.., 0x3B],
        // RIFF: the size of everything after the first eight bytes.
        "image/webp" => BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) + 8L <= file.Length,
        // BITMAPFILEHEADER: the size of the file, which some programs leave at 0.
        "image/bmp" => BinaryPrimitives.ReadUInt32LittleEndian(header[2..]) <= file.Length,
        _ => true,
    };

    private static byte[] Tail(FileStream file)
    {
        byte[] tail = new byte[Math.Min(file.Length, LongestTrailer)];
        file.Seek(-tail.Length, SeekOrigin.End);
        file.ReadExactly(tail);
        return tail;
    }

    /// <summary>Whether a JPEG has its EOI marker (B.1.1.3). One in the metadata before the first scan is that of a thumbnail.</summary>
    private static bool HasJpegEnd(FileStream file)
    {
        const int Scan = 0xDA;
        const int End = 0xD9;
        Span<byte> segment = stackalloc byte[4];
        long at = 2;
        int marker;
        do
        {
            // FF, a marker, a length. More FF before the marker are fill bytes.
            file.Position = at;
            int read = file.ReadAtLeast(segment, segment.Length, throwOnEndOfStream: false);
            if (read < 2 || segment[0] != 0xFF)
            {
                return false;
            }

            marker = segment[1];
            if (marker == End || (marker != 0xFF && read < segment.Length))
            {
                return marker == End;
            }

            at += marker == 0xFF ? 1 : 2 + BinaryPrimitives.ReadUInt16BigEndian(segment[2..]);
        }
        while (marker != Scan);

        // In the data of a scan, FF is followed by 0 or by the number of a restart.
        file.Position = at;
        byte[] buffer = new byte[LongestTrailer];
        bool isAfterFF = false;
        for (int read; (read = file.Read(buffer)) > 0; isAfterFF = buffer[read - 1] == 0xFF)
        {
            if ((isAfterFF && buffer[0] == End) || buffer.AsSpan(0, read).IndexOf([(byte)0xFF, (byte)End]) >= 0)
            {
                return true;
            }
        }

        return false;
    }
}
