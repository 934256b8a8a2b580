using System.Globalization;

namespace Chuizi.Video.Benchmarks;

/// <summary>Repeats what is measured, and prints the lines of the table.</summary>
internal static class Results
{
    /// <summary>How often each is measured.</summary>
    public const int Runs = 5;

    /// <summary>Measures one thing by itself.</summary>
    public static List<double> Measure(Func<double> once) => [.. Enumerable.Range(0, Runs).Select(_ => once())];

    /// <summary>
    /// Measures several in turn, so that a noisy moment hits all, and every other time in the opposite order, so that none always
    /// follows the same one. The first round warms up and does not count.
    /// </summary>
    public static List<double>[] Alternate(params Func<double>[] ways)
    {
        List<double>[] values = [.. ways.Select(_ => new List<double>())];
        for (int run = -1; run < Runs; run++)
        {
            for (int turn = 0; turn < ways.Length; turn++)
            {
                int way = run % 2 == 0 ? turn : ways.Length - 1 - turn;
                double value = ways[way]();
                if (run >= 0)
                {
                    values[way].Add(value);
                }
            }
        }

        return values;
    }

    /// <summary>Prints a line: the median, and the spread where there is one.</summary>
    public static void Tell(string what, IReadOnlyList<double> values, string unit)
    {
        double[] sorted = [.. values.Order()];
        string spread = sorted.Length > 1 ? string.Create(CultureInfo.InvariantCulture, $"  ({sorted[0]:0.00} to {sorted[^1]:0.00})") : "";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-75} {sorted[sorted.Length / 2],8:0.00} {unit}{spread}"));
    }

    /// <summary>Prints the ratio of two that were measured in turn: the median of the rounds' ratios.</summary>
    public static void TellRatio(string what, IReadOnlyList<double> values, IReadOnlyList<double> others) =>
        Tell(what, [.. values.Zip(others, (left, right) => left / right)], "");
}
