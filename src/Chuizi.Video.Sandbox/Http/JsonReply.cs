using System.Buffers;
using System.Text.Json;

namespace Chuizi.Video.Sandbox.Http;

/// <summary>Answers in JSON.</summary>
internal static class JsonReply
{
    /// <summary>An answer with one object, whose members <paramref name="write"/> writes.</summary>
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
