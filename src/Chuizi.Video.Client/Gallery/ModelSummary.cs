namespace Chuizi.Video.Client.Gallery;

/// <summary>The figures of one model's videos.</summary>
/// <param name="Model">The model's name; empty where none is known.</param>
/// <param name="Videos">How many.</param>
/// <param name="Failed">How many of them failed.</param>
/// <param name="Cost">What is known of their cost, in USD.</param>
/// <param name="CostUnknown">Of how many the cost is not known.</param>
/// <param name="Median">The median latency; null where none is known.</param>
/// <param name="Slowest">The longest latency; null where none is known.</param>
internal sealed record ModelSummary(
    string Model,
    int Videos,
    int Failed,
    decimal Cost,
    int CostUnknown,
    TimeSpan? Median,
    TimeSpan? Slowest);
