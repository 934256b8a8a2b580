using System.Management.Automation;

namespace Chuizi.Video.EngineHost.Shims;

/// <summary>Pop-Location: goes back to the folder that Push-Location left.</summary>
[Cmdlet(VerbsCommon.Pop, "Location")]
public sealed class PopLocationCommand : PSCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing() => SessionState.Path.PopLocation("");
}
