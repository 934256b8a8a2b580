using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Chuizi.Video.Client.Rows;

namespace Chuizi.Video.Module.Completion;

/// <summary>Completes an argument from local data, without requests to the API. Never throws, whatever is on the command line.</summary>
public abstract class Completer : IArgumentCompleter
{
    /// <summary>The longest time that pressing Tab may take.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters)
    {
        try
        {
            using PowerShell shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
            SessionState state = shell.AddScript("$ExecutionContext").Invoke<EngineIntrinsics>()[0].SessionState;
            TypedLine line = new(commandAst, fakeBoundParameters ?? new Hashtable(), state);
            return [.. Complete(new CompletionRequest(commandName, parameterName, new TypedWord(wordToComplete), line, state))];
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return [];
        }
    }

    internal abstract IEnumerable<CompletionResult> Complete(CompletionRequest request);

    /// <summary>The items that match the typed word.</summary>
    internal static IEnumerable<CompletionResult> Offer(TypedWord word, IReadOnlyList<CompletionItem> items) =>
        word.Filter(items, item => item.Value)
            .Select(item => Result(word, item.Value, item.Value, item.Note));

    /// <summary>A completion result for a parameter value.</summary>
    internal static CompletionResult Result(TypedWord word, string value, string shown, string note) =>
        new(word.Quote(value), shown, CompletionResultType.ParameterValue, note);
}
