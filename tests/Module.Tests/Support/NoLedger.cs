using System.Runtime.CompilerServices;

namespace Chuizi.Video.Module.Tests.Support;

/// <summary>No test writes the ledger of whoever runs the tests.</summary>
internal static class NoLedger
{
    [ModuleInitializer]
    internal static void SwitchOff() => Environment.SetEnvironmentVariable("CHUIZI_LEDGER", "off");
}
