using System.Globalization;
using System.Text;
using System.Text.Json;
using Chuizi.Video.Soak.Plans;

namespace Chuizi.Video.Soak.Runs;

/// <summary>The rows of a batch, as objects and as a file in the form of its plan.</summary>
internal static class BatchList
{
    /// <summary>The rows as columns and texts. The signatures of the images differ in each call.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Rows(BatchPlan plan)
    {
        return [.. plan.Prompts.Select(Row)];

        Dictionary<string, string> Row(string prompt, int index)
        {
            Dictionary<string, string> row = new() { ["Prompt"] = prompt };
            if (plan.SignsImages)
            {
                row["Image"] = $"https://images.example/{Number(index)}.png?sv=1&sig={Scene.Signature}{Guid.NewGuid():N}";
            }

            if (plan.NamesFiles)
            {
                row["FileName"] = $"row {Number(index + 1)}";
            }

            // Invoke-ChuiziVideoBatch has no parameters for these.
            foreach ((string name, object value) in plan.IsUnattended ? OfRows(plan) : [])
            {
                row[name] = Number(value);
            }

            return row;
        }
    }

    /// <summary>Writes the list, and returns its path.</summary>
    public static string Write(BatchPlan plan, string folder)
    {
        IReadOnlyList<IReadOnlyDictionary<string, string>> rows = Rows(plan);
        (string name, string text, Encoding encoding) = plan.Form switch
        {
            ListForm.Spreadsheet => ("list.csv", Table(rows, ";", "\r\n", InWords), Encoding.UTF8),
            ListForm.Utf16 => ("list.csv", Table(rows, ",", "\r\n"), Encoding.Unicode),
            ListForm.Windows1252 => ("list.csv", Table(rows, ",", "\r\n"), Encoding.Latin1),
            ListForm.Tabs => ("list.tsv", Table(rows, "\t", "\n"), new UTF8Encoding(false)),
            ListForm.Json => ("list.json", JsonSerializer.Serialize(rows), new UTF8Encoding(false)),
            ListForm.JsonLines => ("list.jsonl", string.Join('\n', rows.Select(row => JsonSerializer.Serialize(row))), new UTF8Encoding(false)),
            _ => ("list.csv", Table(rows, ",", "\n"), new UTF8Encoding(false)),
        };
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, text, encoding);
        return path;
    }

    /// <summary>The parameters of New-ChuiziVideo that a list can have as columns.</summary>
    public static IEnumerable<KeyValuePair<string, object>> OfRows(BatchPlan plan) =>
        plan.New.Where(pair => pair.Key is "Duration" or "EstimatedCost" or "TakeCount");

    private static string Table(
        IReadOnlyList<IReadOnlyDictionary<string, string>> rows, string delimiter, string newLine, Func<string, string>? header = null)
    {
        IEnumerable<string> lines = rows.Select(row => string.Join(delimiter, row.Values.Select(Quote)))
            .Prepend(string.Join(delimiter, rows[0].Keys.Select(name => Quote(header?.Invoke(name) ?? name))));
        return string.Join(newLine, lines) + newLine;
    }

    private static string InWords(string column) => column switch
    {
        "Prompt" => "Prompt text",
        "Image" => "Image URL",
        "FileName" => "File name",
        "TakeCount" => "Takes",
        "Duration" => "Duration (s)",
        _ => column,
    };

    private static string Quote(string text) => $"\"{text}\"";

    private static string Number(object value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
