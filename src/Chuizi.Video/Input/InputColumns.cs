using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Module.Input;

/// <summary>
/// What a video was made from, column by column, as values that have a form in JSON. A column may be a script: for the pipeline thread.
/// </summary>
internal static class InputColumns
{
    /// <summary>
    /// The columns of a row, a dictionary or a deserialized row; empty where there is none, and without those that cannot be read.
    /// </summary>
    public static IDictionary Of(object? input)
    {
        OrderedDictionary columns = [];
        switch (input is PSObject wrapped ? wrapped.BaseObject : input)
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
                columns[name] = JsonValue.WhyNot(value) is null ? value : Convert.ToString(value, CultureInfo.InvariantCulture);
            }
            catch (Exception exception) when (exception is GetValueException or FormatException)
            {
                // A script that throws is no reason to do without the others.
            }
        }
    }
}
