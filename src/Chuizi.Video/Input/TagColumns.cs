using System.Collections;
using System.Collections.Specialized;
using System.Management.Automation;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Module.Input;

/// <summary>The tags of -Tag: further columns for every row of a call. Use only on the pipeline thread.</summary>
internal static class TagColumns
{
    /// <summary>The tags of the command line as text, by name.</summary>
    /// <exception cref="FormatException">A name is blank or that of a parameter, a value is not plain, or there is a key.</exception>
    public static IReadOnlyDictionary<string, string> Read(IDictionary? tags)
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

            read[name] = RecordedColumns.ToText(value);
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
    public static object? AddTo(object? input, IReadOnlyDictionary<string, string> tags)
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
            Video video => RecordedColumns.Of(video.Input),
            string prompt => new Hashtable { ["Prompt"] = prompt },
            FileInfo file => new Hashtable { [nameof(file.FullName)] = file.FullName },
            _ => new Hashtable { ["Input"] = input },
        };
    }
}
