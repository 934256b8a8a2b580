using System.Runtime.CompilerServices;

namespace Chuizi.Video.Module.Tests.Support;

/// <summary>Keeps the tests from writing to the default ledger and the state folder of the user who runs them.</summary>
internal static class NoLedger
{
    [ModuleInitializer]
    internal static void SwitchOff()
    {
        Environment.SetEnvironmentVariable("CHUIZI_LEDGER", "off");
        string state = Directory.CreateTempSubdirectory("chuizi-test-state-").FullName;
        Environment.SetEnvironmentVariable("XDG_STATE_HOME", state);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(state, recursive: true);
    }
}
