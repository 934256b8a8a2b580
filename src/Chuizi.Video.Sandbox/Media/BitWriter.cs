using System.Numerics;

namespace Chuizi.Video.Sandbox.Media;

/// <summary>Writes bits, most significant first, in the codes of H.264 (ITU-T H.264, 7.2 and 9.1).</summary>
internal sealed class BitWriter
{
    private byte[] _bytes = new byte[256];
    private int _count;
    private ulong _pending;
    private int _pendingBits;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _count);

    public void Clear() => _count = _pendingBits = 0;

    /// <summary>u(n): a value in <paramref name="bits"/> bits, at most 32. It must fit into them.</summary>
    public void Bits(uint value, int bits)
    {
        _pending = (_pending << bits) | value;
        _pendingBits += bits;
        while (_pendingBits >= 8)
        {
            _pendingBits -= 8;
            Add((byte)(_pending >> _pendingBits));
        }
    }

    public void Flag(bool value) => Bits(value ? 1u : 0u, 1);

    /// <summary>ue(v): an unsigned Exp-Golomb code.</summary>
    public void Unsigned(int value)
    {
        uint code = (uint)value + 1;
        int zeros = BitOperations.Log2(code);
        Bits(0, zeros);
        Bits(code, zeros + 1);
    }

    /// <summary>se(v): a signed Exp-Golomb code.</summary>
    public void Signed(int value) => Unsigned(value > 0 ? (2 * value) - 1 : -2 * value);

    /// <summary>Fills the current byte with zero bits.</summary>
    public void Align()
    {
        if (_pendingBits > 0)
        {
            Bits(0, 8 - _pendingBits);
        }
    }

    /// <summary>Repeats a byte; the position must be aligned.</summary>
    public void Fill(byte value, int count)
    {
        for (int index = 0; index < count; index++)
        {
            Add(value);
        }
    }

    /// <summary>rbsp_trailing_bits: a one, then zeros to the end of the byte.</summary>
    public void Trail()
    {
        Bits(1, 1);
        Align();
    }

    private void Add(byte value)
    {
        if (_count == _bytes.Length)
        {
            Array.Resize(ref _bytes, _count * 2);
        }

        _bytes[_count++] = value;
    }
}
