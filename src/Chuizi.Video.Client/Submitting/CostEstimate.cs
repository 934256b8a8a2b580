namespace Chuizi.Video.Client.Submitting;

/// <summary>The estimated cost of a video: the figure that is shown, planned, reserved and recorded.</summary>
/// <param name="Amount">The cost in USD.</param>
/// <param name="IsAtMost">Whether it is that of the model's longest video, because no duration is specified.</param>
internal readonly record struct CostEstimate(decimal Amount, bool IsAtMost = false)
{
    /// <summary>The sum of the known estimates.</summary>
    public static CostEstimate Sum(IEnumerable<CostEstimate?> estimates) => estimates
        .OfType<CostEstimate>()
        .Aggregate(default(CostEstimate), (sum, one) => new CostEstimate(sum.Amount + one.Amount, sum.IsAtMost || one.IsAtMost));

    /// <inheritdoc/>
    public override string ToString() => (IsAtMost ? "at most " : "") + VideoFormat.Cost(Amount);
}
