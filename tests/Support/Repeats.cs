using System.Globalization;

namespace Chuizi.Video.Tests.Support;

/// <summary>
/// How often the tests with the trait Repeats are repeated: few times by default, so that the tests stay fast, and
/// <c>CHUIZI_TEST_REPEATS</c> times as often in <c>./build.sh fuzz</c>, which sets it.
/// </summary>
public static class Repeats
{
    /// <summary>The number of repetitions.</summary>
    /// <param name="usual">The number by default.</param>
    /// <exception cref="FormatException">The environment variable is not a whole number.</exception>
    public static int Of(int usual) =>
        Environment.GetEnvironmentVariable("CHUIZI_TEST_REPEATS") is { Length: > 0 } times
            ? usual * int.Parse(times, NumberStyles.None, CultureInfo.InvariantCulture)
            : usual;
}
