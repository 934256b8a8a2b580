using System.Collections;
using System.Globalization;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Rows;

/// <summary>
/// Converts what rows hold to what the API takes, independent of culture. A value that does not convert throws
/// <see cref="FormatException"/> with a sentence that says what would be right.
/// </summary>
internal static class ValueReader
{
    private const int LongestQuote = 60;
    private const int DeepestNesting = 8;

    /// <summary>Whether nothing is given: null, DBNull or blank text.</summary>
    public static bool IsBlank(object? value) => value is null or DBNull || (value is string text && string.IsNullOrWhiteSpace(text));

    /// <summary>A text, trimmed at both ends; numbers in their plain form.</summary>
    public static string? Text(string name, object? value) => value switch
    {
        _ when IsBlank(value) => null,
        string text => text.Trim(),
        FileSystemInfo file => file.FullName,
        Uri address => address.OriginalString,
        char or byte or sbyte or short or ushort or int or uint or long or ulong or float or double or decimal or Guid or Enum =>
            Convert.ToString(value, CultureInfo.InvariantCulture),
        _ => throw new FormatException($"{name} is a {TypeName(value)}, not text."),
    };

    /// <summary>A whole number of seconds from 1.</summary>
    public static int? Seconds(string name, object? value)
    {
        if (IsBlank(value))
        {
            return null;
        }

        decimal? number = value switch
        {
            byte or sbyte or short or ushort or int or uint or long or ulong or decimal => Convert.ToDecimal(
                value,
                CultureInfo.InvariantCulture),
            double or float when Convert.ToDouble(value, CultureInfo.InvariantCulture) is > -1e9 and < 1e9 and double real => (decimal)real,
            TimeSpan time => (decimal)time.TotalSeconds,
            string text
                when decimal.TryParse(
                    text.Trim(),
                    NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out decimal parsed
                ) => parsed,
            _ => null,
        };
        return number is >= 1 and <= int.MaxValue and { } seconds && seconds == decimal.Truncate(seconds)
            ? (int)seconds
            : throw new FormatException($"{name} {Quote(value)} is not a whole number of seconds from 1; give 8, for example.");
    }

    /// <summary>An amount of money from 0; a leading dollar sign will do.</summary>
    public static decimal? Money(string name, object? value)
    {
        if (IsBlank(value))
        {
            return null;
        }

        decimal? number = value switch
        {
            byte or sbyte or short or ushort or int or uint or long or ulong or decimal => Convert.ToDecimal(
                value,
                CultureInfo.InvariantCulture),
            double or float when Convert.ToDouble(value, CultureInfo.InvariantCulture) is > -1e9 and < 1e9 and double real => (decimal)real,
            string text
                when decimal.TryParse(
                    text.Trim().TrimStart('$'),
                    NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out decimal parsed
                ) => parsed,
            _ => null,
        };
        return number is >= 0 and <= Json.HighestAmount
            ? number
            : throw new FormatException($"{name} {Quote(value)} is no amount in USD; give 0.15, for example.");
    }

    /// <summary>True or false.</summary>
    public static bool? Boolean(string name, object? value) => value switch
    {
        _ when IsBlank(value) => null,
        bool flag => flag,
        int or long or short or byte when Convert.ToInt64(value, CultureInfo.InvariantCulture) is >= 0 and <= 1 and long bit => bit == 1,
        string text when text.Trim().ToUpperInvariant() is "TRUE" or "YES" or "ON" or "1" or "$TRUE" => true,
        string text when text.Trim().ToUpperInvariant() is "FALSE" or "NO" or "OFF" or "0" or "$FALSE" => false,
        _ => throw new FormatException($"{name} {Quote(value)} is neither true nor false."),
    };

    /// <summary>
    /// Several values: a list, or one text with semicolons between them (a data URL, which has semicolons of its own, stays whole).
    /// </summary>
    /// <param name="value">What is given.</param>
    /// <param name="depth">How deep in other lists it is; a list may contain itself.</param>
    public static IReadOnlyList<object> List(object? value, int depth = 0) => value switch
    {
        _ when IsBlank(value) => [],
        _ when depth > DeepestNesting => throw new FormatException("The list is nested too deeply."),
        string text when text.TrimStart().StartsWith("data:", StringComparison.OrdinalIgnoreCase) => [text],
        string text => text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        IEnumerable list => [.. list.Cast<object?>().SelectMany(item => List(item, depth + 1))],
        _ => [value!],
    };

    /// <summary>Extra body fields by name, in order.</summary>
    public static IReadOnlyDictionary<string, object?> Fields(string name, object? value)
    {
        if (IsBlank(value))
        {
            return new Dictionary<string, object?>();
        }

        if (value is not IDictionary map)
        {
            throw new FormatException(
                $"{name} is a {TypeName(value)}, not a hashtable of extra fields; give @{{ seed = 7 }}, for example.");
        }

        Dictionary<string, object?> fields = new(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in map)
        {
            if (entry.Key is not string { Length: > 0 } field)
            {
                throw new FormatException($"{name} has a field whose name is no text: {Quote(entry.Key)}.");
            }

            if (JsonValue.WhyNot(entry.Value) is { } why)
            {
                throw new FormatException($"{name}: the field '{field}' {why}.");
            }

            fields[field] = entry.Value;
        }

        return fields;
    }

    /// <summary>A value for a message: quoted, in one line, cut.</summary>
    public static string Quote(object? value)
    {
        string text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        string line = string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));
        line = SecretRedactor.Mask(line);
        return line.Length > LongestQuote ? $"'{line[..LongestQuote]}…'" : $"'{line}'";
    }

    private static string TypeName(object? value) =>
        value is null ? "null"
        : value is IEnumerable and not string ? "list"
        : value.GetType().Name;
}
