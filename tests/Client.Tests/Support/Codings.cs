using System.IO.Compression;

namespace Chuizi.Video.Client.Tests.Support;

/// <summary>Compresses bodies as servers do.</summary>
internal static class Codings
{
    /// <summary>The bytes in a content coding; unchanged for a coding that .NET does not have.</summary>
    public static byte[] Pack(string coding, byte[] plain)
    {
        using MemoryStream packed = new();
        using (Stream stream = coding switch
        {
            "gzip" or "x-gzip" => new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "deflate" => new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "raw-deflate" => new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "br" => new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            _ => new BufferedStream(packed),
        })
        {
            stream.Write(plain);
            stream.Flush();
            if (stream is BufferedStream)
            {
                return packed.ToArray();
            }
        }

        return packed.ToArray();
    }
}
