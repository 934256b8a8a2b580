using System.Collections;
using System.Management.Automation;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Module.Input;

/// <summary>
/// Reads what New-ChuiziVideo is given for one video, from the command line and from the piped row, without the engine's conversions
/// (which drop a cell that does not convert, and turn a blank one into 0).
/// </summary>
internal sealed class RowReader(IReadOnlyDictionary<string, object?> commandLine)
{
    private const int MostColumnsNamed = 12;
    private const int MostEdits = 2;

    /// <summary>The columns that are read, with the API's names for them (API contract, layers 1 and 2).</summary>
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

    /// <summary>The names of the columns that are read.</summary>
    public static IEnumerable<string> ColumnNames => s_columns.Select(column => column.Name);

    /// <summary>The values for one video.</summary>
    /// <param name="row">A row, a text, a dictionary; null where nothing was piped.</param>
    /// <param name="number">The row's number from 1; null where nothing was piped.</param>
    /// <exception cref="FormatException">A script block or a property threw.</exception>
    public RowInput Read(PSObject? row, int? number)
    {
        string? unfit = (number, row?.BaseObject) switch
        {
            (not null, null) => "It is null.",
            (_, IList) => "It is a list; pipe its items one by one.",
            (_, { } thing) when thing.GetType().IsPrimitive => $"The {thing.GetType().Name} {thing} is neither a row nor a text.",
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

    /// <summary>Columns of <paramref name="row"/> whose names are nearly those of parameters; each is told once.</summary>
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
                yield return $"The column '{name}' is not used; did you mean '{near}'?";
            }
        }
    }

    /// <summary>The column FileName; null where it cannot be read, for which a row is not refused.</summary>
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

        // A video has no property for these two: they are in the request that it was made from, or in the row that it came from.
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

    /// <summary>What a row, of whatever type, has in that column; null where it has none.</summary>
    /// <exception cref="FormatException">The property threw.</exception>
    public static object? Column(PSObject row, string name) =>
        row.BaseObject is IDictionary map ? Lookup(map, name) : row.BaseObject is string ? null : Property(row, name);

    // A dictionary from elsewhere may tell "Prompt" from "prompt"; a row's columns never do.
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
