using System.Management.Automation;

namespace Chuizi.Video.EngineHost.Shims;

/// <summary>Push-Location: goes to a folder and remembers the one before.</summary>
[Cmdlet(VerbsCommon.Push, "Location")]
public sealed class PushLocationCommand : PSCmdlet
{
    /// <summary>The folder, literally.</summary>
    [Parameter(Mandatory = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string LiteralPath { get; set; } = "";

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        SessionState.Path.PushCurrentLocation("");
        SessionState.Path.SetLocation(WildcardPattern.Escape(LiteralPath));
    }
}
