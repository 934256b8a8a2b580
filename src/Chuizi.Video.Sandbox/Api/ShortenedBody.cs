using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Chuizi.Video.Sandbox.Api;

/// <summary>The body that a job keeps: whole up to 64 KiB, otherwise with shortened strings that can still be identified.</summary>
internal static class ShortenedBody
{
    private const int LongestWhole = 64 * 1024;
    private const int LongestString = 1024;
    private const int KeptStart = 48;

    /// <summary>Shortens a body. <paramref name="body"/> must be valid JSON.</summary>
    public static string Of(ReadOnlySpan<byte> body)
    {
        if (body.Length <= LongestWhole)
        {
            return Encoding.UTF8.GetString(body);
        }

        var buffer = new ArrayBufferWriter<byte>(LongestWhole);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            var reader = new Utf8JsonReader(body);
            while (reader.Read())
            {
                Copy(ref reader, writer);
            }
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Copy(ref Utf8JsonReader reader, Utf8JsonWriter writer)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                writer.WriteStartObject();
                break;
            case JsonTokenType.EndObject:
                writer.WriteEndObject();
                break;
            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                break;
            case JsonTokenType.EndArray:
                writer.WriteEndArray();
                break;
            case JsonTokenType.PropertyName:
                writer.WritePropertyName(reader.GetString()!);
                break;
            case JsonTokenType.String when reader.ValueSpan.Length > LongestString:
                writer.WriteStringValue(Describe(ref reader));
                break;
            case JsonTokenType.String:
                writer.WriteStringValue(reader.GetString());
                break;
            default:
                writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                break;
        }
    }

    private static string Describe(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return Describe(reader.ValueSpan);
        }

        byte[] text = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            return Describe(text.AsSpan(0, reader.CopyString(text)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(text);
        }
    }

    private static string Describe(ReadOnlySpan<byte> text) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Encoding.UTF8.GetString(text[..KeptStart])}… ({text.Length} bytes, SHA-256 {Convert.ToHexString(SHA256.HashData(text))})");
}
