using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace Chuizi.Video.Client.Text;

/// <summary>
/// Texts of one object, each with a number from 0 to 63, in one array of bytes. An object for each text would need several times the
/// memory, which matters for objects of which there are hundreds of thousands. A copy does not change with the original.
/// </summary>
internal struct PackedTexts
{
    private const int FormBits = 2;
    private const int LengthBits = 7;

    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789abcdef");

    /// <summary>Each text is its number and form, its length in bytes, and its bytes. Never changed, only replaced.</summary>
    private byte[]? _bytes;

    /// <summary>How the characters of a text are stored, so that every text comes back unchanged.</summary>
    private enum Form
    {
        /// <summary>One byte for each character.</summary>
        Latin1,

        /// <summary>Two bytes for each character.</summary>
        Utf16,

        /// <summary>One byte for two lowercase hexadecimal digits.</summary>
        Hex,
    }

    /// <summary>A text; null if it is not set.</summary>
    public readonly string? this[int number] => Find(number, out Form form, out ReadOnlySpan<byte> bytes, out _)
        ? form switch
        {
            Form.Latin1 => Encoding.Latin1.GetString(bytes),
            Form.Utf16 => new string(MemoryMarshal.Cast<byte, char>(bytes)),
            _ => Convert.ToHexString(bytes).ToLowerInvariant(),
        }
        : null;

    /// <summary>Whether a text is set.</summary>
    public readonly bool Has(int number) => Find(number, out _, out _, out _);

    /// <summary>Whether a text is set and equal to another.</summary>
    public readonly bool Equals(int number, ReadOnlySpan<char> other, StringComparison comparison = StringComparison.Ordinal)
    {
        if (!Find(number, out Form form, out ReadOnlySpan<byte> bytes, out _))
        {
            return false;
        }

        if (form != Form.Latin1 || bytes.Length != other.Length)
        {
            return form != Form.Latin1 && this[number].AsSpan().Equals(other, comparison);
        }

        const int Short = 256;
        Span<char> text = bytes.Length <= Short ? stackalloc char[Short] : new char[bytes.Length];
        return ((ReadOnlySpan<char>)text[..Encoding.Latin1.GetChars(bytes, text)]).Equals(other, comparison);
    }

    /// <summary>Sets a text; null removes it.</summary>
    public void Set(int number, string? text)
    {
        ReadOnlySpan<byte> before = _bytes;
        ReadOnlySpan<byte> after = [];
        if (Find(number, out _, out _, out Range place))
        {
            (int start, int length) = place.GetOffsetAndLength(_bytes!.Length);
            before = _bytes.AsSpan(0, start);
            after = _bytes.AsSpan(start + length);
        }

        if (text is null)
        {
            _bytes = before.Length + after.Length == 0 ? null : [.. before, .. after];
            return;
        }

        (Form form, int size) = FormOf(text);
        byte[] bytes = new byte[before.Length + after.Length + 1 + SizeOfLength(size) + size];
        before.CopyTo(bytes);
        after.CopyTo(bytes.AsSpan(before.Length));
        int at = before.Length + after.Length;
        bytes[at++] = (byte)((number << FormBits) | (int)form);
        int rest = size;
        for (; rest >= 1 << LengthBits; rest >>= LengthBits)
        {
            bytes[at++] = (byte)(rest | (1 << LengthBits));
        }

        bytes[at++] = (byte)rest;
        Write(text, form, bytes.AsSpan(at));
        _bytes = bytes;
    }

    private readonly bool Find(int number, out Form form, out ReadOnlySpan<byte> bytes, out Range place)
    {
        ReadOnlySpan<byte> all = _bytes;
        for (int start = 0; start < all.Length;)
        {
            int at = start + 1;
            int length = 0;
            int shift = 0;
            byte part;
            do
            {
                part = all[at++];
                length |= (part & ((1 << LengthBits) - 1)) << shift;
                shift += LengthBits;
            }
            while (part >= 1 << LengthBits);

            if (all[start] >> FormBits == number)
            {
                form = (Form)(all[start] & ((1 << FormBits) - 1));
                bytes = all.Slice(at, length);
                place = start..(at + length);
                return true;
            }

            start = at + length;
        }

        form = default;
        bytes = default;
        place = default;
        return false;
    }

    private static (Form Form, int Size) FormOf(string text) =>
        text.Length % 2 == 0 && !text.AsSpan().ContainsAnyExcept(s_digits) ? (Form.Hex, text.Length / 2)
        : !text.AsSpan().ContainsAnyExceptInRange('\0', '\u00FF') ? (Form.Latin1, text.Length)
        : (Form.Utf16, text.Length * 2);

    private static int SizeOfLength(int size)
    {
        int count = 1;
        for (; size >= 1 << LengthBits; size >>= LengthBits)
        {
            count++;
        }

        return count;
    }

    private static void Write(string text, Form form, Span<byte> target)
    {
        switch (form)
        {
            case Form.Latin1:
                Encoding.Latin1.GetBytes(text, target);
                break;
            case Form.Utf16:
                MemoryMarshal.AsBytes(text.AsSpan()).CopyTo(target);
                break;
            default:
                for (int index = 0; index < target.Length; index++)
                {
                    target[index] = (byte)((DigitOf(text[2 * index]) << 4) | DigitOf(text[2 * index + 1]));
                }

                break;
        }
    }

    private static int DigitOf(char digit) => digit <= '9' ? digit - '0' : digit - 'a' + 10;
}
