using System.Management.Automation.Language;

namespace Chuizi.Video.Module.Input;

/// <summary>
/// A value as one argument of a command that somebody pastes. It may be a server's text or a file's name, which could otherwise end the
/// command and begin another.
/// </summary>
internal static class CommandArgument
{
    // PowerShell reads longer numbers as another type.
    private const int LongestNumber = 9;

    /// <summary>The value bare where it can be, otherwise in single quotes.</summary>
    public static string Quote(string? value) => value is { Length: > 0 } && IsBare(value) ? value : SingleQuote(value ?? "");

    /// <summary>The value in single quotes. (A typographic apostrophe ends a text for PowerShell, too.)</summary>
    public static string SingleQuote(string value) => $"'{CodeGeneration.EscapeSingleQuotedStringContent(value)}'";

    /// <summary>Whether the parser takes the value, without quotes, for itself.</summary>
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
            // A number is one as text, too, when it is written as one.
            ConstantExpressionAst => value.Length <= LongestNumber && value.All(char.IsAsciiDigit) && value[0] != '0',
            _ => false,
        };
    }
}
