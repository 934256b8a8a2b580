using System.Globalization;
using System.Text.Json;

namespace Chuizi.Video.Client.Text;

/// <summary>Tolerant reading of the API's JSON: a field that is missing, null or of another type reads as null.</summary>
internal static class Json
{
    /// <summary>The highest accepted amount, in USD. Higher ones are ignored, so that sums cannot overflow.</summary>
    public const decimal HighestAmount = 1_000_000_000;

    /// <summary>
    /// The body from its first JSON value on: without the byte order mark that some servers send, the prefix that protects against
    /// inclusion as a script, or the field name of an event stream. Markup is not searched for JSON.
    /// </summary>
    public static ReadOnlyMemory<byte> Payload(ReadOnlyMemory<byte> body)
    {
        body = body.Span.StartsWith("\uFEFF"u8) ? body[3..] : body;
        ReadOnlySpan<byte> text = body.Span.TrimStart(" \t\r\n"u8);
        if (text is [] or [(byte)'{' or (byte)'[' or (byte)'<', ..])
        {
            return body;
        }

        int start = text.IndexOfAny((byte)'{', (byte)'[');
        return start < 0 ? body : body[(body.Length - text.Length + start)..];
    }

    /// <summary>The field with this name, of any type.</summary>
    public static JsonElement? Find(JsonElement parent, string name)
    {
        if (parent.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        try
        {
            return parent.TryGetProperty(name, out JsonElement value) ? value : null;
        }
        catch (InvalidOperationException)
        {
            // Another field's name has an unpaired surrogate. That must not hide the id of a billed job.
            return parent.EnumerateObject()
                .Where(field => NameOf(field) == name)
                .Select(field => (JsonElement?)field.Value)
                .LastOrDefault();
        }
    }

    public static JsonElement? Object(JsonElement parent, string name) =>
        Find(parent, name) is { ValueKind: JsonValueKind.Object } value ? value : null;

    /// <summary>A string, or a number as text, without control characters, because it is shown.</summary>
    public static string? Text(JsonElement parent, string name) => Find(parent, name) is { } value ? Text(value) : null;

    /// <summary>A string, or a number as text, unchanged: for ids and addresses.</summary>
    public static string? Exact(JsonElement parent, string name) => Find(parent, name) is { } value ? Exact(value) : null;

    public static string? Text(JsonElement value) => Exact(value) is { } text ? TerminalText.WithoutControls(text) : null;

    private static string? Exact(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.GetRawText(),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            // An unpaired surrogate, or bytes that are not UTF-8.
            return null;
        }
    }

    /// <summary>A number, or a string with a number. Never parsed as binary floating point, because it may be money.</summary>
    public static decimal? Money(JsonElement parent, string name) =>
        decimal.TryParse(Text(parent, name), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal value) ? value : null;

    /// <summary>A price or a cost; null if it is out of range, such as -1 for "it depends".</summary>
    public static decimal? Amount(JsonElement parent, string name) =>
        // The division removes zeros at the end: $3.20000000 would be written to lists as it is.
        Money(parent, name) is >= 0 and <= HighestAmount and { } value ? value / 1.0000000000000000000000000000m : null;

    public static int? Whole(JsonElement parent, string name) =>
        Money(parent, name) is >= 0 and <= int.MaxValue and { } value ? (int)value : null;

    /// <summary>The strings of an array; null if the field is not an array.</summary>
    public static string[]? Texts(JsonElement parent, string name) =>
        Find(parent, name) is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(Text).OfType<string>()]
            : null;

    /// <summary>The name of a field; null if it has an unpaired surrogate.</summary>
    public static string? NameOf(JsonProperty field)
    {
        try
        {
            return field.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
