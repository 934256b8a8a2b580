using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Module.Input;

/// <summary>
/// Text of commands that the user may paste. A value may come from a server or be a file name, so without quotes it could end the command
/// and start another.
/// </summary>
internal static class CommandText
{
    // PowerShell parses longer numbers as another type.
    private const int LongestNumber = 9;

    /// <summary>A value as one argument: without quotes if possible, otherwise in single quotes.</summary>
    public static string Quote(string? value) =>
        value is { Length: > 0 } && IsBare(value) ? value : PowerShellText.SingleQuote(value ?? "");

    /// <summary>
    /// A command with the parameters that it was called with, without its videos, the API key, common parameters, and values of types that
    /// have no short text, such as a hashtable.
    /// </summary>
    public static string Reproduce(InvocationInfo invocation) => invocation.MyCommand.Name + string.Concat(
        invocation.BoundParameters
            .Where(pair => pair.Key is not ("Id" or "InputObject" or "ApiKey") && !Cmdlet.CommonParameters.Contains(pair.Key))
            .Select(pair => (pair.Key, Value: UnwrapPSObject.Shallow(pair.Value)))
            .Select(pair => pair.Value switch
            {
                SwitchParameter flag => flag ? $" -{pair.Key}" : "",
                string text => $" -{pair.Key} {Quote(text)}",
                ScriptBlock block => $" -{pair.Key} {{{block}}}",
                TimeSpan time => string.Create(CultureInfo.InvariantCulture, $" -{pair.Key} {time.TotalSeconds:0.###}"),
                string[] texts => $" -{pair.Key} {string.Join(", ", texts.Select(Quote))}",
                int or decimal => string.Create(CultureInfo.InvariantCulture, $" -{pair.Key} {pair.Value}"),
                _ => "",
            }));

    /// <summary>Whether PowerShell parses the unquoted value as exactly this string.</summary>
    private static bool IsBare(string value)
    {
        Ast ast = Parser.ParseInput($"x {value}", out _, out ParseError[] errors);
        if (errors.Length > 0
            || ast.Find(node => node is CommandAst, searchNestedScriptBlocks: false) is not CommandAst command
            || command is not { CommandElements.Count: 2, Redirections.Count: 0 }
            || command.Extent.EndOffset != value.Length + 2)
        {
            return false;
        }

        return command.CommandElements[1] switch
        {
            StringConstantExpressionAst word =>
                word.StringConstantType == StringConstantType.BareWord && word.Value == value && value[0] != '-',
            // A number stays the same as a string only if it is written in its normal form.
            ConstantExpressionAst => value.Length <= LongestNumber && value.All(char.IsAsciiDigit) && value[0] != '0',
            _ => false,
        };
    }
}
