namespace Chuizi.Video.Benchmarks.Measuring;

/// <summary>Repeats what is measured.</summary>
internal static class Rounds
{
    /// <summary>How often each is measured.</summary>
    public const int Count = 5;

    /// <summary>Measures one thing by itself, after a round that warms up and does not count.</summary>
    public static List<double> Of(Func<double> once) => Alternate(once)[0];

    /// <summary>
    /// Measures several in turn, so that a noisy moment hits all, and every other time in the opposite order, so that none always
    /// follows the same one. The first round warms up and does not count.
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

    /// <summary>The rounds' ratios.</summary>
    public static List<double> Ratios(IReadOnlyList<double> values, IReadOnlyList<double> others) =>
        [.. values.Zip(others, (left, right) => left / right)];
}
