using System.Management.Automation;
using System.Management.Automation.Language;

namespace Chuizi.Video.Module.Input;

/// <summary>Runs a user's script block for one object.</summary>
internal static class ScriptBlocks
{
    /// <summary>The columns that a script block reads from its item: the names of properties of <c>$_</c> and <c>$PSItem</c>.</summary>
    public static IEnumerable<string> ColumnsOf(ScriptBlock block) => block.Ast
        .FindAll(node => node is MemberExpressionAst { Expression: VariableExpressionAst { VariablePath.UserPath: "_" or "PSItem" } }, true)
        .Select(node => ((MemberExpressionAst)node).Member)
        .OfType<StringConstantExpressionAst>()
        .Select(member => member.Value);

    /// <summary>
    /// Runs <paramref name="block"/> with <paramref name="item"/> as <c>$_</c>, and returns its output: nothing, a value or an array.
    /// </summary>
    /// <exception cref="FormatException">The script block threw; the message says what.</exception>
    public static object? Evaluate(string parameter, ScriptBlock block, PSObject? item)
    {
        // Stop on the first error in the block, so that the row gets that error and not one about a missing value as well.
        List<PSVariable> variables = [new("_", item), new("PSItem", item), new("ErrorActionPreference", ActionPreference.Stop)];
        try
        {
            object?[] results = [.. block.InvokeWithContext(null, variables).Select(item => UnwrapPSObject.Of(item))];
            return results.Length switch { 0 => null, 1 => results[0], _ => results };
        }
        // An error under Stop inside the block is the block's failure and must not end the pipeline.
        catch (RuntimeException exception) when (exception is ActionPreferenceStopException || !FlowControl.Is(exception))
        {
            throw new FormatException($"The script block for {parameter} failed: {exception.ErrorRecord.Exception.Message}", exception);
        }
    }
}
