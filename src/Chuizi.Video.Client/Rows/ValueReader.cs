using System.Collections;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Rows;

/// <summary>
/// Converts the values of rows to what the API accepts, independent of culture. Throws <see cref="FormatException"/> for an invalid value,
/// with a message that says what is accepted.
/// </summary>
internal static class ValueReader
{
    private const int LongestQuote = 60;
    private const int DeepestNesting = 8;

    private static readonly Regex s_ratio = new(
        @"^0?(?<wide>[1-9][0-9]?)(?:[:\u2236\uA789xX\u00D7*/]|by)0?(?<high>[1-9][0-9]?)$",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    private static readonly Regex s_resolution = new(
        @"^(?:(?<side>[0-9]{3,4})[xX\u00D7*])?(?<lines>[0-9]{3,4})[pP]?$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    private static readonly Regex s_secondsUnit = new(
        @"(?<=[0-9])(?:s|sec|secs|seconds?)\.?$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1));

    /// <summary>What people put between two URLs in a cell. Inside a URL, another one follows "=" or "/".</summary>
    private static readonly Regex s_betweenUrls = new(
        @"[\s,|]+(?=https?://)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1));

    private static readonly Regex s_number = new(
        @"^-?(?:0|[1-9][0-9]{0,15})(?:\.[0-9]{1,12})?$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    /// <summary>Whether the value is not specified: null, DBNull or blank text.</summary>
    public static bool IsBlank(object? value) => value is null or DBNull || (value is string text && string.IsNullOrWhiteSpace(text));

    /// <summary>A trimmed string; numbers are formatted with the invariant culture.</summary>
    public static string? Text(string name, object? value) => value switch
    {
        _ when IsBlank(value) => null,
        string text => text.Trim(),
        FileSystemInfo file => file.FullName,
        Uri address => address.OriginalString,
        char or byte or sbyte or short or ushort or int or uint or long or ulong or float or double or decimal or Guid or Enum =>
            Convert.ToString(value, CultureInfo.InvariantCulture),
        _ => throw new FormatException($"{name} is {TypeName(value)}, not text."),
    };

    /// <summary>
    /// An aspect ratio such as 16:9. Spreadsheets write it as a time (16:09), and people with another sign (16x9, 16/9, a full-width
    /// colon).
    /// </summary>
    public static string? Ratio(string name, object? value)
    {
        if (value is not (null or DBNull or string))
        {
            throw new FormatException(NotARatio(name, value));
        }

        if (Plain(Text(name, value)) is not { } text)
        {
            return null;
        }

        return s_ratio.Match(text) is { Success: true } match
            ? $"{match.Groups["wide"].Value.TrimStart('0')}:{match.Groups["high"].Value.TrimStart('0')}"
            : throw new FormatException(NotARatio(name, value));
    }

    /// <summary>A resolution such as 1080P, in the spelling of the contract. The size of a frame and a bare number are accepted.</summary>
    public static string? Resolution(string name, object? value) => Plain(Text(name, value)) is not { } text ? null
        : s_resolution.Match(text) is { Success: true } match ? Lines(match) + "P"
        : throw new FormatException(
            $"{name} {Quote(value)} is not valid. Use 720P or 1080P. To send another value unchanged, use -AdditionalBody @{{ resolution = "
                + "'...' }.");

    /// <summary>The shorter side of a frame, because a portrait video is higher than wide.</summary>
    private static string Lines(Match match) => match.Groups["side"].Success
        && int.Parse(match.Groups["side"].ValueSpan, CultureInfo.InvariantCulture)
            < int.Parse(match.Groups["lines"].ValueSpan, CultureInfo.InvariantCulture)
        ? match.Groups["side"].Value
        : match.Groups["lines"].Value;

    /// <summary>A value of a cell: text that is a number, true or false in JSON becomes that value.</summary>
    public static object Scalar(object value)
    {
        if (value is not string text)
        {
            return value;
        }

        text = text.Trim();
        return text switch
        {
            "true" or "TRUE" or "True" => true,
            "false" or "FALSE" or "False" => false,
            _ when !s_number.IsMatch(text) => text,
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) => whole,
            _ => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
        };
    }

    /// <summary>A whole number of seconds, 1 or more.</summary>
    public static int? Seconds(string name, object? value)
    {
        if (IsBlank(value))
        {
            return null;
        }

        decimal? number = value is TimeSpan time
            ? (decimal)time.TotalSeconds
            : Number(value, text => s_secondsUnit.Replace(Plain(text) ?? "", ""));
        return number is >= 1 and <= int.MaxValue and { } seconds && seconds == decimal.Truncate(seconds)
            ? (int)seconds
            : throw new FormatException($"{name} {Quote(value)} is not valid. Use a whole number of seconds, 1 or more, such as 8.");
    }

    /// <summary>A whole number from 1 to <paramref name="most"/>.</summary>
    public static int? Count(string name, object? value, int most)
    {
        if (IsBlank(value))
        {
            return null;
        }

        return Number(value, Plain) is >= 1 and { } number && number <= most && number == decimal.Truncate(number)
            ? (int)number
            : throw new FormatException($"{name} {Quote(value)} is not valid. Use a whole number from 1 to {most}.");
    }

    /// <summary>An amount of money, 0 or more; a leading dollar sign is allowed.</summary>
    public static decimal? Money(string name, object? value)
    {
        if (IsBlank(value))
        {
            return null;
        }

        return Number(value, text => text.Trim().TrimStart('$')) is >= 0 and <= Json.HighestAmount and { } amount
            ? amount
            : throw new FormatException($"{name} {Quote(value)} is not a valid amount in USD. Use a number such as 0.15.");
    }

    /// <summary>The number that a value is or, in the invariant culture, its text; null if it is not a number.</summary>
    /// <param name="value">The value.</param>
    /// <param name="clean">Removes from a text what may surround the number.</param>
    private static decimal? Number(object? value, Func<string, string?> clean) => value switch
    {
        byte or sbyte or short or ushort or int or uint or long or ulong or decimal =>
            Convert.ToDecimal(value, CultureInfo.InvariantCulture),
        double or float when Convert.ToDouble(value, CultureInfo.InvariantCulture) is > -1e9 and < 1e9 and double real => (decimal)real,
        string text when decimal.TryParse(
            clean(text),
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out decimal parsed) => parsed,
        _ => null,
    };

    /// <summary>True or false.</summary>
    public static bool? Boolean(string name, object? value) => value switch
    {
        _ when IsBlank(value) => null,
        bool flag => flag,
        int or long or short or byte when Convert.ToInt64(value, CultureInfo.InvariantCulture) is >= 0 and <= 1 and long bit => bit == 1,
        string text when Plain(text)?.ToUpperInvariant() is "TRUE" or "YES" or "ON" or "1" or "$TRUE" => true,
        string text when Plain(text)?.ToUpperInvariant() is "FALSE" or "NO" or "OFF" or "0" or "$FALSE" => false,
        _ => throw new FormatException($"{name} {Quote(value)} is not valid. Use true or false."),
    };

    /// <summary>
    /// Several values: a list, or one text separated by semicolons, or URLs separated by anything usual. A data URL contains semicolons, so
    /// it is not split.
    /// </summary>
    /// <param name="value">The value.</param>
    /// <param name="depth">The nesting depth, which is limited because a list may contain itself.</param>
    public static IReadOnlyList<object> List(object? value, int depth = 0) => value switch
    {
        _ when IsBlank(value) => [],
        _ when depth > DeepestNesting => throw new FormatException("The list is nested too deeply."),
        string text when text.TrimStart().StartsWith("data:", StringComparison.OrdinalIgnoreCase) => [text],
        string text =>
        [
            .. s_betweenUrls.Split(text)
                .SelectMany(part => part.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)),
        ],
        // The form of OpenAI's image_url.
        IDictionary { Count: 1 } map when map["url"] is string address => [address],
        IDictionary map => [map],
        IEnumerable list => [.. list.Cast<object?>().SelectMany(item => List(item, depth + 1))],
        _ => [value!],
    };

    /// <summary>Extra body fields by name, in their order.</summary>
    public static IReadOnlyDictionary<string, object?> Fields(string name, object? value)
    {
        if (IsBlank(value))
        {
            return ReadOnlyDictionary<string, object?>.Empty;
        }

        if (value is string text && text.AsSpan().TrimStart().StartsWith("{") && ObjectOf(text) is { } written)
        {
            value = written;
        }

        if (value is not IDictionary map)
        {
            throw new FormatException(
                $"{name} is {TypeName(value)}, not a hashtable of extra fields. For example: @{{ seed = 7 }}.");
        }

        Dictionary<string, object?> fields = new(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in map)
        {
            if (entry.Key is not string { Length: > 0 } field)
            {
                throw new FormatException($"{name} has a field name that is not a string: {Quote(entry.Key)}.");
            }

            if (JsonConversion.GetProblem(entry.Value) is { } why)
            {
                throw new FormatException($"{name}: the field '{field}' {why}.");
            }

            if (SignedUrl.IsMasked(JsonConversion.ToText(entry.Value)))
            {
                throw new FormatException($"{name}: the field '{field}' has a masked signature. Specify the complete URL.");
            }

            fields[field] = entry.Value;
        }

        return fields;
    }

    /// <summary>The fields of an object in JSON, as an export writes them into a cell; null if it is not one.</summary>
    private static IDictionary? ObjectOf(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return JsonConversion.FromElement(document.RootElement) as IDictionary;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            // Not JSON, or text with an unpaired surrogate.
            return null;
        }
    }

    /// <summary>Formats a value for a message: quoted, on one line, shortened.</summary>
    public static string Quote(object? value)
    {
        string text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        string line = string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));
        return $"'{Truncation.End(SecretRedactor.Mask(line), LongestQuote)}'";
    }

    private static string NotARatio(string name, object? value) =>
        $"{name} {Quote(value)} is not an aspect ratio. Use one such as 16:9; in a spreadsheet, format the column as text. To send another "
            + "value unchanged, use -AdditionalBody @{ aspect_ratio = '...' }.";

    /// <summary>A short value without spaces and invisible characters, in the usual letters and digits; null if nothing is left.</summary>
    private static string? Plain(string? text)
    {
        if (text is null)
        {
            return null;
        }

        string plain = NormalForm.Of(text, NormalizationForm.FormKC);
        plain = string.Concat(TextDamage.WithoutInvisible(plain).Where(letter => !char.IsWhiteSpace(letter)));
        return plain.Length > 0 ? plain : null;
    }

    private static string TypeName(object? value) =>
        value is null ? "null"
        : value is IDictionary ? "an object with fields"
        : value is IEnumerable and not string ? "a list"
        : value.GetType().Name is ['A' or 'E' or 'I' or 'O' or 'U', ..] name ? $"an {name}"
        : $"a {value.GetType().Name}";
}
