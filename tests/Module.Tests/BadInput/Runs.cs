using CsCheck;

namespace Chuizi.Video.Module.Tests.BadInput;

/// <summary>
/// Runs a property an eighth of the stated number of times, so that the tests stay fast, unless the environment sets a time or a
/// number (<c>CsCheck_Time</c>, which <c>./build.sh fuzz</c> sets, or <c>CsCheck_Iter</c>). Uses one thread, because a runspace has
/// one pipeline thread.
/// </summary>
internal static class Runs
{
    public static void Try<T>(this Gen<T> gen, Action<T> check, long times) => gen.Sample(
        check,
        line => TestContext.Current.TestOutputHelper?.WriteLine(line),
        iter: string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable("CsCheck_Iter")) ? Math.Max(1, times / 8) : -1,
        threads: 1);
}
