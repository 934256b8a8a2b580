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
internal static class InputColumns
{
    /// <summary>
    /// The columns of a row, a dictionary or a deserialized row, without those that cannot be read; empty if there are none.
    /// </summary>
    public static IDictionary Of(object? input)
    {
        OrderedDictionary columns = [];
        switch (UnwrapPSObject.Shallow(input))
        {
            case null or string:
                break;
            case IDictionary map:
                foreach (DictionaryEntry entry in map)
                {
                    Add(entry.Key.ToString() ?? "", () => entry.Value);
                }

                break;
            default:
                foreach (PSPropertyInfo property in PSObject.AsPSObject(input).Properties)
                {
                    Add(property.Name, () => property.Value);
                }

                break;
        }

        return columns;

        void Add(string name, Func<object?> read)
        {
            try
            {
                object? value = UnwrapPSObject.Of(read());
                columns[name] = JsonValue.GetProblem(value) is null ? value : Convert.ToString(value, CultureInfo.InvariantCulture);
            }
            catch (Exception exception) when (exception is GetValueException or FormatException)
            {
                // A script property that throws must not lose the other columns.
            }
        }
    }
}
