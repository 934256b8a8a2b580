using System.Collections;
using System.Collections.Specialized;
using System.Management.Automation;

namespace Chuizi.Video.Module.Input;

/// <summary>Removes PSObject wrappers from values, so that the client gets plain .NET values.</summary>
internal static class UnwrapPSObject
{
    private const int DeepestNesting = 32;

    /// <summary>The value without its own wrapper. A custom object, whose data is in the wrapper, becomes an empty placeholder.</summary>
    public static object? Shallow(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    /// <summary>
    /// The value without wrappers. A custom object becomes a dictionary; lists and dictionaries are unwrapped recursively.
    /// </summary>
    /// <exception cref="FormatException">The value is nested too deeply, or contains itself.</exception>
    public static object? Of(object? value) => Of(value, 0);

    private static object? Of(object? value, int depth)
    {
        if (depth > DeepestNesting)
        {
            throw new FormatException("A value is nested too deeply, or contains itself.");
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
