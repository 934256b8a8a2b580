using System.Management.Automation.Language;

namespace Chuizi.Video.Module.Tests.Docs;

/// <summary>The commands that a script calls, found without running it.</summary>
internal sealed class ScriptCommands
{
    private readonly ScriptBlockAst _script;

    public ScriptCommands(string text)
    {
        _script = Parser.ParseInput(text, out _, out ParseError[] errors);
        Mistakes = [.. errors.Select(error => error.ToString())];
    }

    /// <summary>The errors of PowerShell's parser.</summary>
    public IReadOnlyList<string> Mistakes { get; }

    /// <summary>Each parameter in the script, with the name of its command.</summary>
    public IEnumerable<(string Name, string Parameter)> Calls => Commands
        .Where(command => command.GetCommandName() is not null)
        .SelectMany(command => Parameters(command).Select(parameter => (command.GetCommandName(), parameter)));

    /// <summary>
    /// The calls to ChuiziVideo cmdlets or parameters that do not exist in the module. Abbreviated parameter names do not count as known.
    /// </summary>
    public IEnumerable<string> Unknown(IReadOnlyDictionary<string, CmdletInfo> module)
    {
        foreach (
            CommandAst command in Commands.Where(command =>
                command.GetCommandName()?.Contains("ChuiziVideo", StringComparison.OrdinalIgnoreCase) == true))
        {
            string name = command.GetCommandName();
            if (!module.TryGetValue(name, out CmdletInfo? cmdlet))
            {
                yield return name;
                continue;
            }

            string[] known = [.. cmdlet.Parameters.Values.SelectMany(parameter => parameter.Aliases.Append(parameter.Name))];
            foreach (string parameter in Parameters(command).Except(known, StringComparer.OrdinalIgnoreCase))
            {
                yield return $"{name} -{parameter}";
            }
        }
    }

    /// <summary>The parameters of the call to a script file, which must be called exactly once.</summary>
    public IReadOnlyList<string> ParametersOf(string script) =>
        [.. Parameters(Commands.Single(command => command.GetCommandName()?.EndsWith(script, StringComparison.OrdinalIgnoreCase) == true))];

    private IEnumerable<CommandAst> Commands => All<CommandAst>();

    private IEnumerable<string> Parameters(CommandAst command) => command.CommandElements.SelectMany(element => element switch
    {
        CommandParameterAst parameter => [parameter.ParameterName],
        VariableExpressionAst { Splatted: true } splat => Keys(splat.VariablePath.UserPath),
        _ => Array.Empty<string>(),
    });

    // Assumes that a splatted hashtable is assigned in the same block.
    private string[] Keys(string variable) =>
        [
            .. All<AssignmentStatementAst>()
                .Where(assignment => assignment.Left is VariableExpressionAst left && left.VariablePath.UserPath == variable)
                .SelectMany(assignment =>
                    assignment.Right.FindAll(ast => ast is HashtableAst, searchNestedScriptBlocks: false).Cast<HashtableAst>().Take(1))
                .SelectMany(table => table.KeyValuePairs.Select(pair => pair.Item1.ToString())),
        ];

    private IEnumerable<T> All<T>()
        where T : Ast => _script.FindAll(ast => ast is T, searchNestedScriptBlocks: true).Cast<T>();
}
