using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Models;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Client.Tests.Ledger;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Submitting;

public sealed class SubmissionPlanTests : LedgerTest
{
    private static readonly SubmissionTerms s_terms = new() { Origin = Records.Api, Deduplicates = true };

    private readonly RowChecker _checker = new();
    private readonly LedgerBook _book = new();

    [Fact]
    public void Identical_rows_are_numbered_and_each_is_found()
    {
        CheckedRow[] rows = [Row(1), Row(2), Row(3, "Another"), Row(4)];
        SubmissionPlan first = Plan(rows);
        string hash = RowKey.HashOf(rows[0].Request!)!;
        first.Rows.Select(row => row.Key).ShouldBe([$"{hash}#1", $"{hash}#2", RowKey.HashOf(rows[2].Request!) + "#1", $"{hash}#3"]);
        first.Rows.ShouldAllBe(row => row.Action == RowAction.Send);

        Sent("e-1", first.Rows[0].Key!);
        Sent("e-2", first.Rows[2].Key!);
        Plan(rows).Rows.Select(row => row.Action).ShouldBe([RowAction.IsKnown, RowAction.Send, RowAction.IsKnown, RowAction.Send]);
        // Users may reorder a list.
        Plan([Row(1, "Another"), Row(2), Row(3)])
            .Rows.Select(row => row.Action)
            .ShouldBe([RowAction.IsKnown, RowAction.IsKnown, RowAction.Send]);
    }

    [Fact]
    public void A_row_submitted_to_another_origin_is_still_sent()
    {
        Sent("e", Plan([Row(1)]).Rows[0].Key!, Records.Elsewhere);
        Plan([Row(1)]).Rows[0].Action.ShouldBe(RowAction.Send);
    }

    [Fact]
    public void Without_deduplication_the_ledger_changes_nothing()
    {
        Sent("e", Plan([Row(1)]).Rows[0].Key!);
        PlannedRow row = Plan([Row(1)], s_terms with { Deduplicates = false, MaxCost = 5 }).Rows[0];
        (row.Action, row.Key, row.Decision.Entry).ShouldBe((RowAction.Send, null, null));
        Sent("other", "other#1", estimate: 0.5m);
        Plan([Row(1)], s_terms with { Deduplicates = false, MaxCost = 5 }).Spent.ShouldBe(0, "earlier runs do not count");
        SubmissionTerms terms = s_terms with { Deduplicates = false };
        SubmissionPlanner.Make([Row(1)], terms, Estimator(), VideoLedger.InMemory(), null).Rows[0].Action.ShouldBe(RowAction.Send);
    }

    [Fact]
    public void A_submitted_row_that_fails_validation_now_is_still_known()
    {
        CheckedRow row = _checker.Check(new() { Row = 1, Prompt = "p", Model = "bailian/wan2.6-i2v" });
        row.Errors.ShouldNotBeEmpty();
        Plan([row]).Rows[0].Errors.ShouldBe(row.Errors);
        Sent("e", Plan([row]).Rows[0].Key!);
        (Plan([row]).Rows[0].Action, Plan([row]).Rows[0].Errors.Count).ShouldBe((RowAction.IsKnown, 0));
    }

    [Fact]
    public void A_submitted_row_whose_image_is_deleted_is_still_known()
    {
        string path = Home.Write("a.png", Images.Png(640, 480));
        RowInput input = new() { Row = 1, Prompt = "p", Model = "bailian/wan2.6-i2v", Image = path };
        CheckedRow row = _checker.Check(input);
        PlannedRow planned = Plan([row]).Rows[0];
        LedgerRecord intent = Records.Intent("e", planned.Key);
        intent.Files = new() { [path] = row.Request!.Image!.Content };
        _book.Apply(intent);
        _book.Apply(Records.Submitted("e", "vid-1", planned.Key));
        File.Delete(path);

        CheckedRow gone = new RowChecker().Check(input);
        gone.Errors.ShouldNotBeEmpty();
        PlannedRow again = Plan([gone]).Rows[0];
        (again.Action, again.Decision.Entry!.Id, again.Errors.Count).ShouldBe((RowAction.IsKnown, "vid-1", 0));

        // A row that was never submitted still fails.
        PlannedRow other = Plan([new RowChecker().Check(input with { Prompt = "q" })]).Rows[0];
        (other.Action, other.Errors.Count).ShouldBe((RowAction.Send, 1));
    }

    [Fact]
    public void An_image_that_changes_during_planning_is_an_error_of_its_row()
    {
        string path = Home.Write("a.png", Images.Png(640, 480));
        CheckedRow row = _checker.Check(new() { Row = 3, Prompt = "p", Model = "bailian/wan2.6-i2v", Image = path });
        File.Delete(path);
        SubmissionPlan plan = Plan([row, Row(4)]);
        plan.Rows.Count.ShouldBe(2);
        PlannedRow planned = plan.Rows[0];
        planned.Errors.Single().ToString().ShouldStartWith("Row 3: An image cannot be read: ");
        planned.Errors.Single().Column.ShouldBe("Image");
    }

    [Fact]
    public void An_invalid_row_keeps_its_position()
    {
        CheckedRow unreadable = _checker.Check(new() { Row = 1, Prompt = "p", Duration = "long" });
        SubmissionPlan plan = Plan([unreadable, Row(2)]);
        (plan.Rows[0].Action, plan.Rows[0].Errors.Count, plan.Rows[0].Key, plan.Rows[0].Estimate).ShouldBe((RowAction.Send, 1, null, null));
        plan.Rows[1].Key.ShouldNotBeNull();
    }

    [Fact]
    public void An_intent_is_elsewhere_while_its_run_is_alive_and_unknown_afterwards()
    {
        string key = Plan([Row(1)]).Rows[0].Key!;
        using LedgerRun run = new();
        _book.Apply(Records.Intent("e", key, run: run.Name));
        Plan([Row(1)]).Rows[0].Action.ShouldBe(RowAction.IsElsewhere);
        run.Dispose();
        Plan([Row(1)]).Rows[0].Action.ShouldBe(RowAction.IsUnknown);
        Plan([Row(1)], s_terms with { Resubmit = true }).Rows[0].Action.ShouldBe(RowAction.Send);
    }

    [Fact]
    public void With_a_spending_limit_unknown_prices_are_listed_with_their_rows()
    {
        CheckedRow[] rows = [Row(1), Row(2, "Another"), Row(3, duration: null), Row(4, model: "google/veo-3.1", estimate: 2), Row(5)];
        Plan(rows, s_terms, Estimator(listed: [])).UnknownPrices.ShouldBeEmpty("no spending limit is set");
        Plan(rows, s_terms with { MaxCost = 5 }, Estimator(listed: []))
            .UnknownPrices.ShouldBe([
                "The price of 6 s of google/veo-3.1-lite is unknown (rows 1-2 and 5).",
                "The price of google/veo-3.1-lite without a duration is unknown (row 3).",
            ]);
        Plan([Row(null)], s_terms with { MaxCost = 5 }, Estimator(listed: []))
            .UnknownPrices.ShouldBe(["The price of 6 s of google/veo-3.1-lite is unknown."]);
    }

    [Fact]
    public void Prices_of_rows_that_are_not_sent_are_not_required()
    {
        CheckedRow wrong = _checker.Check(new() { Row = 2, Prompt = "p", Model = "bailian/wan2.6-i2v" });
        Sent("e", Plan([Row(1)]).Rows[0].Key!, estimate: 0.3m);
        Plan([Row(1), wrong], s_terms with { MaxCost = 5 }, Estimator(listed: [])).UnknownPrices.ShouldBeEmpty();
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void With_a_spending_limit_ledger_entries_of_unknown_cost_are_listed()
    {
        Sent("e-1", "other#1");
        Sent("e-2", "other#2");
        Sent("e-3", "other#3", Records.Elsewhere);
        SubmissionTerms terms = s_terms with { MaxCost = 5 };
        Plan([Row(1, estimate: 0.1m)], terms, Estimator(listed: []))
            .UnknownPrices.ShouldBe(["The cost of 2 videos in the ledger is unknown: 6 s of google/veo-3.1-lite. Specify -EstimatedCost."]);
        SubmissionPlan told = Plan([Row(1, estimate: 0.1m)], terms, Estimator(listed: [], expected: 0.4m));
        (told.UnknownPrices.Count, told.Spent).ShouldBe((0, 0.8m));
        Plan([Row(1)], terms with { Deduplicates = false }).UnknownPrices.ShouldBeEmpty("earlier runs do not count");
    }

    // The second row is too expensive for what the first leaves.
    [Theory]
    [InlineData(false, new[] { 1, 3 })]
    [InlineData(true, new[] { 1 })]
    public void A_row_that_would_exceed_a_limit_may_stop_those_after_it(bool stops, int[] covered)
    {
        SubmissionPlan plan = Plan(
            [Row(1, estimate: 0.3m), Row(2, estimate: 0.9m), Row(3, estimate: 0.3m), Row(4, estimate: 0.3m)],
            s_terms with { MaxCost = 1, StopsAtLimit = stops },
            Estimator(listed: []));
        plan.Covered(plan.Rows, (1, 0.4m)).Select(row => row.Number).ShouldBe(covered.Cast<int?>());
        plan.Covered(plan.Rows, (100, 0), (1, 0.4m)).Select(row => row.Number).ShouldBe(covered.Cast<int?>(), "the lowest limit applies");
    }

    [Fact]
    public void A_limit_of_zero_covers_no_row_and_a_row_without_an_estimate_needs_no_money()
    {
        SubmissionPlan plan = Plan([Row(1)], s_terms, Estimator(listed: []));
        plan.Covered(plan.Rows, (0, 0)).ShouldBeEmpty();
        plan.Covered(plan.Rows, (0.01m, 0.01m)).Count.ShouldBe(1);
    }

    [Fact]
    public void Ledger_damage_is_passed_on()
    {
        _book.ApplyLine(1, "nonsense"u8);
        Plan([Row(1)]).Damage.Single().ShouldStartWith("Line 1 ");
    }

    private static CostEstimator Estimator(IReadOnlyList<ListedModel>? listed = null, decimal? expected = null) =>
        new(Records.Api, listed ?? [new ListedModel(Records.Model, null, [], 0.05m, "second")], null, expected);

    private SubmissionPlan Plan(CheckedRow[] rows, SubmissionTerms? terms = null, CostEstimator? estimator = null) =>
        SubmissionPlanner.Make(rows, terms ?? s_terms, estimator ?? Estimator(), VideoLedger.At(LedgerPath), _book);

    private void Sent(string entry, string key, string origin = Records.Api, decimal? estimate = null)
    {
        _book.Apply(Records.Intent(entry, key, estimate, origin));
        _book.Apply(Records.Submitted(entry, "vid-" + entry, key, origin));
    }

    private CheckedRow Row(
        int? number,
        string prompt = "A red kite",
        int? duration = 6,
        string model = Records.Model,
        decimal? estimate = null
    ) =>
        _checker.Check(
            new()
            {
                Row = number,
                Prompt = prompt,
                Model = model,
                Duration = duration,
                EstimatedCost = estimate,
            });
}
