using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Chuizi.Video.Client.Rows;

namespace Chuizi.Video.Module.Completion;

/// <summary>The parameters on the command line, as far as they are known without running anything.</summary>
internal sealed class TypedLine
{
    private readonly Dictionary<string, object?> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly CommandAst _command;

    /// <summary>Reads a command.</summary>
    /// <param name="command">The command as typed, possibly incomplete.</param>
    /// <param name="bound">The values that the engine has resolved.</param>
    /// <param name="state">The session state, for variables.</param>
    public TypedLine(CommandAst command, IDictionary bound, SessionState state)
    {
        _command = command;
        foreach (DictionaryEntry pair in bound)
        {
            _values[pair.Key.ToString()!] = pair.Value;
        }

        foreach (
            VariableExpressionAst splatted in command.CommandElements.OfType<VariableExpressionAst>().Where(element => element.Splatted))
        {
            Splat(state.PSVariable.GetValue(splatted.VariablePath.UserPath));
        }

        // Values known only at run time, such as (Get-Item x.png), are specified but unknown.
        foreach (string name in StaticParameterBinder.BindCommand(command, resolve: true).BoundParameters.Keys)
        {
            _values.TryAdd(name, AutomationNull);
        }

        // The engine omits parameters outside the parameter set of the one being completed: -Ledger with -Id.
        foreach (
            (CommandElementAst element, CommandElementAst? next) in command.CommandElements.Zip(
                command.CommandElements.Skip(1).Append(null)))
        {
            if (element is CommandParameterAst parameter && (parameter.Argument ?? next) is StringConstantExpressionAst word)
            {
                _values.TryAdd(parameter.ParameterName, word.Value);
            }
        }
    }

    private static object AutomationNull { get; } = System.Management.Automation.Internal.AutomationNull.Value;

    /// <summary>Whether a parameter is specified, with any value.</summary>
    public bool Has(params string[] names) =>
        names.Any(name => _values.TryGetValue(name, out object? value) && (IsUnknown(value) || !ValueReader.IsBlank(Unwrap(value))));

    /// <summary>Whether the value is known only at run time.</summary>
    public bool IsUnknown(string name) => _values.TryGetValue(name, out object? value) && IsUnknown(value);

    /// <summary>The value as a string; null if it is omitted or unknown.</summary>
    public string? Text(params string[] names) =>
        names
            .Select(name => _values.GetValueOrDefault(name))
            .Where(value => !IsUnknown(value))
            .Select(Unwrap)
            .Select(Convert)
            .FirstOrDefault(text => text is not null);

    /// <summary>The known values as strings; empty if there are none.</summary>
    public IReadOnlyList<string> Texts(string name) =>
        _values.TryGetValue(name, out object? value) && Unwrap(value) is { } given && !IsUnknown(value)
            ?
            [
                .. (given is IEnumerable list and not string ? list.Cast<object?>() : [given])
                    .Select(Unwrap)
                    .Select(Convert)
                    .OfType<string>(),
            ]
            : [];

    /// <summary>
    /// All literal words of the command. They include the values already in a list, even if the engine does not parse it as a list.
    /// </summary>
    public HashSet<string> Words() =>
        new(
            _command
                .FindAll(node => node is StringConstantExpressionAst, searchNestedScriptBlocks: false)
                .Select(node => ((StringConstantExpressionAst)node).Value),
            StringComparer.OrdinalIgnoreCase);

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static bool IsUnknown(object? value) => ReferenceEquals(value, AutomationNull) || Unwrap(value) is ScriptBlock;

    private static string? Convert(object? value)
    {
        try
        {
            return ValueReader.Text("", value);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private void Splat(object? value)
    {
        if (Unwrap(value) is IDictionary map)
        {
            foreach (DictionaryEntry pair in map)
            {
                _values.TryAdd(pair.Key.ToString() ?? "", pair.Value);
            }
        }
    }
}
