using System.Buffers.Binary;

namespace Chuizi.Video.Client.Saving;

/// <summary>Checks whether a file is a complete MP4, by its top-level boxes (ISO/IEC 14496-12, section 4.2).</summary>
internal static class Mp4Check
{
    /// <summary>The number of bytes that <see cref="IsMp4"/> needs.</summary>
    public const int HeadLength = 8;

    private const int MostBoxes = 1_000_000;

    /// <summary>Whether the first bytes are those of an MP4: the first box is <c>ftyp</c>.</summary>
    public static bool IsMp4(ReadOnlySpan<byte> head) => head.Length >= HeadLength && head[4..8].SequenceEqual("ftyp"u8);

    /// <summary>
    /// Whether the boxes end exactly at the end of the file, and the index and the media data are among them: a truncated file ends inside
    /// a box or lacks one. Padding after a whole video, which is not a box of a known type, does not matter.
    /// </summary>
    public static bool IsWhole(Stream file)
    {
        Span<byte> header = stackalloc byte[16];
        long at = 0;
        bool hasIndex = false;
        bool hasPicture = false;
        for (int boxes = 0; at < file.Length; boxes++)
        {
            file.Position = at;
            int count = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
            if (count < 8 || boxes > MostBoxes)
            {
                return count < 8 && hasIndex && hasPicture;
            }

            bool isPadding = hasIndex && hasPicture && !IsKnownBox(header[4..8]);
            hasIndex |= header[4..8].SequenceEqual("moov"u8);
            hasPicture |= header[4..8].SequenceEqual("mdat"u8);
            long length = BinaryPrimitives.ReadUInt32BigEndian(header);
            switch (length)
            {
                case 0: // To the end of the file.
                    return hasIndex && hasPicture;
                case 1 when count == 16:
                    length = BinaryPrimitives.ReadInt64BigEndian(header[8..]) is >= 16 and var large ? large : 0;
                    break;
            }

            if (length < 8 || length > file.Length - at)
            {
                return isPadding;
            }

            at += length;
        }

        return hasIndex && hasPicture;
    }

    /// <summary>The types of boxes that files have at the top level (ISO/IEC 14496-12 and 23009-1, QuickTime).</summary>
    private static bool IsKnownBox(ReadOnlySpan<byte> type) =>
        "ftypmoovmdatmoofmfrafreeskipwideuuidmetasidxstyppdinemsgprftssixudta"u8.IndexOf(type) is >= 0 and var at && at % 4 == 0;
}
