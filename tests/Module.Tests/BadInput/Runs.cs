using CsCheck;

namespace Chuizi.Video.Module.Tests.BadInput;

/// <summary>
/// How often the properties of this room are tried: a quarter of the number that each gives, so that the tests stay fast, unless the
/// environment says how long or how often (<c>CsCheck_Time</c>, which <c>./build.sh fuzz</c> sets, or <c>CsCheck_Iter</c>). One at a
/// time: a runspace has one thread.
/// </summary>
internal static class Runs
{
    public static void Try<T>(this Gen<T> gen, Action<T> check, long times) => gen.Sample(
        check,
        line => TestContext.Current.TestOutputHelper?.WriteLine(line),
        iter: string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable("CsCheck_Iter")) ? Math.Max(1, times / 4) : -1,
        threads: 1);
}
