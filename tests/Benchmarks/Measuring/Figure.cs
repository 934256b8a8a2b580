using System.Globalization;

namespace Chuizi.Video.Benchmarks.Measuring;

/// <summary>One line of the results.</summary>
/// <param name="Benchmark">The name of the benchmark.</param>
/// <param name="What">What was measured.</param>
/// <param name="Unit">The unit; empty for a ratio.</param>
/// <param name="Values">One value per round.</param>
/// <param name="AtMost">The upper bound of the median; null if it has no bound.</param>
internal sealed record Figure(string Benchmark, string What, string Unit, IReadOnlyList<double> Values, double? AtMost)
{
    /// <summary>
    /// The share of the processors that was free, before or after the benchmark, whichever is less; null while it runs.
    /// </summary>
    public double? FreeShare { get; set; }

    /// <summary>Whether other work may have changed the values.</summary>
    public bool IsNoisy => FreeShare < Machine.QuietShare;

    /// <summary>The median of the values.</summary>
    public double Median => Values.Order().ElementAt(Values.Count / 2);

    /// <summary>Whether the median is within the bound; null if it has no bound.</summary>
    public bool? IsReached => AtMost is { } most ? Median <= most : null;

    /// <summary>The median with its unit.</summary>
    public string Middle => Text(Median) + (Unit.Length > 0 ? " " + Unit : "");

    /// <summary>The smallest and the largest value; empty for a single value.</summary>
    public string Spread => Values.Count > 1 ? $"{Text(Values.Min())} to {Text(Values.Max())}" : "";

    /// <summary>The bound, and whether it was reached.</summary>
    public string Bound => AtMost is { } most ? $"{Text(most)}: {(IsReached == true ? "reached" : "missed")}" : "";

    private static string Text(double value) => value.ToString(Math.Abs(value) < 100 ? "0.00" : "0", CultureInfo.InvariantCulture);
}
