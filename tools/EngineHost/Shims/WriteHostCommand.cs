using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;

namespace Chuizi.Video.EngineHost.Shims;

/// <summary>Write-Host without colours: a line for people, in the information stream.</summary>
[Cmdlet(VerbsCommunications.Write, "Host")]
public sealed class WriteHostCommand : PSCmdlet
{
    private static readonly string[] s_tags = ["PSHOST"];

    /// <summary>What to write; the elements of a list stand side by side.</summary>
    [Parameter(Position = 0, ValueFromRemainingArguments = true, ValueFromPipeline = true)]
    [Alias("Msg", "Message")]
    [SuppressMessage("Naming", "CA1720", Justification = "The real command calls it so.")]
    public object? Object { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string text = Object is not string and IEnumerable list
            ? string.Join(' ', list.Cast<object?>().Select(Text))
            : Text(Object);
        WriteInformation(new HostInformationMessage { Message = text }, s_tags);
    }

    private static string Text(object? value) => value is null ? "" : LanguagePrimitives.ConvertTo<string>(value);
}
