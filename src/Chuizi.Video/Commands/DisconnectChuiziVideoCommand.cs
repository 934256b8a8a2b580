using System.Management.Automation;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Session;

namespace Chuizi.Video.Module.Commands;

/// <summary>Removes this runspace's connection and its key. A sandbox keeps running until Stop-ChuiziVideoSandbox.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "ChuiziVideo", HelpUri = HelpPages.Folder + "Disconnect-ChuiziVideo.md")]
public sealed class DisconnectChuiziVideoCommand : PSCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing() => ModuleSession.Current.Connection = null;
}
