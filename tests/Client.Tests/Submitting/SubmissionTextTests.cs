using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Client.Tests.Ledger;
using Chuizi.Video.Client.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Submitting;

public sealed class SubmissionTextTests
{
    [Fact]
    public void The_total_counts_videos_models_and_cost() =>
        Describe([Row("google/veo-3.1", 1.5m), Row(Records.Model, 0.3m), Row(Records.Model, 0.3m)])
            .ShouldBe("Total: 3 videos to submit, $2.10 estimated. 1 with google/veo-3.1 ($1.50), 2 with google/veo-3.1-lite ($0.60).");

    [Fact]
    public void The_total_lists_unknown_prices() =>
        Describe([Row(Records.Model, null), Row(Records.Model, 0.3m), Row("google/veo-3.1", null)])
            .ShouldBe(
                "Total: 3 videos to submit, $0.30 estimated. 2 with google/veo-3.1-lite ($0.30), 1 with google/veo-3.1 (price unknown). "
                    + "Not in the estimate because the price is unknown: 6 s of google/veo-3.1-lite (1), 6 s of google/veo-3.1 (1).");

    [Fact]
    public void A_long_list_has_thousands_separators_in_every_culture()
    {
        using InCulture culture = new("de-DE");
        PlannedRow[] rows = [.. Enumerable.Range(0, 1200).Select(_ => Row(Records.Model, 0.25m))];
        Describe(rows, 500).ShouldBe(
            "Total: 1,200 videos to submit, $300.00 estimated. 1,200 with google/veo-3.1-lite ($300.00). -MaxCost $500.00 covers 1,200 of "
                + "them ($0.00 is already spent or committed to videos in progress).");
    }

    [Fact]
    public void The_total_counts_rows_already_in_the_ledger()
    {
        PlannedRow known = Row(Records.Model, 0.3m, RowAction.IsKnown);
        Describe([Row(Records.Model, 0.3m), known, Row(Records.Model, 0.3m, RowAction.IsUnknown)])
            .ShouldBe(
                "Total: 1 video to submit, $0.30 estimated. 1 with google/veo-3.1-lite ($0.30). 2 rows recorded in the ledger "
                    + "will not be submitted again; 1 with an unknown outcome (to submit again, use -Resubmit).");
        Describe([known]).ShouldBe("Total: 0 videos to submit. 1 row recorded in the ledger will not be submitted again.");
    }

    [Theory]
    [InlineData("1.00", "0.10", 3)]
    [InlineData("0.99", "0.10", 2)]
    [InlineData("0.10", "0.10", 0)]
    [InlineData("0.05", "0.10", 0)]
    [InlineData("0", "0", 0)]
    public void The_total_says_how_many_rows_the_spending_limit_allows(string most, string spent, int fits)
    {
        decimal ceiling = decimal.Parse(most, System.Globalization.CultureInfo.InvariantCulture);
        decimal paid = decimal.Parse(spent, System.Globalization.CultureInfo.InvariantCulture);
        Describe([Row(Records.Model, 0.3m), Row(Records.Model, 0.3m), Row(Records.Model, 0.3m)], ceiling, paid)
            .ShouldEndWith(
                $" -MaxCost {DisplayText.Cost(ceiling)} covers {fits} of them ({DisplayText.Cost(paid)} is already spent or committed to "
                    + "videos in progress).");
    }

    [Fact]
    public void Costs_are_formatted_the_same_in_every_culture()
    {
        using InCulture culture = new("de-DE");
        DisplayText.Cost(1234.5m).ShouldBe("$1234.50");
        DisplayText.Cost(0.0125m).ShouldBe("$0.0125");
        Describe([Row(Records.Model, 0.3m)]).ShouldContain("$0.30");
    }

    [Fact]
    public void Equal_messages_are_reported_once_with_their_rows() =>
        SubmissionText.DescribeIssues(
        [
            Issue(2, "a"), Issue(3, "b"), Issue(4, "a"), Issue(null, "c"), Issue(null, "c"),
            .. Enumerable.Range(10, 5).Select(row => Issue(row, "five")),
            .. Enumerable.Range(20, 6).Select(row => Issue(row, "six")),
            .. Enumerable.Range(1000, 1005).Select(row => Issue(row, "many")),
        ]).ShouldBe(
        [
            "Rows 2, 4: a", "Row 3: b", "c", "Rows 10, 11, 12, 13, 14: five", "Rows 20, 21, 22, 23, 24 and 1 more: six",
            "Rows 1000, 1001, 1002, 1003, 1004 and 1000 more: many",
        ]);

    [Fact]
    public void A_row_with_the_same_issue_twice_is_listed_once() =>
        SubmissionText.DescribeIssues([Issue(2, "a"), Issue(2, "a"), Issue(3, "a")]).ShouldBe(["Rows 2, 3: a"]);

    [Fact]
    public void Without_issues_nothing_is_described() => SubmissionText.DescribeIssues([]).ShouldBeEmpty();

    private static ValidationIssue Issue(int? row, string message) => new(row, "Image", message);

    private static PlannedRow Row(string model, decimal? estimate, RowAction action = RowAction.Send)
    {
        VideoRequest request = new() { Model = model, Prompt = "p", Duration = 6 };
        PlannedRow row = Submissions.Row(1, request, estimate: estimate);
        row.Decision = new SubmissionDecision(action, null);
        return row;
    }

    private static string Describe(PlannedRow[] rows, decimal? maxCost = null, decimal spent = 0)
    {
        SubmissionPlan plan = new()
        {
            Terms = new SubmissionTerms { Origin = Records.Api, MaxCost = maxCost },
            Prices = new CostEstimator(Records.Api, null, null),
            Rows = rows,
            Spent = spent,
        };
        return SubmissionText.Describe(plan, [.. rows.Where(row => row.Action == RowAction.Send)]);
    }
}
