using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Models;
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

    private static readonly string? s_customObject = typeof(PSCustomObject).FullName;

    private static readonly string[] s_media = ["Image", "ReferenceImage", "SourceVideo"];

    /// <summary>Whether a script block of the command line may use the piped item.</summary>
    private readonly bool _hasBlocks = s_media.Append("Prompt")
        .Any(name => UnwrapPSObject.Shallow(commandLine.GetValueOrDefault(name)) is ScriptBlock);

    private readonly SortedSet<string> _overridden = new(StringComparer.Ordinal);

    private readonly List<string> _unused = [];

    private readonly HashSet<string> _looked = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The column that each header means, by header.</summary>
    private readonly Dictionary<string, string?> _meanings = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The headers of values to send that are not the names of their columns, in the order of the list.</summary>
    private readonly List<string> _renamed = [];

    /// <summary>The columns that the user's script blocks read.</summary>
    private readonly HashSet<string> _readByBlocks = new(
        commandLine.Values.Select(UnwrapPSObject.Shallow).OfType<ScriptBlock>()
            .SelectMany(ScriptBlocks.ColumnsOf),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>The parameters that come from $PSDefaultParameterValues.</summary>
    public IReadOnlySet<string> Defaults { get; init; } = new HashSet<string>();

    /// <summary>A sentence about the headers that are used under another name; null without any.</summary>
    public string? Renamed => _renamed.Count == 0
        ? null
        : $"Columns used under another name: {string.Join(", ", _renamed.Select(header => $"'{header}' as {_meanings[header]}"))}.";

    /// <summary>The headers of text rows that nothing uses, in the order of the list. They stay with the video as its Input.</summary>
    public IReadOnlyCollection<string> Unused => _unused;

    /// <summary>The columns that a default parameter replaced, and that had another value.</summary>
    public IReadOnlyCollection<string> Overridden => _overridden;

    /// <summary>Whether a row has cells, and all of them are blank, as spreadsheets leave them at the end of a list.</summary>
    public static bool IsBlank(PSObject? row)
    {
        if (row is null || !IsTextRow(row))
        {
            return false;
        }

        string[] columns = [.. Columns(row)];
        return columns.Length > 0 && Array.TrueForAll(columns, name => IsBlank(row, name));
    }

    /// <summary>Whether a cell is blank. One that cannot be read is not.</summary>
    private static bool IsBlank(PSObject row, string column)
    {
        try
        {
            return ValueReader.IsBlank(UnwrapPSObject.Of(Column(row, column)));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>The file name in a row of any type; null without one.</summary>
    /// <exception cref="FormatException">Several columns have different values, or a property threw.</exception>
    public static object? FileNameOf(PSObject row)
    {
        RowReader reader = new(new Dictionary<string, object?>());
        return reader.FromRow(ColumnNames.FileName, row, row.BaseObject is string ? [] : [.. Columns(row)]);
    }

    /// <summary>The prompts of the command line, if it has several.</summary>
    public IReadOnlyList<object?> Prompts { get; } = Several(commandLine, "Prompt");

    /// <summary>The models of the command line, each once, if it has several.</summary>
    public IReadOnlyList<string> Models { get; } =
    [
        .. Several(commandLine, "Model").Select(model => model as string ?? model?.ToString() ?? "")
            .DistinctBy(model => ModelCatalogue.Find(model)?.Name ?? model, StringComparer.OrdinalIgnoreCase),
    ];

    private static IReadOnlyList<object?> Several(IReadOnlyDictionary<string, object?> commandLine, string name) =>
        UnwrapPSObject.Shallow(commandLine.GetValueOrDefault(name)) is IList { Count: > 0 } list ? [.. list.Cast<object?>()] : [];

    /// <summary>Reads the values for one item: one video for each prompt and model of the command line.</summary>
    /// <param name="row">A row, a string or a dictionary; null if nothing was piped.</param>
    /// <param name="number">The row number, starting at 1; null if nothing was piped.</param>
    /// <exception cref="FormatException">The item is not a row, or a script block or a property threw.</exception>
    public IEnumerable<RowInput> Read(PSObject? row, int? number)
    {
        RowInput input = ReadOne(row, number);
        if (Models.Contains(""))
        {
            throw new FormatException("-Model has a blank name. Remove it.");
        }

        IEnumerable<RowInput> all = input.Times([.. Prompts.Select(UnwrapPSObject.Of)], Models);
        return number is null && Prompts.Count > 1
            ? all.Select((one, index) => one with { Row = 1 + (index / Math.Max(1, Models.Count)) })
            : all;
    }

    private RowInput ReadOne(PSObject? row, int? number)
    {
        string? unfit = (number, row?.BaseObject) switch
        {
            (not null, null) => "Expected a row or a prompt, but got null.",
            (_, not null) when IsPlan(row!) =>
                "This is the plan of a row, without all of its inputs. Submit the list that the plan was made from.",
            (_, IList) => "The item is a list. Pipe the items of the list one by one.",
            (_, FileInfo list) when !_hasBlocks && RawListLine.IsFileName(list.Name) =>
                $"The file {ValueReader.Quote(list.Name)} is a list. Use New-ChuiziVideo -Path.",
            (_, DirectoryInfo folder) => $"{ValueReader.Quote(folder.Name)} is a folder. Use Get-ChildItem -File.",
            (_, { } thing) when thing.GetType().IsPrimitive => $"Expected a row or a string, but got {thing} ({thing.GetType().Name}).",
            _ => null,
        };
        if (unfit is not null)
        {
            throw new FormatException(unfit);
        }

        string[] columns = row is null or { BaseObject: string } ? [] : [.. Columns(row)];
        Dictionary<string, object?> values = ColumnNames.All.ToDictionary(name => name, name => Get(name, row, columns));
        // A script block may read the text of a file.
        string? file = row?.BaseObject is FileInfo item && (!_hasBlocks || PipedFile.IsMedium(item.Name)) ? item.FullName : null;
        if (row?.BaseObject is string text)
        {
            if (!commandLine.ContainsKey("Prompt"))
            {
                values["Prompt"] = text;
            }
            else if (!_hasBlocks)
            {
                file = text.Trim() is { Length: > 0 } path ? path : throw new FormatException("The piped path or URL is blank.");
            }
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
            Parameter = WithBodyColumns(values[ColumnNames.AdditionalBody], row, columns),
            EstimatedCost = values["EstimatedCost"],
            FileName = values[ColumnNames.FileName],
            TakeCount = values[ColumnNames.TakeCount],
            File = s_media.All(name => ValueReader.IsBlank(values[name])) ? file : null,
            Columns = [.. columns.Take(MostColumnsNamed)],
        };
    }

    /// <summary>
    /// The columns of a row that nothing uses although their names resemble those of parameters: an error if the list has no other value
    /// for the parameter, because the row would then be billed with the default; otherwise a warning, once for each name.
    /// </summary>
    public IEnumerable<(string Column, string Message, bool IsError)> UnusedColumns(PSObject row)
    {
        if (!IsTextRow(row))
        {
            yield break;
        }

        List<string> names = [.. Columns(row)];
        foreach (string name in names.Where(name => MeaningOf(name) is null && !_readByBlocks.Contains(name)))
        {
            if (!_unused.Contains(name) && !name.StartsWith(ColumnNames.BodyPrefix, StringComparison.OrdinalIgnoreCase))
            {
                _unused.Add(name);
            }

            string? mentioned = ColumnNames.MentionedIn(name);
            bool isMissing = mentioned is not null
                && !commandLine.ContainsKey(mentioned)
                && !names.Exists(other => MeaningOf(other) == mentioned);
            if (isMissing && !IsBlank(row, name))
            {
                string message = $"The column '{name}' is not used, and the list has no {mentioned}. Rename the column to {mentioned}, or "
                    + "remove it.";
                yield return (name, message, true);
            }
            else if (_looked.Add(name))
            {
                string? near = mentioned is not null || name.Length < 4
                    ? null
                    : ClosestName.Of(name.Replace("_", "", StringComparison.Ordinal), ColumnNames.All, MostEdits);
                if (mentioned is not null)
                {
                    yield return (name, $"The column '{name}' is not used.", false);
                }
                else if (near is not null && !names.Exists(other => MeaningOf(other) == near))
                {
                    yield return (name, $"The column '{name}' is not used. Did you mean '{near}'?", false);
                }
            }
        }
    }

    /// <summary>Whether a row is an object of Test-ChuiziVideo, or a copy of one in a table.</summary>
    private static bool IsPlan(PSObject row) =>
        row.TypeNames.Any(type => type.EndsWith("Chuizi.Video.VideoPlan", StringComparison.Ordinal))
        || (Column(row, nameof(VideoPlan.Action)) is not null && Column(row, nameof(VideoPlan.PriceSource)) is not null);

    /// <summary>
    /// Whether a row has column names that the user chose, as in a spreadsheet. Those of a video, a sidecar or a copy of a file are fixed.
    /// </summary>
    public static bool IsTextRow(PSObject row) =>
        row.BaseObject is PSCustomObject or IDictionary
        && !IsCopyOfTyped(row)
        && !VideoArgument.IsVideo(row)
        && !IsSidecar(row);

    /// <summary>Whether a row is a sidecar, which is meant to be submitted again.</summary>
    public static bool IsSidecar(PSObject row) =>
        Column(row, nameof(Video.Sha256)) is not null && Column(row, "Saved") is not null;

    /// <summary>
    /// Whether the row is a copy of a file or a process, from Select-Object, a job or a CSV file with types. Its names keep their meanings:
    /// the Length of a file is in bytes.
    /// </summary>
    private static bool IsCopyOfTyped(PSObject row) =>
        row.TypeNames is [{ } type, ..]
        && (type.Contains("System.IO.", StringComparison.Ordinal) || type.Contains("System.Diagnostics.", StringComparison.Ordinal));

    private string? MeaningOf(string header)
    {
        if (!_meanings.TryGetValue(header, out string? meaning))
        {
            _meanings[header] = meaning = ColumnNames.Of(header);
        }

        return meaning;
    }

    /// <summary>Adds the columns body.* of a row, whose text is read as JSON if it is a number, true or false.</summary>
    private static object? WithBodyColumns(object? parameter, PSObject? row, string[] columns)
    {
        if (row is null || !IsTextRow(row))
        {
            return parameter;
        }

        string[] names = [.. columns.Where(name => name.StartsWith(ColumnNames.BodyPrefix, StringComparison.OrdinalIgnoreCase))];
        if (names.Length == 0 || (parameter is not null and not IDictionary && !ValueReader.IsBlank(parameter)))
        {
            return parameter;
        }

        // The ledger records the fields that were sent beside the columns that they came from.
        bool isSent = UnwrapPSObject.Shallow(Column(row, nameof(LedgerRecord.Parameter))) is IDictionary;
        OrderedDictionary fields = [];
        foreach (DictionaryEntry field in parameter as IDictionary ?? new Hashtable())
        {
            fields[field.Key] = field.Value;
        }

        foreach (string name in names)
        {
            object? value = UnwrapPSObject.Of(Column(row, name));
            string field = name[ColumnNames.BodyPrefix.Length..].Trim();
            if (!ValueReader.IsBlank(value) && !(isSent && fields.Contains(field)))
            {
                fields[field] = fields.Contains(field)
                    ? throw new FormatException($"The column '{name}' and AdditionalBody both have the field '{field}'. Remove one.")
                    : ValueReader.Scalar(value!);
            }
        }

        return fields.Count > 0 ? fields : parameter;
    }

    private static IEnumerable<string> Columns(PSObject row) =>
        row.BaseObject is IDictionary map ? map.Keys.OfType<string>() : NamesOf(row);

    /// <summary>Whether a row is a custom object without a type of its own, as Import-Csv and ConvertFrom-Json return.</summary>
    public static bool IsCustomObject(PSObject row) => row.TypeNames is [{ } type, ..] && type == s_customObject;

    /// <summary>The names of the properties of an object.</summary>
    public static IEnumerable<string> NamesOf(PSObject row) => ToEnumerate(row).Properties.Select(property => property.Name);

    /// <summary>
    /// The object whose members may be enumerated in place of a row. The engine adds 2 KB to an object whose members are enumerated. For a
    /// list of a hundred thousand rows that is 200 MB, so it is a copy.
    /// </summary>
    public static PSObject ToEnumerate(PSObject row)
    {
        try
        {
            return IsCustomObject(row) ? row.Copy() : row;
        }
        catch (ExtendedTypeSystemException)
        {
            // An object from another process, which cannot be copied.
            return row;
        }
    }

    private object? Get(string name, PSObject? row, string[] columns)
    {
        // A script may pass on a parameter that its own caller has omitted. The column then counts.
        if (!commandLine.TryGetValue(name, out object? value) || (row is not null && ValueReader.IsBlank(UnwrapPSObject.Of(value))))
        {
            value = row is null ? null : FromRow(name, row, columns);
        }
        else if (row is not null && Defaults.Contains(name) && UnwrapPSObject.Of(FromRow(name, row, columns)) is { } cell
            && !ValueReader.IsBlank(cell) && !LanguagePrimitives.Equals(cell, value, ignoreCase: true, CultureInfo.InvariantCulture))
        {
            _overridden.Add(name);
        }

        return UnwrapPSObject.Shallow(value) is ScriptBlock block
            ? ScriptBlocks.Evaluate(name, block, row)
            : UnwrapPSObject.Of(value);
    }

    private object? FromRow(string name, PSObject row, string[] columns)
    {
        if (IsTextRow(row))
        {
            return FromText(name, row, columns);
        }

        foreach (string candidate in ColumnNames.ExactNames(name))
        {
            object? value = Column(row, candidate);
            if (!ValueReader.IsBlank(UnwrapPSObject.Of(value)))
            {
                return value;
            }
        }

        // A video has no property for it. It is in its original request, or in the row that it came from.
        if (name is not ColumnNames.AdditionalBody || !VideoArgument.IsVideo(row))
        {
            return null;
        }

        if (row.BaseObject is Video video && VideoProvenance.Of(video) is { } known)
        {
            // Without a request, it was sent without other fields, whatever its row says.
            return known.Request?.Parameters;
        }

        return row.Properties["Input"]?.Value is { } input and not string && PSObject.AsPSObject(input) is var own
            ? FromRow(name, own, [.. Columns(own)])
            : null;
    }

    /// <summary>The value of the only filled column that means a parameter, or of the one with its exact name.</summary>
    /// <exception cref="FormatException">Several columns have different values.</exception>
    private object? FromText(string name, PSObject row, string[] columns)
    {
        (string Header, object? Value)[] filled =
        [
            .. columns.Where(header => MeaningOf(header) == name)
                .Select(header => (header, Column(row, header)))
                .Where(cell => !ValueReader.IsBlank(UnwrapPSObject.Of(cell.Item2)))
                .OrderByDescending(cell => cell.header.Equals(name, StringComparison.OrdinalIgnoreCase)),
        ];
        if (name == ColumnNames.AdditionalBody
            && Array.Find(filled, cell => UnwrapPSObject.Shallow(cell.Value) is IDictionary).Value is { } sent)
        {
            return sent;
        }

        // A name of the scene beside the name of the file costs nothing.
        bool isChosen = name == ColumnNames.FileName
            && filled.Length > 0
            && filled[0].Header.Equals(name, StringComparison.OrdinalIgnoreCase);
        foreach ((string header, object? value) in isChosen ? [] : filled.Skip(1))
        {
            if (!Same(filled[0].Value, value))
            {
                throw new FormatException(
                    $"The columns '{filled[0].Header}' and '{header}' both mean {name}, and have different values: "
                    + $"{ValueReader.Quote(UnwrapPSObject.Of(filled[0].Value))} and "
                    + $"{ValueReader.Quote(UnwrapPSObject.Of(value))}. Remove one.");
            }
        }

        // The name of a file costs nothing, so it needs no explanation.
        if (
            filled.Length > 0
            && name != ColumnNames.FileName
            && !ColumnNames.IsOwnName(filled[0].Header, name)
            && !_renamed.Contains(filled[0].Header))
        {
            _renamed.Add(filled[0].Header);
        }

        return filled.Length > 0 ? filled[0].Value : null;

        static bool Same(object? one, object? other) =>
            LanguagePrimitives.ConvertTo<string>(one).Trim() == LanguagePrimitives.ConvertTo<string>(other).Trim();
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
