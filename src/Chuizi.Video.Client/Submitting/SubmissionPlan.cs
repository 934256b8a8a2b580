namespace Chuizi.Video.Client.Submitting;

/// <summary>
/// What happens to each row of a list, according to the current ledger. The ledger is checked again just before a row is sent.
/// </summary>
internal sealed record SubmissionPlan
{
    /// <summary>The user's choices.</summary>
    public required SubmissionTerms Terms { get; init; }

    /// <summary>Estimates costs.</summary>
    public required CostEstimator Prices { get; init; }

    /// <summary>The rows, in the order of the list.</summary>
    public required IReadOnlyList<PlannedRow> Rows { get; init; }

    /// <summary>Why a limit cannot be enforced, one sentence per reason.</summary>
    public IReadOnlyList<string> UnknownPrices { get; init; } = [];

    /// <summary>The amount that already counts against the spending limit, in USD.</summary>
    public decimal Spent { get; init; }

    /// <summary>The amount that already counts against the budget of the month, in USD.</summary>
    public decimal SpentThisMonth { get; init; }

    /// <summary>The numbers of the rows that were rejected, and have as many takes as the user allows.</summary>
    public IReadOnlyList<int> AtMaxTake { get; init; } = [];

    /// <summary>The damaged lines of the ledger, each with its number.</summary>
    public IReadOnlyList<string> Damage { get; init; } = [];

    /// <summary>The rows that amounts cover together, in the order of the list.</summary>
    /// <param name="rows">Rows to submit.</param>
    /// <param name="limits">The limits in USD, each with what already counts against it.</param>
    public IReadOnlyList<PlannedRow> Covered(IEnumerable<PlannedRow> rows, params (decimal Limit, decimal Spent)[] limits)
    {
        List<PlannedRow> covered = [];
        foreach (PlannedRow row in rows)
        {
            decimal cost = row.Estimate?.Amount ?? 0;
            if (Array.TrueForAll(limits, limit => limit.Limit > 0 && limit.Spent + cost <= limit.Limit))
            {
                limits = [.. limits.Select(limit => (limit.Limit, limit.Spent + cost))];
                covered.Add(row);
            }
            else if (Terms.StopsAtLimit)
            {
                break;
            }
        }

        return covered;
    }
}
