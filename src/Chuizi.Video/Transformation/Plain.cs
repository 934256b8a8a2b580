using System.Collections;
using System.Collections.Specialized;
using System.Management.Automation;

namespace Chuizi.Video.Module.Transformation;

/// <summary>Takes PowerShell's wrapping off values, so that the client sees plain .NET ones.</summary>
internal static class Plain
{
    /// <summary>
    /// The value without wrapping; a custom object becomes a dictionary, and lists and dictionaries are unwrapped all the way down.
    /// </summary>
    public static object? Of(object? value)
    {
        if (value is PSObject wrapped)
        {
            if (wrapped.BaseObject is not PSCustomObject)
            {
                return Of(wrapped.BaseObject);
            }

            OrderedDictionary fields = [];
            foreach (PSPropertyInfo property in wrapped.Properties)
            {
                fields[property.Name] = Of(property.Value);
            }

            return fields;
        }

        switch (value)
        {
            case IDictionary map:
                OrderedDictionary copy = [];
                foreach (DictionaryEntry entry in map)
                {
                    copy[Of(entry.Key) ?? ""] = Of(entry.Value);
                }

                return copy;
            case IList list and not byte[]:
                return list.Cast<object?>().Select(Of).ToArray();
            default:
                return value;
        }
    }
}
