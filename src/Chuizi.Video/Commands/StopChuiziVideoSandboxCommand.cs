using System.Management.Automation;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Session;

namespace Chuizi.Video.Module.Commands;

/// <summary>Stops this session's sandbox; the runspace goes back to the connection it had before.</summary>
[Cmdlet(VerbsLifecycle.Stop, "ChuiziVideoSandbox", HelpUri = HelpPages.Folder + "Stop-ChuiziVideoSandbox.md")]
public sealed class StopChuiziVideoSandboxCommand : PSCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (!ModuleSession.Current.StopSandbox())
        {
            WriteWarning("No sandbox runs in this session.");
        }
    }
}
