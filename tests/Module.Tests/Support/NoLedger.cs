using System.Runtime.CompilerServices;

namespace Chuizi.Video.Module.Tests.Support;

/// <summary>Keeps the tests from writing to the default ledger of the user who runs them.</summary>
internal static class NoLedger
{
    [ModuleInitializer]
    internal static void SwitchOff() => Environment.SetEnvironmentVariable("CHUIZI_LEDGER", "off");
}
