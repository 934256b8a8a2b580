using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Chuizi.Video.Client.Ledger;

/// <summary>Converts records to lines of text and back.</summary>
internal static class LedgerSerializer
{
    private static readonly JsonWriterOptions s_writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The start of every line.</summary>
    public static ReadOnlySpan<byte> Start => "{\"step\":\""u8;

    /// <summary>Writes the record, with long texts cut, and a line feed.</summary>
    public static void Write(IBufferWriter<byte> buffer, LedgerRecord record)
    {
        using (Utf8JsonWriter json = new(buffer, s_writing))
        {
            JsonSerializer.Serialize(json, record.Shortened(), LedgerJsonContext.Default.LedgerRecord);
        }

        buffer.Write("\n"u8);
    }

    /// <summary>Reads the record of a line; null if the line is damaged.</summary>
    public static LedgerRecord? Read(ReadOnlySpan<byte> line)
    {
        try
        {
            // The serializer does not check the UTF-8 of a field that may be any JSON, and fails when the field is used.
            return Utf8.IsValid(line)
                && JsonSerializer.Deserialize(line, LedgerJsonContext.Default.LedgerRecord) is { Step.Length: > 0 } record
                ? record
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Reads the fields before the damage of a damaged line; null if they do not identify the submission.</summary>
    public static LedgerRecord? Salvage(ReadOnlySpan<byte> line)
    {
        LedgerRecord found = new();
        Utf8JsonReader reader = new(line, isFinalBlock: false, default);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1)
                {
                    string? name = reader.GetString();
                    string? value = reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                    _ = name switch
                    {
                        "step" => found.Step = value ?? "",
                        "entry" => found.Entry = value,
                        "key" => found.Key = value,
                        "id" => found.Id = value,
                        "origin" => found.Origin = value,
                        "run" => found.Run = value,
                        "again" => found.Again = value,
                        _ => null,
                    };
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Damaged from here on.
        }

        return found is { Step.Length: > 0, Entry: not null, Origin: not null } ? found : null;
    }
}
