using Shouldly;

namespace Chuizi.Video.Client.Tests.Sandbox;

/// <summary>Reads a baseline sequence parameter set (ITU-T H.264, 7.3.2.1.1).</summary>
internal sealed class SpsReader
{
    private readonly byte[] _bits;
    private int _position;

    public SpsReader(byte[] unit)
    {
        (unit[0] & 0x1F).ShouldBe(7);
        _bits = Unescape(unit);
        _position = 8;
        Profile = U(8);
        U(8);
        Level = U(8);
        Ue();
        Ue();
        Ue().ShouldBe(2);
        Ue();
        U(1);
        BlocksWide = Ue() + 1;
        BlocksHigh = Ue() + 1;
        U(1).ShouldBe(1);
        U(1);
        int[] crop = U(1) == 1 ? [Ue(), Ue(), Ue(), Ue()] : [0, 0, 0, 0];
        U(1).ShouldBe(0);
        U(1).ShouldBe(1);
        Size = ((BlocksWide * 16) - (2 * (crop[0] + crop[1])), (BlocksHigh * 16) - (2 * (crop[2] + crop[3])));
    }

    public int Profile { get; }

    public int Level { get; }

    public int BlocksWide { get; }

    public int BlocksHigh { get; }

    public (int Width, int Height) Size { get; }

    /// <summary>Removes the bytes that were inserted to prevent start codes (7.4.1).</summary>
    public static byte[] Unescape(byte[] unit)
    {
        var bytes = new List<byte>();
        int zeros = 0;
        foreach (byte value in unit)
        {
            if (zeros >= 2 && value == 3)
            {
                zeros = 0;
                continue;
            }

            zeros = value == 0 ? zeros + 1 : 0;
            bytes.Add(value);
        }

        return [.. bytes];
    }

    private int U(int count)
    {
        int value = 0;
        for (; count > 0; count--, _position++)
        {
            value = (value << 1) | ((_bits[_position / 8] >> (7 - (_position % 8))) & 1);
        }

        return value;
    }

    private int Ue()
    {
        int zeros = 0;
        while (U(1) == 0)
        {
            zeros++;
        }

        return (1 << zeros) - 1 + U(zeros);
    }
}
