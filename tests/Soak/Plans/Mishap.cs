namespace Chuizi.Video.Soak.Plans;

/// <summary>Something that happens when the sandbox has read so many requests.</summary>
/// <param name="Request">The request at which it happens, counted from 1 in each run.</param>
/// <param name="Kind">What.</param>
/// <param name="Time">How far a clock leaps.</param>
internal sealed record Mishap(int Request, MishapKind Kind, TimeSpan Time = default);
