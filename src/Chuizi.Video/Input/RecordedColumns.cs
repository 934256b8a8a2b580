using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;
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
                yield return ((string)column.Key, ToText(column.Value));
            }
        }
    }

    /// <summary>A value as text: JSON for a list or a dictionary.</summary>
    public static string ToText(object? value) => UnwrapPSObject.Of(value) switch
    {
        null => "",
        string text => text,
        Uri address => address.OriginalString,
        bool or IFormattable => LanguagePrimitives.ConvertTo<string>(value),
        { } nested => JsonConversion.ToText(nested),
    };
}
