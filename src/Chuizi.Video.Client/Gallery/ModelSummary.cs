namespace Chuizi.Video.Client.Gallery;

/// <summary>The figures of one model's videos.</summary>
/// <param name="Model">The model's name; empty if not known.</param>
/// <param name="Videos">The number of videos.</param>
/// <param name="Failed">The number of failed videos.</param>
/// <param name="Cost">The sum of the known costs, in USD.</param>
/// <param name="CostUnknown">The number of videos whose cost is not known.</param>
/// <param name="Median">The median latency, in seconds; null if none is known.</param>
/// <param name="Slowest">The longest latency, in seconds; null if none is known.</param>
internal sealed record ModelSummary(
    string Model,
    int Videos,
    int Failed,
    decimal Cost,
    int CostUnknown,
    double? Median,
    double? Slowest);
