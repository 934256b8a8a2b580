using System.Buffers;
using System.Text.Json;

namespace Chuizi.Video.Sandbox.Http;

/// <summary>Creates JSON responses.</summary>
internal static class JsonReply
{
    /// <summary>A response with one object. <paramref name="write"/> writes its members.</summary>
    public static HttpReply Of(int status, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return new HttpReply(status) { ContentType = HttpReply.Json, Body = new MemoryBody(buffer.WrittenMemory) };
    }
}
