using System.Globalization;
using Chuizi.Video.Client.Rows;

namespace Chuizi.Video.Client.Submitting;

/// <summary>Sentences about a plan: its size and cost, what was spent, and what may be wrong with its rows.</summary>
internal static class SubmissionText
{
    private const int MostRowsNamed = 5;

    /// <summary>The number of rows, the models, the costs, and what is unknown.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="sent">The rows that would be submitted.</param>
    public static string Describe(SubmissionPlan plan, IReadOnlyList<PlannedRow> sent)
    {
        bool isUnpriced = sent.All(row => row.Estimate is null);
        string price =
            sent.Count == 0 ? ""
            : isUnpriced ? ", price unknown"
            : Cost(sent) is { IsAtMost: false } cost ? $", {cost} estimated" : $", {Cost(sent)}";
        List<string> sentences = [$"Total: {DisplayText.Count(sent.Count, "video")} to submit{price}."];
        string models = string.Join(", ", sent.GroupBy(row => row.Request.Model).Select(DescribeModel));
        if (models.Length > 0)
        {
            sentences.Add($"{models}.");
        }

        string[] unknown =
        [
            .. sent.Where(row => row.Estimate is null)
                .GroupBy(row => CostEstimator.Describe(row.Request.Model, row.Request.Duration))
                .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Key} ({group.Count():N0})")),
        ];
        if (unknown.Length > 0)
        {
            string what = isUnpriced ? "Price unknown" : "Not in the estimate because the price is unknown";
            sentences.Add($"{what}: {string.Join(", ", unknown)}.");
        }

        int known = plan.Rows.Count(row => row.Action is not (RowAction.Send or RowAction.IsLeftOut));
        if (known > 0)
        {
            sentences.Add($"{DisplayText.Count(known, "row")} recorded in the ledger will not be submitted again{Undecided(plan)}.");
        }

        if (plan.Terms.MaxCost is { } most && sent.Count > 0)
        {
            sentences.Add(
                $"{plan.Terms.MaxCostName} {DisplayText.Cost(most)} covers {Number(plan.Covered(sent, (most, plan.Spent)).Count)} of them "
                    + $"({DisplayText.Cost(plan.Spent)} is already spent or committed to videos in progress).");
        }

        if (plan.Terms.Budget is { } budget && sent.Count > 0)
        {
            sentences.Add(
                $"The monthly budget of {DisplayText.Cost(budget.Amount)} covers "
                    + $"{Number(plan.Covered(sent, (budget.Amount, plan.SpentThisMonth)).Count)} of them "
                    + $"({DisplayText.Cost(plan.SpentThisMonth)} is already spent or committed this month).");
        }

        return string.Join(" ", sentences);
    }

    /// <summary>
    /// How many videos several prompts and models make, and their cost: <c>2 prompts × 3 models = 6 videos, at most $10.80</c>.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="size">What is multiplied.</param>
    public static string DescribeProduct(SubmissionPlan plan, BatchSize size)
    {
        PlannedRow[] sent = [.. plan.Rows.Where(row => row is { Action: RowAction.Send, Errors.Count: 0 })];
        int unpriced = sent.Count(row => row.Estimate is null);
        string known = sent.Length == plan.Rows.Count ? "" : $", {Number(sent.Length)} to submit";
        string cost = unpriced == sent.Length ? "" : $", at most {DisplayText.Cost(Cost(sent).Amount)}"
            + (unpriced > 0 ? string.Create(CultureInfo.InvariantCulture, $" ({unpriced:N0} without a known price)") : "");
        string product = string.Join(" × ", size.Named.Select(factor => DisplayText.Count(factor.Count, factor.Noun)));
        // A rerun also has the takes of earlier runs.
        string sign = size.Named.Aggregate(1, (all, factor) => all * factor.Count) == plan.Rows.Count ? " =" : ":";
        return $"{product}{sign} {DisplayText.Count(plan.Rows.Count, "video")}{known}{cost}.";
    }

    /// <summary>
    /// What a call has spent. Null if it has submitted nothing, or one video whose price is not known.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="submitted">The rows that the API has accepted.</param>
    public static string? DescribeSpent(SubmissionPlan plan, IReadOnlyList<PlannedRow> submitted)
    {
        int unpriced = submitted.Count(row => row.Estimate is null);
        if (submitted.Count == 0 || (submitted.Count == 1 && unpriced == 1))
        {
            return null;
        }

        CostEstimate cost = Cost(submitted);
        string price =
            unpriced == submitted.Count ? ""
            : (cost.IsAtMost ? $", {cost}" : $", {cost} estimated")
                + (unpriced > 0 ? string.Create(CultureInfo.InvariantCulture, $" ({unpriced:N0} without a known price)") : "");
        string limit = plan.Terms.MaxCost is { } most
            ? $" {DisplayText.Cost(plan.Spent + cost.Amount)} of {plan.Terms.MaxCostName} {DisplayText.Cost(most)} is spent or committed."
            : "";
        string month = plan.Terms.Budget is { } budget
            ? $" {DisplayText.Cost(plan.SpentThisMonth + cost.Amount)} of the monthly budget of {DisplayText.Cost(budget.Amount)} is spent "
                + "or committed."
            : "";
        return $"Submitted: {DisplayText.Count(submitted.Count, "video")}{price}.{limit}{month}";
    }

    /// <summary>One sentence per distinct message, with the numbers of its rows, in the order of first occurrence.</summary>
    public static IEnumerable<string> DescribeIssues(IEnumerable<ValidationIssue> issues) =>
        issues.GroupBy(issue => issue.Message).Select(group =>
        {
            int[] rows = [.. group.Select(issue => issue.Row).OfType<int>().Distinct()];
            string named = string.Join(", ", rows.Take(MostRowsNamed));
            return rows.Length switch
            {
                0 => group.Key,
                1 => $"Row {named}: {group.Key}",
                <= MostRowsNamed => $"Rows {named}: {group.Key}",
                _ => string.Create(CultureInfo.InvariantCulture, $"Rows {named} and {rows.Length - MostRowsNamed} more: {group.Key}"),
            };
        });

    private static CostEstimate Cost(IEnumerable<PlannedRow> rows) => CostEstimate.Sum(rows.Select(row => row.Estimate));

    private static string DescribeModel(IGrouping<string, PlannedRow> rows)
    {
        string price = rows.All(row => row.Estimate is null) ? "price unknown" : Cost(rows).ToString();
        return string.Create(CultureInfo.InvariantCulture, $"{rows.Count():N0} with {rows.Key} ({price})");
    }

    private static string Number(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Rows that would be submitted with another switch.</summary>
    private static string Undecided(SubmissionPlan plan)
    {
        int failed = plan.Rows.Count(row => row is { Action: RowAction.IsKnown, Decision.Entry.Status: VideoStatus.Failed });
        int unknown = plan.Rows.Count(row => row.Action == RowAction.IsUnknown);
        return (failed > 0 ? $"; {Number(failed)} failed (to submit again, use -RetryFailed)" : "")
            + (unknown > 0 ? $"; {Number(unknown)} with an unknown outcome (to submit again, use -Resubmit)" : "");
    }
}
