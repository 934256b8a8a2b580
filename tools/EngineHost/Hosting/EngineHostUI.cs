using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace Chuizi.Video.EngineHost.Hosting;

/// <summary>Writes the engine's streams; asks nothing, as a pwsh that is not interactive.</summary>
internal sealed class EngineHostUI(ITerminal terminal) : PSHostUserInterface
{
    public override PSHostRawUserInterface RawUI { get; } = new EngineHostRawUI(terminal);

    public override bool SupportsVirtualTerminal => terminal.HasColors;

    // The engine colours what it formats and leaves it to the host to take that away.
    public override void Write(string value) => terminal.Write(GetOutputString(value, terminal.HasColors));

    // Colours by number come from Write-Host alone, which no script here gives one.
    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Write(value);

    public override void WriteLine(string value) => Write(value + Environment.NewLine);

    public override void WriteErrorLine(string value) => terminal.WriteError(GetOutputString(Paint(PSStyle.Instance.Formatting.Error, value), terminal.HasColors));

    public override void WriteWarningLine(string message) => WriteLine(Paint(PSStyle.Instance.Formatting.Warning, $"WARNING: {message}"));

    public override void WriteVerboseLine(string message) => WriteLine(Paint(PSStyle.Instance.Formatting.Verbose, $"VERBOSE: {message}"));

    public override void WriteDebugLine(string message) => WriteLine(Paint(PSStyle.Instance.Formatting.Debug, $"DEBUG: {message}"));

    public override void WriteProgress(long sourceId, ProgressRecord record) => terminal.WriteProgress(record);

    public override string ReadLine() => throw Refuse();

    public override SecureString ReadLineAsSecureString() => throw Refuse();

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
        throw Refuse(string.Join(", ", descriptions.Select(field => field.Name)));

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) => throw Refuse(caption);

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) => throw Refuse(caption);

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) => throw Refuse(caption);

    private string Paint(string colour, string text) => terminal.HasColors ? colour + text + PSStyle.Instance.Reset : text;

    private static PSInvalidOperationException Refuse(string what = "input") => new($"The engine host asks nothing, and this was wanted: {what}");
}
