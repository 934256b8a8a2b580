using System.Collections;
using System.Management.Automation;

namespace Chuizi.Video.Module.Input;

/// <summary>The parameters of a call that come from <c>$PSDefaultParameterValues</c> instead of the command line.</summary>
internal static class DefaultParameters
{
    /// <summary>
    /// Their names. One that was also typed with the same value counts as well. A default that is a script block, or that binding
    /// converts to another value, is not recognized.
    /// </summary>
    /// <param name="variable">The value of the variable.</param>
    /// <param name="invocation">The call.</param>
    public static IReadOnlySet<string> Of(object? variable, InvocationInfo invocation)
    {
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        IDictionary values = UnwrapPSObject.Shallow(variable) as IDictionary ?? new Hashtable();
        foreach (DictionaryEntry entry in values)
        {
            if (entry.Key is string key
                && key.Split(':', 2) is [{ } command, { } parameter]
                && WildcardPattern.Get(command.Trim(), WildcardOptions.IgnoreCase).IsMatch(invocation.MyCommand.Name)
                && invocation.BoundParameters.TryGetValue(parameter.Trim(), out object? bound)
                && LanguagePrimitives.Equals(bound, entry.Value))
            {
                names.Add(parameter.Trim());
            }
        }

        return names;
    }
}
