using System.Collections.ObjectModel;
using System.Management.Automation.Host;
using System.Security;
using System.Text.RegularExpressions;

namespace Chuizi.Video.Tests.Support;

/// <summary>Records what the engine writes, and refuses to prompt, as a noninteractive pwsh does.</summary>
internal sealed partial class RecordingHostUI(int width) : PSHostUserInterface
{
    private readonly List<(string Text, bool IsProgress)> _written = [];

    public override PSHostRawUserInterface RawUI { get; } = new RecordingHostRawUI(width);

    public string Text
    {
        get
        {
            lock (_written)
            {
                string all = string.Concat(_written.Where(item => !item.IsProgress).Select(item => item.Text));
                return string.Join('\n', all.Split('\n').Select(line => line.TrimEnd())).Trim('\n');
            }
        }
    }

    public IReadOnlyList<string> Take()
    {
        lock (_written)
        {
            string[] taken = [.. _written.Select(item => item.Text)];
            _written.Clear();
            return taken;
        }
    }

    // The engine colors what it formats; a host without colors removes the escape sequences.
    public override void Write(string value) => Keep(Colour().Replace(value, ""), isProgress: false);

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Write(value);

    public override void WriteLine(string value) => Write(value + "\n");

    public override void WriteErrorLine(string value) => WriteLine(value);

    public override void WriteWarningLine(string message) => WriteLine($"WARNING: {message}");

    public override void WriteVerboseLine(string message) => WriteLine($"VERBOSE: {message}");

    public override void WriteDebugLine(string message) => WriteLine($"DEBUG: {message}");

    public override void WriteProgress(long sourceId, ProgressRecord record) => Keep(record.ToString(), isProgress: true);

    public override string ReadLine() => throw Refuse("input");

    /// <summary>What is answered to a question for a secret; null to refuse it.</summary>
    public string? Answer { get; set; }

    public override SecureString ReadLineAsSecureString() =>
        Answer is { } secret ? new System.Net.NetworkCredential("", secret).SecurePassword : throw Refuse("input");

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
        throw Refuse(string.Join(", ", descriptions.Select(field => field.Name)));

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
        throw Refuse(caption);

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        throw Refuse(caption);

    public override PSCredential PromptForCredential(
        string caption,
        string message,
        string userName,
        string targetName,
        PSCredentialTypes allowedCredentialTypes,
        PSCredentialUIOptions options) => throw Refuse(caption);

    private static PSInvalidOperationException Refuse(string what) =>
        new($"The recording host does not ask for anything; it was asked for: {what}");

    private void Keep(string text, bool isProgress)
    {
        lock (_written)
        {
            _written.Add((text, isProgress));
        }
    }

    [GeneratedRegex(@"\e\[[0-9;]*m", RegexOptions.NonBacktracking)]
    private static partial Regex Colour();
}
