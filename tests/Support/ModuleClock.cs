using System.Management.Automation.Runspaces;

namespace Chuizi.Video.Tests.Support;

/// <summary>Replaces the clocks of the module in a runspace.</summary>
internal static class ModuleClock
{
    /// <summary>Replaces one clock of the module.</summary>
    /// <param name="runspace">The runspace that has imported the module.</param>
    /// <param name="property">Clock, for reports, or RequestClock, for requests.</param>
    /// <param name="clock">The clock.</param>
    public static void Set(Runspace runspace, string property, TimeProvider clock)
    {
        // The module is the built one, loaded by the engine, so the tests cannot refer to it.
        Type session = AppDomain.CurrentDomain.GetAssemblies().Single(assembly => assembly.GetName().Name == "Chuizi.Video")
            .GetType("Chuizi.Video.Module.Session.ModuleSession", throwOnError: true)!;
        session.GetProperty(property)!.SetValue(session.GetMethod("Of")!.Invoke(null, [runspace]), clock);
    }
}
