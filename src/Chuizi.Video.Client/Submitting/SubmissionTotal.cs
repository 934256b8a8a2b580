using System.Globalization;

namespace Chuizi.Video.Client.Submitting;

/// <summary>Summarizes a list in words.</summary>
internal static class SubmissionTotal
{
    /// <summary>The number of rows, the models, the costs, and what is unknown.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="sent">The rows that would be submitted.</param>
    public static string Describe(SubmissionPlan plan, IReadOnlyList<PlannedRow> sent)
    {
        bool isUnpriced = sent.All(row => row.Estimate is null);
        string price =
            sent.Count == 0 ? ""
            : isUnpriced ? ", price unknown"
            : $", {VideoFormat.Cost(sent.Sum(row => row.Estimate ?? 0))} estimated";
        List<string> sentences = [$"Total: {Count(sent.Count, "video")} to submit{price}."];
        string models = string.Join(", ", sent.GroupBy(row => row.Request.Model).Select(DescribeModel));
        if (models.Length > 0)
        {
            sentences.Add($"{models}.");
        }

        string[] unknown =
        [
            .. sent.Where(row => row.Estimate is null)
                .GroupBy(row => CostEstimator.Describe(row.Request.Model, row.Request.Duration))
                .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Key} ({group.Count()})")),
        ];
        if (unknown.Length > 0)
        {
            string what = isUnpriced ? "Price unknown" : "Not in the estimate because the price is unknown";
            sentences.Add($"{what}: {string.Join(", ", unknown)}.");
        }

        int known = plan.Rows.Count(row => row.Action != RowAction.Send);
        if (known > 0)
        {
            sentences.Add($"{Count(known, "row")} recorded in the ledger will not be submitted again{Undecided(plan)}.");
        }

        if (plan.Terms.MaxCost is { } most && sent.Count > 0)
        {
            decimal left = most - plan.Spent;
            int fits = 0;
            foreach (PlannedRow row in sent.Where(row => (row.Estimate ?? 0) <= left))
            {
                left -= row.Estimate ?? 0;
                fits++;
            }

            sentences.Add(
                $"-MaxCost {VideoFormat.Cost(most)} covers {fits} of them ({VideoFormat.Cost(plan.Spent)} is already spent or committed to "
                    + "videos in progress).");
        }

        return string.Join(" ", sentences);
    }

    private static string DescribeModel(IGrouping<string, PlannedRow> rows)
    {
        string price = rows.All(row => row.Estimate is null) ? "price unknown" : VideoFormat.Cost(rows.Sum(row => row.Estimate ?? 0));
        return string.Create(CultureInfo.InvariantCulture, $"{rows.Count()} with {rows.Key} ({price})");
    }

    /// <summary>Rows that would be submitted with another switch.</summary>
    private static string Undecided(SubmissionPlan plan)
    {
        int failed = plan.Rows.Count(row => row is { Action: RowAction.IsKnown, Decision.Entry.Status: VideoStatus.Failed });
        int unknown = plan.Rows.Count(row => row.Action == RowAction.IsUnknown);
        return (failed > 0 ? $"; {failed} failed (to submit again, use -RetryFailed)" : "")
            + (unknown > 0 ? $"; {unknown} with an unknown outcome (to submit again, use -Resubmit)" : "");
    }

    private static string Count(int count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
