using System.Management.Automation.Runspaces;

namespace Chuizi.Video.EngineHost.Hosting;

/// <summary>The arguments of a command line as parameters, as <c>pwsh -File</c> reads them; the engine's binder pairs names and values.</summary>
public static class ScriptArguments
{
    /// <summary><c>-Name</c> alone, <c>-Name:value</c> (where <c>$true</c> and <c>$false</c> are what they say), or a value, as what begins with two dashes is.</summary>
    public static IEnumerable<CommandParameter> Read(IEnumerable<string> arguments)
    {
        foreach (string argument in arguments)
        {
            int colon = argument.IndexOf(':', StringComparison.Ordinal);
            if (argument.Length < 2 || argument[0] != '-' || argument[1] == '-' || char.IsDigit(argument[1]))
            {
                yield return new CommandParameter(null, argument);
            }
            else if (colon < 0)
            {
                yield return new CommandParameter(argument);
            }
            else
            {
                yield return new CommandParameter(argument[..colon], Value(argument[(colon + 1)..]));
            }
        }
    }

    private static object Value(string text) => text.ToUpperInvariant() switch
    {
        "$TRUE" => true,
        "$FALSE" => false,
        _ => text,
    };
}
