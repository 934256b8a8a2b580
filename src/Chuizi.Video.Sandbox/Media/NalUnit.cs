namespace Chuizi.Video.Sandbox.Media;

/// <summary>Wraps encoded bits in a NAL unit.</summary>
internal static class NalUnit
{
    public const byte SequenceParameters = 0x67;
    public const byte PictureParameters = 0x68;
    public const byte InstantRefresh = 0x65;
    public const byte Slice = 0x41;

    /// <summary>Adds the header, and inserts a 3 wherever the bits would look like a start code (H.264, 7.4.1).</summary>
    public static byte[] Of(byte header, ReadOnlySpan<byte> bits)
    {
        byte[] unit = new byte[1 + bits.Length + (bits.Length / 2)];
        unit[0] = header;
        int count = 1;
        int zeros = 0;
        foreach (byte value in bits)
        {
            if (zeros >= 2 && value <= 3)
            {
                unit[count++] = 3;
                zeros = 0;
            }

            unit[count++] = value;
            zeros = value == 0 ? zeros + 1 : 0;
        }

        Array.Resize(ref unit, count);
        return unit;
    }
}
