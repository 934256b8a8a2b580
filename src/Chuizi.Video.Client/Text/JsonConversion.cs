using System.Buffers;
using System.Collections;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Chuizi.Video.Client.Text;

/// <summary>Converts plain .NET values to JSON and back, and masks the secrets in JSON.</summary>
internal static class JsonConversion
{
    private const int DeepestNesting = 32;

    /// <summary>Why <paramref name="value"/> cannot be written as JSON; null if it can.</summary>
    public static string? GetProblem(object? value, int depth = 0) =>
        value switch
        {
            _ when depth > DeepestNesting => "is nested too deeply",
            string text => IsWhole(text) ? null : "contains an incomplete character (an unpaired surrogate), which JSON does not allow",
            null
            or bool
            or int
            or long
            or short
            or sbyte
            or byte
            or ushort
            or uint
            or ulong
            or decimal
            or Uri
            or Guid
            or DateTime
            or DateTimeOffset => null,
            double number => double.IsFinite(number) ? null : "is not a finite number",
            float number => float.IsFinite(number) ? null : "is not a finite number",
            IDictionary map => map.Keys.Cast<object>().Any(key => key is not string) ? "has a key that is not a string"
                : !map.Keys.Cast<string>().All(IsWhole) ? "has a key with an incomplete character (an unpaired surrogate)"
                : map.Values.Cast<object?>().Select(item => GetProblem(item, depth + 1)).FirstOrDefault(why => why is not null),
            IEnumerable list => list.Cast<object?>().Select(item => GetProblem(item, depth + 1)).FirstOrDefault(why => why is not null),
            _ => $"is a {value.GetType().Name}, which cannot be converted to JSON",
        };

    /// <summary>Whether a text has no unpaired surrogate, which the encoder would silently replace with another character.</summary>
    public static bool IsWhole(string text)
    {
        for (int at = 0; at < text.Length; at++)
        {
            if (char.IsSurrogate(text[at]) && !(at + 1 < text.Length && char.IsSurrogatePair(text[at], text[++at])))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Writes a value for which <see cref="GetProblem"/> returns null.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="value">The value.</param>
    /// <param name="isSorted">Whether the fields of objects are sorted by name.</param>
    public static void Write(Utf8JsonWriter json, object? value, bool isSorted = false)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case string text: json.WriteStringValue(text); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case decimal number: json.WriteNumberValue(number); break;
            case double number: json.WriteNumberValue(number); break;
            case float number: json.WriteNumberValue(number); break;
            case ulong number: json.WriteNumberValue(number); break;
            case int or long or short or sbyte or byte or ushort or uint: json.WriteNumberValue(Convert.ToInt64(value, null)); break;
            case DateTime time: json.WriteStringValue(time); break;
            case DateTimeOffset time: json.WriteStringValue(time); break;
            case Uri address: json.WriteStringValue(address.OriginalString); break;
            case Guid: json.WriteStringValue(value.ToString()); break;
            case IDictionary map: WriteObject(json, map, isSorted); break;
            case IEnumerable list:
                json.WriteStartArray();
                foreach (object? item in list)
                {
                    Write(json, item, isSorted);
                }

                json.WriteEndArray();
                break;
            default: throw new ArgumentException($"A {value.GetType()} cannot be converted to JSON.", nameof(value));
        }
    }

    /// <summary>Converts fields for which <see cref="GetProblem"/> returns null to a JSON object.</summary>
    public static JsonElement ToElement(IReadOnlyDictionary<string, object?> fields) =>
        ToElement((object)fields.ToDictionary(StringComparer.Ordinal));

    /// <summary>Converts a value for which <see cref="GetProblem"/> returns null to JSON.</summary>
    public static JsonElement ToElement(object? value)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            Write(json, value);
        }

        using JsonDocument document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    /// <summary>
    /// Converts a value for which <see cref="GetProblem"/> returns null to JSON text, in which URLs stay readable, so that signatures in
    /// them are found.
    /// </summary>
    public static string ToText(object? value)
    {
        ArrayBufferWriter<byte> buffer = new();
        JsonWriterOptions options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (Utf8JsonWriter json = new(buffer, options))
        {
            Write(json, value);
        }

        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>
    /// JSON with the secrets in its names and texts masked. In finished JSON text, an escaped quote would look like a part of a secret.
    /// </summary>
    public static byte[] ToMaskedUtf8(JsonElement element, bool isIndented = false)
    {
        ArrayBufferWriter<byte> buffer = new();
        JsonWriterOptions options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = isIndented };
        using (Utf8JsonWriter json = new(buffer, options))
        {
            WriteMasked(json, element);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>As <see cref="ToElement(object)"/>, with secrets masked.</summary>
    public static JsonElement ToMaskedElement(object? value)
    {
        using JsonDocument document = JsonDocument.Parse(ToMaskedUtf8(ToElement(value)));
        return document.RootElement.Clone();
    }

    /// <summary>
    /// Converts JSON to plain .NET values: whole numbers to <see cref="long"/>, others to <see cref="decimal"/> if they fit.
    /// </summary>
    public static object? FromElement(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element
                .EnumerateObject()
                .GroupBy(NameOf, StringComparer.Ordinal)
                .ToDictionary(fields => fields.Key, fields => FromElement(fields.Last().Value), StringComparer.Ordinal),
            JsonValueKind.Array => element.EnumerateArray().Select(FromElement).ToArray(),
            JsonValueKind.String => TextOf(element),
            JsonValueKind.Number => element.TryGetInt64(out long whole) ? whole
            : element.TryGetDecimal(out decimal number) ? number
            : element.GetDouble(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        };

    private static void WriteMasked(Utf8JsonWriter json, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (JsonProperty field in element.EnumerateObject())
                {
                    json.WritePropertyName(SecretRedactor.Mask(field.Name));
                    WriteMasked(json, field.Value);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (JsonElement item in element.EnumerateArray())
                {
                    WriteMasked(json, item);
                }

                json.WriteEndArray();
                break;
            case JsonValueKind.String: json.WriteStringValue(SecretRedactor.Mask(element.GetString()!)); break;
            default: element.WriteTo(json); break;
        }
    }

    private static string TextOf(JsonElement element)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // An unpaired surrogate, in a ledger that was edited by hand: keep the escaped text.
            return element.GetRawText()[1..^1];
        }
    }

    private static string NameOf(JsonProperty field)
    {
        try
        {
            return field.Name;
        }
        catch (InvalidOperationException)
        {
            return field.ToString().Split(':')[0].Trim('"');
        }
    }

    private static void WriteObject(Utf8JsonWriter json, IDictionary map, bool isSorted)
    {
        json.WriteStartObject();
        IEnumerable<string> names = map.Keys.Cast<string>();
        foreach (string name in isSorted ? names.Order(StringComparer.Ordinal) : names)
        {
            json.WritePropertyName(name);
            Write(json, map[name], isSorted);
        }

        json.WriteEndObject();
    }
}
