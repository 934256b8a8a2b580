namespace Chuizi.Video.Client.Submitting;

/// <summary>The estimated cost of a video: the figure that is shown, planned, reserved and recorded.</summary>
/// <param name="Amount">The cost in USD.</param>
/// <param name="IsAtMost">Whether it is that of the model's longest video, because no duration is specified.</param>
/// <param name="Source">Where it comes from: one of the constants. A sum has no source of its own.</param>
internal readonly record struct CostEstimate(decimal Amount, bool IsAtMost = false, string Source = CostEstimate.Stated)
{
    /// <summary>The API's price list.</summary>
    public const string Listed = "Listed";

    /// <summary>The cost of earlier videos in the ledger.</summary>
    public const string Seen = "Seen";

    /// <summary>The user's estimate.</summary>
    public const string Stated = "Stated";

    /// <summary>Shown in a plan where there is no estimate.</summary>
    public const string None = "None";

    /// <summary>The sum of the known estimates.</summary>
    public static CostEstimate Sum(IEnumerable<CostEstimate?> estimates) => estimates
        .OfType<CostEstimate>()
        .Aggregate(default(CostEstimate), (sum, one) => new CostEstimate(sum.Amount + one.Amount, sum.IsAtMost || one.IsAtMost));

    /// <inheritdoc/>
    public override string ToString() => (IsAtMost ? "at most " : "") + DisplayText.Cost(Amount);
}
