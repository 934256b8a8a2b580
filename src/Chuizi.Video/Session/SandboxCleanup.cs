using System.Management.Automation;

namespace Chuizi.Video.Module.Session;

/// <summary>Stops all sandboxes on Remove-Module, and deletes their ledgers.</summary>
public sealed class SandboxCleanup : IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo) => RunningSandbox.StopAll();
}
