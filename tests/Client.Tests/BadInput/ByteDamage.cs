using CsCheck;

namespace Chuizi.Video.Client.Tests.BadInput;

/// <summary>Valid bytes, damaged as by disks, proxies and editors: flipped bits, truncation, splices, wrong encodings.</summary>
internal static class ByteDamage
{
    private static readonly byte[][] s_pieces =
    [
        [0],
        [0, 0, 0, 0],
        [0xFF],
        [0xC0, 0x80],
        [0xED, 0xA0, 0x80],
        [0xF8],
        [0x80],
        [0xEF, 0xBB, 0xBF],
        [0xFF, 0xFE],
        [13, 10],
        [10],
        [13],
        [0x1B, (byte)'[', (byte)'2', (byte)'J'],
        [.. "\""u8],
        [.. "\\"u8],
        [.. "\\u"u8],
        [.. "\\ud800"u8],
        [.. "{"u8],
        [.. "}"u8],
        [.. "["u8],
        [.. "]"u8],
        [.. ","u8],
        [.. ":"u8],
        [.. "//"u8],
        [.. "1e999"u8],
        [.. "{\"step\":\""u8],
    ];

    /// <summary>The bytes with one to four changes from <paramref name="from"/> on.</summary>
    public static Gen<byte[]> Of(byte[] valid, int from = 0) =>
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, 1_000_000], Gen.Int[0, 1_000_000], Gen.Int[0, s_pieces.Length - 1])
            .Array[1, 4]
            .Select(changes =>
                changes.Aggregate(valid, (bytes, change) => Change(bytes, from, change.Item1, change.Item2, change.Item3, change.Item4)));

    /// <summary>One of the byte arrays, damaged.</summary>
    public static Gen<byte[]> Of(params byte[][] valid) => Gen.OneOf([.. valid.Select(bytes => Of(bytes))]);

    private static byte[] Change(byte[] bytes, int from, int kind, int first, int second, int piece)
    {
        int room = bytes.Length - from;
        if (room <= 0)
        {
            return kind == 0 ? bytes : [.. bytes, .. s_pieces[piece]];
        }

        int at = from + (first % room);
        int end = at + (second % Math.Min(bytes.Length - at + 1, 40));
        switch (kind)
        {
            case 0:
                byte[] flipped = [.. bytes];
                flipped[at] ^= (byte)(1 << (second % 8));
                return flipped;
            case 1:
                return bytes[..at];
            case 2:
                return [.. bytes[..at], .. bytes[end..]];
            case 3:
                return [.. bytes[..at], .. bytes[at..end], .. bytes[at..]];
            case 4:
                return [.. bytes[..at], .. s_pieces[piece], .. bytes[at..]];
            case 5:
                return [.. bytes[..at], .. s_pieces[piece], .. bytes[Math.Min(bytes.Length, at + s_pieces[piece].Length)..]];
            default:
                return bytes;
        }
    }
}
