using System.Globalization;

namespace Chuizi.Video.Benchmarks.Measuring;

/// <summary>One line of the results.</summary>
/// <param name="Benchmark">The name it is run by.</param>
/// <param name="What">What was measured.</param>
/// <param name="Unit">Empty for a ratio.</param>
/// <param name="Values">One a round.</param>
/// <param name="AtMost">What the median is to be at most; null where nothing is set.</param>
internal sealed record Figure(string Benchmark, string What, string Unit, IReadOnlyList<double> Values, double? AtMost)
{
    /// <summary>The one in the middle.</summary>
    public double Median => Values.Order().ElementAt(Values.Count / 2);

    /// <summary>Whether the median is within the bound; null where there is none.</summary>
    public bool? IsReached => AtMost is { } most ? Median <= most : null;

    /// <summary>The median with its unit.</summary>
    public string Middle => Text(Median) + (Unit.Length > 0 ? " " + Unit : "");

    /// <summary>The least and the most; empty where there is but one value.</summary>
    public string Spread => Values.Count > 1 ? $"{Text(Values.Min())} to {Text(Values.Max())}" : "";

    /// <summary>The bound, and whether it is kept.</summary>
    public string Bound => AtMost is { } most ? $"{Text(most)}: {(IsReached == true ? "reached" : "missed")}" : "";

    private static string Text(double value) => value.ToString(Math.Abs(value) < 100 ? "0.00" : "0", CultureInfo.InvariantCulture);
}
