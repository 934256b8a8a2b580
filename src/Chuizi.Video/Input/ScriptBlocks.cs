using System.Management.Automation;

namespace Chuizi.Video.Module.Input;

/// <summary>Runs a user's script block over one object.</summary>
internal static class ScriptBlocks
{
    /// <summary>What <paramref name="block"/> gives for <paramref name="item"/> as <c>$_</c>: nothing, a value, or an array.</summary>
    /// <exception cref="FormatException">It threw; the message says what.</exception>
    public static object? Evaluate(string parameter, ScriptBlock block, PSObject? item)
    {
        // An error in the block is the row's one error, and not one more beside a value that is missing.
        List<PSVariable> variables = [new("_", item), new("PSItem", item), new("ErrorActionPreference", ActionPreference.Stop)];
        try
        {
            object?[] results = [.. block.InvokeWithContext(null, variables).Select(item => UnwrapPSObject.Of(item))];
            return results.Length switch { 0 => null, 1 => results[0], _ => results };
        }
        // An error under Stop inside the block is the block's failure, and not the end of the pipeline.
        catch (RuntimeException exception) when (exception is ActionPreferenceStopException || !FlowControl.Is(exception))
        {
            throw new FormatException($"The script block for {parameter} failed: {exception.ErrorRecord.Exception.Message}", exception);
        }
    }
}
