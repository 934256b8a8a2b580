namespace Chuizi.Video.Soak.Plans;

/// <summary>An event that happens when the sandbox reads a certain request.</summary>
/// <param name="Request">The request at which it happens, counted from 1 in each run.</param>
/// <param name="Kind">What happens.</param>
/// <param name="Time">How far a clock jumps.</param>
internal sealed record Mishap(int Request, MishapKind Kind, TimeSpan Time = default);
