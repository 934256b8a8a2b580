using Chuizi.Video.Tests.Support;
using CsCheck;
using Xunit;

namespace Chuizi.Video.Client.Tests.BadInput;

/// <summary>
/// How often the properties in this folder are sampled: an eighth of the number that each test passes, so that the tests stay fast,
/// unless an environment variable sets a time or a number (<c>CsCheck_Time</c>, which <c>./build.sh fuzz</c> sets, or
/// <c>CsCheck_Iter</c>). The output of a test shows the number of samples, and the seed of a failure.
/// </summary>
internal static class Runs
{
    public static void Try<T>(this Gen<T> gen, Action<T> check, long times, bool alone = false) =>
        gen.Sample(check, Tell, iter: Of(times), threads: alone ? 1 : -1, print: Print);

    /// <summary>Samples one at a time, for tests that share a server or a file.</summary>
    public static Task TryAsync<T>(this Gen<T> gen, Func<T, Task> check, long times) =>
        gen.SampleAsync(check, Tell, iter: Of(times), threads: 1, print: Print);

    /// <summary>An explicit number would override the environment variable.</summary>
    private static long Of(long times) =>
        string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable("CsCheck_Iter")) ? Math.Max(1, times / 8) : -1;

    private static void Tell(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    private static string Print<T>(T sample) => sample switch
    {
        byte[] bytes => $"{Convert.ToHexString(bytes)} {System.Text.Encoding.Latin1.GetString(bytes)}",
        RawReply reply => System.Text.Encoding.Latin1.GetString(reply.Bytes),
        _ => Check.Print(sample),
    };
}
