namespace Chuizi.Video.Benchmarks.Measuring;

/// <summary>Repeats measurements.</summary>
internal static class Rounds
{
    /// <summary>The number of rounds.</summary>
    public const int Count = 5;

    /// <summary>Measures one thing by itself, after a warm-up round that does not count.</summary>
    public static List<double> Of(Func<double> once) => Alternate(once)[0];

    /// <summary>
    /// Measures several things in turn, so that a noisy moment affects all of them, and reverses the order every other round, so that none
    /// always follows the same one. The first round is a warm-up and does not count.
    /// </summary>
    public static List<double>[] Alternate(params Func<double>[] ways)
    {
        List<double>[] values = [.. ways.Select(_ => new List<double>())];
        for (int run = -1; run < Count; run++)
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

    /// <summary>The ratio of each round.</summary>
    public static List<double> Ratios(IReadOnlyList<double> values, IReadOnlyList<double> others) =>
        [.. values.Zip(others, (left, right) => left / right)];
}
