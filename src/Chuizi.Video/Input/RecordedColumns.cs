using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Module.Input;

/// <summary>
/// The input of a video, column by column, as values that JSON can represent. Use only on the pipeline thread, because a column may be a
/// script property.
/// </summary>
internal static class RecordedColumns
{
    /// <summary>
    /// The columns of a row, a dictionary or a deserialized row, without those that cannot be read; empty if there are none.
    /// </summary>
    public static IDictionary Of(object? input)
    {
        OrderedDictionary columns = [];
        object? given = (input as KeptRow)?.Original ?? input;
        switch (UnwrapPSObject.Shallow(given))
        {
            case null or string:
                break;
            case KeptRow kept:
                foreach ((string name, object? value) in kept.Values)
                {
                    Add(name, () => value);
                }

                break;
            case IDictionary map:
                foreach (DictionaryEntry entry in map)
                {
                    Add(entry.Key.ToString() ?? "", () => entry.Value);
                }

                break;
            default:
                PSObject row = PSObject.AsPSObject(given);
                foreach (string name in RowReader.NamesOf(row))
                {
                    Add(name, () => row.Properties[name]?.Value);
                }

                break;
        }

        return columns;

        void Add(string name, Func<object?> read)
        {
            try
            {
                object? value = UnwrapPSObject.Of(read());
                columns[name] = JsonConversion.GetProblem(value) is null ? value : Convert.ToString(value, CultureInfo.InvariantCulture);
            }
            catch (Exception exception) when (exception is GetValueException or FormatException)
            {
                // A script property that throws must not lose the other columns.
            }
        }
    }

    /// <summary>The columns of a row of text as text: JSON for a list or a dictionary. Empty for any other object.</summary>
    public static IEnumerable<(string Name, string Text)> TextOf(PSObject? row)
    {
        // A video that is submitted again keeps the columns of its row.
        if (row is not null && VideoArgument.IsVideo(row) && row.Properties[nameof(Video.Input)]?.Value is { } input and not string)
        {
            row = PSObject.AsPSObject(input);
        }

        if (row is not null && RowReader.IsTextRow(row))
        {
            foreach (DictionaryEntry column in Of(row))
            {
                yield return ((string)column.Key, Text(column.Value));
            }
        }
    }

    /// <summary>The tags of the command line as text, by name.</summary>
    /// <exception cref="FormatException">A name is blank, or that of a parameter.</exception>
    public static IReadOnlyDictionary<string, string> ReadTags(IDictionary? tags)
    {
        Dictionary<string, string> read = new(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry tag in tags ?? new Hashtable())
        {
            string name = tag.Key.ToString()?.Trim() ?? "";
            if (name.Length == 0)
            {
                throw new FormatException("A name in -Tag is blank.");
            }

            if (ColumnNames.Of(name) is not null || name.StartsWith(ColumnNames.BodyPrefix, StringComparison.OrdinalIgnoreCase))
            {
                throw new FormatException(
                    $"-Tag has the name '{name}', which is that of a parameter. Use the parameter, or another name for the tag.");
            }

            object? value = UnwrapPSObject.Of(tag.Value);
            if (JsonConversion.GetProblem(value) is { } problem)
            {
                throw new FormatException($"The tag '{name}' {problem}. Use a string, a number or a date.");
            }

            read[name] = Text(value);
            if (SecretRedactor.HoldsKey(name) || SecretRedactor.HoldsKey(read[name]))
            {
                throw new FormatException("-Tag contains an API key, which would be recorded in the ledger. Remove it.");
            }
        }

        return read;
    }

    /// <summary>An input with the tags as further columns: a copy, because the user's object must not change.</summary>
    /// <param name="input">The row, the bound parameters or another object.</param>
    /// <param name="tags">The tags.</param>
    public static object? WithTags(object? input, IReadOnlyDictionary<string, string> tags)
    {
        if (tags.Count == 0)
        {
            return input;
        }

        if (input is PSObject { BaseObject: PSCustomObject } row)
        {
            PSObject copy = row.Copy();
            foreach ((string name, string text) in tags)
            {
                copy.Properties.Remove(name);
                copy.Properties.Add(new PSNoteProperty(name, text));
            }

            return copy;
        }

        OrderedDictionary columns = new(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry column in Shallow(input))
        {
            columns[column.Key] = column.Value;
        }

        foreach ((string name, string text) in tags)
        {
            columns[name] = text;
        }

        return columns;

        static IDictionary Shallow(object? input) => input switch
        {
            IDictionary map => map,
            null => new Hashtable(),
            Video video => Of(video.Input),
            string prompt => new Hashtable { ["Prompt"] = prompt },
            FileInfo file => new Hashtable { [nameof(file.FullName)] = file.FullName },
            _ => new Hashtable { ["Input"] = input },
        };
    }

    private static string Text(object? value) => UnwrapPSObject.Of(value) switch
    {
        null => "",
        string text => text,
        Uri address => address.OriginalString,
        bool or IFormattable => LanguagePrimitives.ConvertTo<string>(value),
        { } nested => JsonConversion.ToText(nested),
    };
}
