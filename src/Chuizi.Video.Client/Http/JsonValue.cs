using System.Collections;
using System.Text.Json;

namespace Chuizi.Video.Client.Http;

/// <summary>Plain .NET values as JSON, for the extra body fields of a request.</summary>
internal static class JsonValue
{
    private const int DeepestNesting = 32;

    /// <summary>Why <paramref name="value"/> cannot be written as JSON; null where it can.</summary>
    public static string? WhyNot(object? value, int depth = 0) => value switch
    {
        _ when depth > DeepestNesting => "is nested too deeply",
        null or string or bool or int or long or short or sbyte or byte or ushort or uint or ulong or decimal or Uri or Guid or DateTime or DateTimeOffset => null,
        double number => double.IsFinite(number) ? null : "is not a finite number",
        float number => float.IsFinite(number) ? null : "is not a finite number",
        IDictionary map => map.Keys.Cast<object>().Any(key => key is not string)
            ? "has a key that is no text"
            : map.Values.Cast<object?>().Select(item => WhyNot(item, depth + 1)).FirstOrDefault(why => why is not null),
        IEnumerable list => list.Cast<object?>().Select(item => WhyNot(item, depth + 1)).FirstOrDefault(why => why is not null),
        _ => $"is a {value.GetType().Name}, which has no form in JSON",
    };

    /// <summary>Writes a value that <see cref="WhyNot"/> has nothing against.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="value">The value.</param>
    /// <param name="isSorted">Whether the fields of objects come in the order of their names.</param>
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
            default: throw new ArgumentException($"A {value.GetType()} has no form in JSON.", nameof(value));
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
