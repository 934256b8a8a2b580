using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Chuizi.Video.Client.Text;

/// <summary>
/// Stands for a text that is only compared, in a tenth of its memory, which matters for hundreds of thousands of paths. It is half a
/// SHA-256, so different texts have different hashes.
/// </summary>
internal readonly record struct TextHash(ulong High, ulong Low)
{
    /// <summary>The hash of a text.</summary>
    public static TextHash Of(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan()), hash);
        return new TextHash(BinaryPrimitives.ReadUInt64LittleEndian(hash), BinaryPrimitives.ReadUInt64LittleEndian(hash[sizeof(ulong)..]));
    }
}
