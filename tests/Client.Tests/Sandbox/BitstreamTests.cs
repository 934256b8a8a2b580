using Chuizi.Video.Sandbox.Media;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Sandbox;

public sealed class BitstreamTests
{
    [Fact]
    public void A_NAL_unit_never_contains_a_start_code_and_keeps_its_bits() =>
        Gen.Byte[0, 4]
            .Array[0, 40]
            .Sample(bits =>
            {
                byte[] unit = NalUnit.Of(NalUnit.Slice, bits);
                for (int index = 0; index + 2 < unit.Length; index++)
                {
                    (unit[index] == 0 && unit[index + 1] == 0 && unit[index + 2] < 3).ShouldBeFalse();
                }

                SpsReader.Unescape(unit).ShouldBe([NalUnit.Slice, .. bits]);
            });

    // ITU-T H.264, tables 9-2 and 9-3.
    [Theory]
    [InlineData(0, "1")]
    [InlineData(1, "010")]
    [InlineData(2, "011")]
    [InlineData(3, "00100")]
    [InlineData(8, "0001001")]
    [InlineData(25, "000011010")]
    public void Unsigned_numbers_are_encoded_as_specified(int value, string bits)
    {
        var writer = new BitWriter();
        writer.Unsigned(value);
        Bits(writer, bits.Length).ShouldBe(bits);
    }

    [Theory]
    [InlineData(0, "1")]
    [InlineData(1, "010")]
    [InlineData(-1, "011")]
    [InlineData(2, "00100")]
    [InlineData(-2, "00101")]
    public void Signed_numbers_are_encoded_as_specified(int value, string bits)
    {
        var writer = new BitWriter();
        writer.Signed(value);
        Bits(writer, bits.Length).ShouldBe(bits);
    }

    [Fact]
    public void Bits_round_trip() =>
        Gen.Select(Gen.Int[1, 32], Gen.UInt)
            .Select((bits, value) => (bits, value: bits == 32 ? value : value & ((1u << bits) - 1)))
            .Array[0, 50]
            .Sample(parts =>
            {
                var writer = new BitWriter();
                foreach ((int bits, uint value) in parts)
                {
                    writer.Bits(value, bits);
                }

                string expected = string.Concat(parts.Select(part => part.value.ToString("b32", null)[^part.bits..]));
                Bits(writer, expected.Length).ShouldBe(expected);
            });

    private static string Bits(BitWriter writer, int count)
    {
        writer.Trail();
        string all = string.Concat(writer.Written.ToArray().Select(value => value.ToString("b8", null)));
        all[count].ShouldBe('1');
        all[(count + 1)..].ShouldAllBe(bit => bit == '0');
        return all[..count];
    }
}
