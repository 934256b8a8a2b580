using System.Diagnostics;
using System.Runtime;

namespace Chuizi.Video.Benchmarks.Measuring;

/// <summary>Repeats measurements.</summary>
internal static class Rounds
{
    /// <summary>The number of rounds.</summary>
    public const int Count = 5;

    private const double QuietShare = 0.01;
    private static readonly TimeSpan s_quietTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_longestWarmUp = TimeSpan.FromSeconds(45);

    /// <summary>Measures one thing by itself, after a warm-up that does not count.</summary>
    public static List<double> Of(Func<double> once) => Alternate(once)[0];

    /// <summary>
    /// Measures several things in turn, so that a noisy moment affects all of them, and reverses the order every other round, so that none
    /// always follows the same one. Before that, it warms up until the runtime has hardly compiled anything for two seconds: it compiles
    /// what is called often a second and a third time. A warm-up ends after 45 seconds in any case.
    /// </summary>
    public static List<double>[] Alternate(params Func<double>[] ways)
    {
        TimeSpan quiet = TimeSpan.Zero;
        long begin = Stopwatch.GetTimestamp();
        do
        {
            TimeSpan compiled = JitInfo.GetCompilationTime();
            long start = Stopwatch.GetTimestamp();
            Array.ForEach(ways, way => way());
            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            quiet = JitInfo.GetCompilationTime() - compiled < elapsed * QuietShare ? quiet + elapsed : TimeSpan.Zero;
        }
        while (quiet < s_quietTime && Stopwatch.GetElapsedTime(begin) < s_longestWarmUp);

        List<double>[] values = [.. ways.Select(_ => new List<double>())];
        for (int round = 0; round < Count; round++)
        {
            for (int turn = 0; turn < ways.Length; turn++)
            {
                int way = round % 2 == 0 ? turn : ways.Length - 1 - turn;
                values[way].Add(ways[way]());
            }
        }

        return values;
    }

    /// <summary>The ratio of each round.</summary>
    public static List<double> Ratios(IReadOnlyList<double> values, IReadOnlyList<double> others) =>
        [.. values.Zip(others, (left, right) => left / right)];
}
