using System.Text;
using System.Text.Json;
using CsCheck;

namespace Chuizi.Video.Client.Tests.BadInput;

/// <summary>
/// Valid JSON with one to three bad fields: missing, null, of another type, huge, nested, duplicated, or in another case.
/// </summary>
internal static class JsonDamage
{
    private static readonly string[] s_values =
    [
        "null",
        "true",
        "false",
        "0",
        "-1",
        "1.5",
        "1e400",
        "-1e-400",
        "99999999999999999999999999999999999999",
        "2147483648",
        "\"\"",
        "\" \"",
        "\"x\"",
        "[]",
        "{}",
        "[null]",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\u0000\"",
        "\"\\u001b[2J\\u009b31m\\rowned\"",
        "\"\u202e\"",
        "\"NaN\"",
        "\"http:\"",
        "\"file:///etc/passwd\"",
        "\"javascript:alert(1)\"",
        "\"9999-12-31T23:59:59-14:00\"",
        "\"ck-abcdefghijklmnopqrstuvwxyz012345\"",
        "[1,2]",
        "{\"id\":null}",
        "{\"message\":{}}",
    ];

    private static readonly Func<string, string, string>[] s_changes =
    [
        (_, _) => "",
        (name, value) => $"\"{name}\":[{value}]",
        (name, value) => $"\"{name}\":{{\"{name}\":{value}}}",
        (name, value) => $"\"{name}\":{value},\"{name}\":null",
        (name, value) => $"\"{name}\":null,\"{name}\":{value}",
        (name, value) => $"\"{name.ToUpperInvariant()}\":{value}",
        (name, value) => $"\"\\u{(int)name[0]:x4}{name[1..]}\":{value}",
        (name, value) => $"\"{name}\\u0000\":{value}",
        (name, value) => $"\"x\":{{\"{name}\":7}},\"{name}\":{value}",
        (name, value) => $"\"\\ud800\":1,\"{name}\":{value}",
        (name, _) => $"\"{name}\":\"{new string('x', 70_000)}\"",
        (name, _) => $"\"{name}\":{new string('9', 5000)}",
        (name, value) => $"\"{name}\":{new string('[', 60)}{value}{new string(']', 60)}",
        (name, value) => $"\"x\":{new string('[', 5000)}{new string(']', 5000)},\"{name}\":{value}",
        (name, value) => string.Concat(Enumerable.Range(0, 500).Select(number => $"\"x{number}\":0,")) + $"\"{name}\":{value}",
    ];

    /// <summary>One of the texts, damaged.</summary>
    public static Gen<string> Of(params string[] valid) =>
        Gen.Select(
                Gen.Int[0, valid.Length - 1],
                Gen.Select(Gen.Int[0, 1000], Gen.Int[0, s_values.Length + s_changes.Length - 1]).Array[1, 3])
            .Select((which, changes) => changes.Aggregate(valid[which], (json, change) => Change(json, change.Item1, change.Item2)));

    /// <summary>All strings in the JSON, except field names.</summary>
    public static IEnumerable<string> Texts(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(field => Texts(field.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Texts),
        JsonValueKind.String => Text(element) is { } text ? [text] : [],
        JsonValueKind.Number => [element.GetRawText()],
        _ => [],
    };

    private static string? Text(JsonElement element)
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string Change(string json, int place, int change)
    {
        using JsonDocument document = Parse(json);
        if (document.RootElement.ValueKind == JsonValueKind.Undefined)
        {
            return json;
        }

        StringBuilder text = new();
        int fields = Count(document.RootElement);
        int left = fields == 0 ? -1 : place % fields;
        Write(
            text,
            document.RootElement,
            ref left,
            change < s_values.Length ? (name, _) => $"\"{name}\":{s_values[change]}" : s_changes[change - s_values.Length]);
        return text.ToString();
    }

    private static JsonDocument Parse(string json) => JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 100_000 });

    private static int Count(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Sum(field => 1 + Count(field.Value)),
        JsonValueKind.Array when element.GetArrayLength() < 50 && element.GetRawText().Length < 2000 => element.EnumerateArray().Sum(Count),
        _ => 0,
    };

    private static void Write(StringBuilder text, JsonElement element, ref int left, Func<string, string, string> change)
    {
        if (element.ValueKind == JsonValueKind.Array && element.GetRawText().Length < 2000)
        {
            List<string> items = [];
            foreach (JsonElement item in element.EnumerateArray())
            {
                StringBuilder one = new();
                Write(one, item, ref left, change);
                items.Add(one.ToString());
            }

            text.Append('[').AppendJoin(',', items).Append(']');
            return;
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            text.Append(element.GetRawText());
            return;
        }

        List<string> fields = [];
        foreach (JsonProperty field in element.EnumerateObject())
        {
            bool isIt = left-- == 0;
            StringBuilder value = new();
            Write(value, field.Value, ref left, change);
            string raw = field.ToString();
            string name = raw[1..raw.IndexOf("\":", StringComparison.Ordinal)];
            fields.Add(
                isIt && name.Length > 0 && !name.Contains('\\', StringComparison.Ordinal)
                    ? change(name, value.ToString())
                    : $"\"{name}\":{value}");
        }

        text.Append('{').AppendJoin(',', fields.Where(field => field.Length > 0)).Append('}');
    }
}
