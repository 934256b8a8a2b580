using System.Management.Automation;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Session;

namespace Chuizi.Video.Module.Commands;

/// <summary>Stops this runspace's sandbox and restores the previous connection.</summary>
[Cmdlet(VerbsLifecycle.Stop, "ChuiziVideoSandbox", HelpUri = HelpPages.Folder + "Stop-ChuiziVideoSandbox.md")]
public sealed class StopChuiziVideoSandboxCommand : PSCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (!ModuleSession.Current.StopSandbox())
        {
            WriteWarning("No sandbox is running in this session.");
        }
    }
}
