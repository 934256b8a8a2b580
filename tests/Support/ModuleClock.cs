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
        // The engine loads the built module, so the tests cannot reference its types.
        Type session = AppDomain.CurrentDomain.GetAssemblies().Single(assembly => assembly.GetName().Name == "Chuizi.Video")
            .GetType("Chuizi.Video.Module.Session.ModuleSession", throwOnError: true)!;
        session.GetProperty(property)!.SetValue(session.GetMethod("Of")!.Invoke(null, [runspace]), clock);
    }
}
