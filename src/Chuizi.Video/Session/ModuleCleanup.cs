using System.Management.Automation;

namespace Chuizi.Video.Module.Session;

/// <summary>Remove-Module leaves no sandbox listening.</summary>
public sealed class ModuleCleanup : IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo) => ModuleSession.StopAllSandboxes();
}
