using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Chuizi.Video.Client.Rows;

namespace Chuizi.Video.Module.Completion;

/// <summary>What else is on the line: the command's other parameters, as far as they can be told without running anything.</summary>
internal sealed class TypedLine
{
    private readonly Dictionary<string, object?> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly CommandAst _command;

    /// <summary>Reads a command.</summary>
    /// <param name="command">As it is typed, perhaps by half.</param>
    /// <param name="bound">The values that the engine has worked out.</param>
    /// <param name="state">Where the variables are.</param>
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

        // What only the run will tell, such as (Get-Item x.png): given, and unknown.
        foreach (string name in StaticParameterBinder.BindCommand(command, resolve: true).BoundParameters.Keys)
        {
            _values.TryAdd(name, AutomationNull);
        }

        // What the engine leaves out because it does not go with the parameter that is completed: -Ledger with -Id.
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

    /// <summary>Whether a parameter is given, with whatever value.</summary>
    public bool Has(params string[] names) =>
        names.Any(name => _values.TryGetValue(name, out object? value) && (IsUnknown(value) || !ValueReader.IsBlank(Unwrap(value))));

    /// <summary>Whether its value will be told by the run alone.</summary>
    public bool IsUnknown(string name) => _values.TryGetValue(name, out object? value) && IsUnknown(value);

    /// <summary>The value as a text; null where none is given or known.</summary>
    public string? Text(params string[] names) =>
        names
            .Select(name => _values.GetValueOrDefault(name))
            .Where(value => !IsUnknown(value))
            .Select(Unwrap)
            .Select(Convert)
            .FirstOrDefault(text => text is not null);

    /// <summary>The values as texts, without those that are not known; empty where none is given.</summary>
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

    /// <summary>The plain words of the command: what is in a list already is among them, whatever the engine makes of the list.</summary>
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
