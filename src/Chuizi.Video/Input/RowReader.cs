using System.Collections;
using System.Management.Automation;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Module.Input;

/// <summary>
/// Reads the input of New-ChuiziVideo for one video from the command line and the piped row. It avoids the engine's conversions, which drop
/// a cell that does not convert and turn a blank cell into 0.
/// </summary>
internal sealed class RowReader(IReadOnlyDictionary<string, object?> commandLine)
{
    private const int MostColumnsNamed = 12;
    private const int MostEdits = 2;

    /// <summary>The columns, with the API's field names as aliases (API contract, layers 1 and 2).</summary>
    private static readonly (string Name, string[] Aliases)[] s_columns =
    [
        ("Prompt", []),
        ("Model", []),
        ("Duration", []),
        ("Image", ["image_url"]),
        ("ReferenceImage", ["reference_image_urls"]),
        ("SourceVideo", ["video_url"]),
        ("AspectRatio", ["aspect_ratio"]),
        ("Resolution", []),
        ("Watermark", []),
        ("Parameter", []),
        ("EstimatedCost", ["estimated_cost"]),
    ];

    private readonly HashSet<string> _looked = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The names of the columns.</summary>
    public static IEnumerable<string> ColumnNames => s_columns.Select(column => column.Name);

    /// <summary>Reads the values for one video.</summary>
    /// <param name="row">A row, a string or a dictionary; null if nothing was piped.</param>
    /// <param name="number">The row number, starting at 1; null if nothing was piped.</param>
    /// <exception cref="FormatException">The item is not a row, or a script block or a property threw.</exception>
    public RowInput Read(PSObject? row, int? number)
    {
        string? unfit = (number, row?.BaseObject) switch
        {
            (not null, null) => "Expected a row or a prompt, but got null.",
            (_, IList) => "The item is a list. Pipe the items of the list one by one.",
            (_, { } thing) when thing.GetType().IsPrimitive => $"Expected a row or a string, but got {thing} ({thing.GetType().Name}).",
            _ => null,
        };
        if (unfit is not null)
        {
            throw new FormatException(unfit);
        }

        Dictionary<string, object?> values = s_columns.ToDictionary(column => column.Name, column => Get(column.Name, column.Aliases, row));
        if (row?.BaseObject is string text && !commandLine.ContainsKey("Prompt"))
        {
            values["Prompt"] = text;
        }

        return new RowInput
        {
            Row = number,
            Prompt = values["Prompt"],
            Model = values["Model"],
            Duration = values["Duration"],
            Image = values["Image"],
            ReferenceImage = values["ReferenceImage"],
            SourceVideo = values["SourceVideo"],
            AspectRatio = values["AspectRatio"],
            Resolution = values["Resolution"],
            Watermark = values["Watermark"],
            Parameter = values["Parameter"],
            EstimatedCost = values["EstimatedCost"],
            FileName = row is null ? null : FileNameOf(row),
            Columns = row is null || row.BaseObject is string ? [] : [.. Columns(row).Take(MostColumnsNamed)],
        };
    }

    /// <summary>Warnings for columns of <paramref name="row"/> whose names are nearly those of parameters, once for each name.</summary>
    public IEnumerable<string> NearMisses(PSObject row)
    {
        if (row.BaseObject is not (PSCustomObject or IDictionary))
        {
            yield break;
        }

        List<string> names = [.. Columns(row)];
        foreach (string name in names.Where(_looked.Add))
        {
            bool known = s_columns.Any(column => IsCalled(column.Name, column.Aliases, name));
            string? near = known || name.Length < 4
                ? null
                : ClosestName.Of(name.Replace("_", "", StringComparison.Ordinal), ColumnNames, MostEdits);
            if (near is not null && !names.Contains(near, StringComparer.OrdinalIgnoreCase))
            {
                yield return $"The column '{name}' is not used. Did you mean '{near}'?";
            }
        }
    }

    /// <summary>The column FileName; null if it cannot be read, which does not make the row invalid.</summary>
    private static object? FileNameOf(PSObject row)
    {
        try
        {
            return UnwrapPSObject.Of(Column(row, "FileName"));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static bool IsCalled(string name, string[] aliases, string column) =>
        column.Equals(name, StringComparison.OrdinalIgnoreCase) || aliases.Contains(column, StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string> Columns(PSObject row) =>
        row.BaseObject is IDictionary map ? map.Keys.OfType<string>() : row.Properties.Select(property => property.Name);

    private object? Get(string name, string[] aliases, PSObject? row)
    {
        if (!commandLine.TryGetValue(name, out object? value))
        {
            value = row is null ? null : FromRow(name, aliases, row);
        }

        return (value is PSObject wrapped ? wrapped.BaseObject : value) is ScriptBlock block
            ? ScriptBlocks.Evaluate(name, block, row)
            : UnwrapPSObject.Of(value);
    }

    private static object? FromRow(string name, string[] aliases, PSObject row)
    {
        foreach (string candidate in aliases.Prepend(name))
        {
            object? value = Column(row, candidate);
            if (!ValueReader.IsBlank(UnwrapPSObject.Of(value)))
            {
                return value;
            }
        }

        // A video has no property for these two. They are in its original request, or in the row that it came from.
        if (name is not ("Watermark" or "Parameter") || !VideoArgument.IsVideo(row))
        {
            return null;
        }

        if (row.BaseObject is Video video && VideoProvenance.Of(video)?.Request is { } request)
        {
            return name == "Watermark" ? request.Watermark : request.Parameters;
        }

        return row.Properties["Input"]?.Value is { } input and not string ? FromRow(name, aliases, PSObject.AsPSObject(input)) : null;
    }

    /// <summary>The value of a column in a row of any type; null if it does not exist.</summary>
    /// <exception cref="FormatException">The property threw.</exception>
    public static object? Column(PSObject row, string name) =>
        row.BaseObject is IDictionary map ? Lookup(map, name) : row.BaseObject is string ? null : Property(row, name);

    // A dictionary may be case-sensitive, but column names are not.
    private static object? Lookup(IDictionary map, string name)
    {
        foreach (DictionaryEntry entry in map)
        {
            if (entry.Key is string key && key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return entry.Value;
            }
        }

        return null;
    }

    private static object? Property(PSObject row, string name)
    {
        try
        {
            return row.Properties[name]?.Value;
        }
        catch (GetValueException exception)
        {
            throw new FormatException($"{name} cannot be read: {exception.Message}", exception);
        }
    }
}
