using System.Text.Json;
using System.Text.RegularExpressions;

namespace Chuizi.Video.Client.Rows;

/// <summary>
/// Recognizes lines of a list that was read the wrong way, such as with Get-Content, and that would be billed as prompts.
/// </summary>
internal static partial class RawListLine
{
    private const int LongestHeader = 30;
    private const int DeepestPrompt = 4;

    /// <summary>Extensions of files that contain lists.</summary>
    private static readonly HashSet<string> s_lists = new(
        [".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".xlsx", ".xls", ".ods", ".yaml", ".yml", ".md", ".html", ".htm", ".docx"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the text is the header line of a list with a column for the prompt.</summary>
    /// <param name="text">The trimmed text.</param>
    /// <param name="isLine">Whether it is one of several piped texts, so that a single word can be a header as well.</param>
    public static bool IsHeader(string text, bool isLine)
    {
        string[] cells = [.. text.Split([',', ';', '\t']).Select(cell => cell.Trim().Trim('"', '\uFEFF').Trim())];
        if (!Array.Exists(cells, cell => ColumnNames.Of(cell) == "Prompt") || Array.Exists(cells, cell => cell.Length > LongestHeader))
        {
            return false;
        }

        return cells.Length == 1
            ? isLine
            : cells.Any(cell => ColumnNames.Of(cell) is not (null or "Prompt"))
                || (cells.All(cell => cell.Length > 0) && !text.Contains(' ', StringComparison.Ordinal));
    }

    /// <summary>The format that a text is a line of; null if it looks like a prompt.</summary>
    /// <param name="text">The trimmed text.</param>
    public static string? FormatOf(string text)
    {
        if (IsJson(text))
        {
            return "JSON";
        }

        if (text.Contains('\n', StringComparison.Ordinal))
        {
            return null;
        }

        return YamlLine().IsMatch(text) ? "YAML" : MarkdownLine().IsMatch(text) ? "Markdown" : HtmlLine().IsMatch(text) ? "HTML" : null;
    }

    /// <summary>Whether the text is the name of a file that contains a list, which may not exist.</summary>
    public static bool IsFileName(string text)
    {
        const int MostWords = 3;
        return text.Length < 260
            && !text.Contains('\n', StringComparison.Ordinal)
            && s_lists.Contains(Path.GetExtension(text))
            && text.Split(' ').Length <= MostWords;
    }

    // A prompt may be JSON on purpose. JSON with a field "prompt" is a row, and single brackets are lines of a file.
    private static bool IsJson(string text)
    {
        if (text is "[" or "{" or "}" or "}," or "]" or "]," || text.StartsWith("\"prompt\":", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        if (text is not ['{' or '[', ..])
        {
            return false;
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(text.TrimEnd(','));
            return json.RootElement.ValueKind == JsonValueKind.Array || HasPrompt(json.RootElement, 0);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            // Not JSON, or text with an unpaired surrogate.
            return false;
        }
    }

    private static bool HasPrompt(JsonElement element, int depth) => depth < DeepestPrompt && element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject()
            .Any(field => ColumnNames.Of(field.Name) == "Prompt" || HasPrompt(field.Value, depth + 1)),
        JsonValueKind.Array => element.EnumerateArray().Any(item => HasPrompt(item, depth + 1)),
        _ => false,
    };

    [GeneratedRegex(
        @"^(?:---|\.\.\.|(?:-\s+)?[""']?prompts?[""']?\s*:(?:\s.*)?"
            + @"|(?:-\s+)?(?:model|duration|image|aspect_ratio|resolution|watermark)\s*:\s.*)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex YamlLine();

    [GeneratedRegex(
        @"^(?:\|.*\||[-|: ]+\|[-|: ]+|#{1,6} .*|[-*+] .*|```.*)$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex MarkdownLine();

    [GeneratedRegex(
        @"^<(?:!doctype|!--|\?xml|/?[a-z][a-z0-9]*)(?:\s[^>]*)?/?>",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex HtmlLine();
}
