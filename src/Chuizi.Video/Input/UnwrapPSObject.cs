using System.Collections;
using System.Collections.Specialized;
using System.Management.Automation;

namespace Chuizi.Video.Module.Input;

/// <summary>Takes PowerShell's wrapping off values, so that the client sees plain .NET ones.</summary>
internal static class UnwrapPSObject
{
    private const int DeepestNesting = 32;

    /// <summary>
    /// The value without wrapping; a custom object becomes a dictionary, and lists and dictionaries are unwrapped all the way down.
    /// </summary>
    /// <exception cref="FormatException">It is nested too deeply, or holds itself.</exception>
    public static object? Of(object? value) => Of(value, 0);

    private static object? Of(object? value, int depth)
    {
        if (depth > DeepestNesting)
        {
            throw new FormatException("A value is nested too deeply, or holds itself.");
        }

        if (value is PSObject wrapped)
        {
            if (wrapped.BaseObject is not PSCustomObject)
            {
                return Of(wrapped.BaseObject, depth);
            }

            OrderedDictionary fields = [];
            foreach (PSPropertyInfo property in wrapped.Properties)
            {
                fields[property.Name] = Of(property.Value, depth + 1);
            }

            return fields;
        }

        switch (value)
        {
            case IDictionary map:
                OrderedDictionary copy = [];
                foreach (DictionaryEntry entry in map)
                {
                    copy[Of(entry.Key, depth + 1) ?? ""] = Of(entry.Value, depth + 1);
                }

                return copy;
            case IList list and not byte[]:
                return list.Cast<object?>().Select(item => Of(item, depth + 1)).ToArray();
            default:
                return value;
        }
    }
}
