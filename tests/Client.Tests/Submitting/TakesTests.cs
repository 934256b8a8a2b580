using Chuizi.Video.Client.Files;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Models;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Client.Tests.Ledger;
using Chuizi.Video.Client.Text;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Submitting;

/// <summary>Several videos of one row: which are submitted, under which keys, seeds and file names.</summary>
public sealed class TakesTests
{
    private static readonly SubmissionTerms s_terms = new() { Origin = Records.Api, Deduplicates = true };

    private static readonly string[] s_outcomes =
        ["kept", "rejected", "rejected", "rejected", "undecided", "failed", "processing", "unknown", "skipped"];

    private readonly RowChecker _checker = new();
    private readonly LedgerBook _book = new(keepsInputs: true);
    private int _entries;

    [Fact]
    public void The_first_take_has_the_key_of_its_row()
    {
        RowKey.OfTake("2-abc#1", 1).ShouldBe("2-abc#1");
        RowKey.OfTake("2-abc#1", 3).ShouldBe("2-abc#1.3");
        RowKey.Split("2-abc#12.3").ShouldBe(("2-abc#12", 3));
        RowKey.Split("2-abc#12").ShouldBe(("2-abc#12", 1));
        RowKey.Split("2-abc#12.1").ShouldBe(("2-abc#12.1", 1));
        RowKey.Split("k.2").ShouldBe(("k.2", 1));
        RowKey.Split("#1.2").ShouldBe(("#1", 2));
        RowKey.Split("12").ShouldBe(("12", 1));
        RowKey.Next("2-abc#12.3").ShouldBe("2-abc#13.3");
        RowKey.Next("2-abc.3").ShouldBeNull();
        RowKey.Next("#1").ShouldBeNull();
        RowKey.Next($"2-abc#{int.MaxValue}").ShouldBeNull();
    }

    [Fact]
    public void A_rerun_with_more_takes_adds_those_that_are_missing()
    {
        Send(Plan([Row(1, takes: 3), Row(2, takes: 3)])).ShouldBe(6);
        Plan([Row(1, takes: 3), Row(2, takes: 3)]).Rows.ShouldAllBe(row => row.Action == RowAction.IsKnown);
        SubmissionPlan more = Plan([Row(1, takes: 5), Row(2)]);
        more.Rows.Select(row => (row.Number, row.Take, row.Action)).ShouldBe(
        [
            (1, 1, RowAction.IsKnown), (1, 2, RowAction.IsKnown), (1, 3, RowAction.IsKnown), (1, 4, RowAction.Send), (1, 5, RowAction.Send),
            (2, 1, RowAction.IsKnown), (2, 2, RowAction.IsKnown), (2, 3, RowAction.IsKnown),
        ]);
        more.Rows.ShouldAllBe(row => row.Judged == null);
        more.AtMaxTake.ShouldBeEmpty();
        Plan([Row(1, "A blue kite", takes: 2)]).Rows.Select(row => (row.Take, row.Action))
            .ShouldBe([(1, RowAction.Send), (2, RowAction.Send)], "a changed row begins at take 1");
    }

    [Fact]
    public void A_row_that_is_submitted_once_has_no_take()
    {
        SubmissionPlan plan = Plan([Row(1), Row(2, "B", takes: 1)]);
        plan.Rows.ShouldAllBe(row => row.Take == null && row.Request.FileName == "kite");
        Send(plan);
        _book.Entries.ShouldAllBe(entry => entry.Take == null);
        Plan([Row(1, takes: 2)]).Rows.Select(row => (row.Take, row.Action)).ShouldBe([(1, RowAction.IsKnown), (2, RowAction.Send)]);
    }

    [Fact]
    public void Identical_rows_have_takes_of_their_own()
    {
        Send(Plan([Row(1, takes: 2), Row(2, takes: 2)])).ShouldBe(4);
        _book.Entries.Select(entry => entry.Key![^4..]).Count(key => key.EndsWith(".2", StringComparison.Ordinal)).ShouldBe(2);
        _book.Entries.Select(entry => entry.Key).Distinct().Count().ShouldBe(4);
    }

    [Fact]
    public void A_fixed_seed_counts_up_by_take_and_does_not_change_the_key()
    {
        Dictionary<string, object?> body = new() { ["seed"] = 42, ["parameters"] = new Dictionary<string, object?> { ["Seed"] = 7L } };
        SubmissionPlan plan = Plan([Row(1, takes: 3, body: body)]);
        plan.Rows.Select(row => row.Request.Seed).ShouldBe([42, 43, 44]);
        JsonConversion.ToElement(plan.Rows[2].Request.Parameters).GetRawText().ShouldBe("""{"seed":44,"parameters":{"Seed":9}}""");
        plan.Rows.Select(row => row.RowKey).Distinct().Count().ShouldBe(1);
        RowKey.HashOf(Row(1, body: body).Request!).ShouldNotBe(RowKey.HashOf(plan.Rows[1].Request));
    }

    [Theory]
    [InlineData(int.MaxValue, 2, 0L)]
    [InlineData(uint.MaxValue, 2, 0L)]
    [InlineData(5_000_000_000, 2, 5_000_000_001)]
    [InlineData(-1, 2, null)]
    public void A_seed_stays_in_the_range_of_its_provider(long seed, int take, long? expected) =>
        Row(1, body: new() { ["seed"] = seed }).Request!.ForTake(take).Seed.ShouldBe(expected);

    [Fact]
    public void A_random_seed_and_other_values_stay_as_they_are()
    {
        VideoRequest request = Row(1, body: new() { ["seed"] = -1, ["seeds"] = 5, ["text"] = "seed" }).Request!;
        request.ForTake(3).ShouldBeSameAs(request);
    }

    [Fact]
    public void Files_are_numbered_and_a_name_of_another_video_gets_the_next_number()
    {
        Names([Row(1, takes: 2), Row(2, "B", name: "kite-2.mp4")]).ShouldBe(["kite-1", "kite-3", "kite-2.mp4"]);
        Send(Plan([Row(1, takes: 2)]));
        // The row has changed, and its old takes keep their files.
        Names([Row(1, "A blue kite", takes: 2)]).ShouldBe(["kite-3", "kite-4"]);
        Names([Row(1, takes: 3)]).ShouldBe(["kite-1", "kite-2", "kite-3"]);
        Names([Row(1, "C", takes: 2, name: "Kite.mp4")]).ShouldBe(["Kite-3", "Kite-4"], "names that differ only in case are one file");
        Names([Row(1, "D", takes: 2, name: null)]).ShouldBe([null, null]);
    }

    [Fact]
    public void A_template_may_place_the_number_of_the_take()
    {
        CheckedRow row = Row(1, takes: 3) with { NameOfTake = take => $"take {take} of kite" };
        Names([row, Row(2, "B", name: "take 2 of kite")]).ShouldBe(
            ["take 1 of kite", "take 3 of kite", "take 4 of kite", "take 2 of kite"]);
        Names([row with { NameOfTake = _ => "always" }]).ShouldBe(["always", "always", "always"]);
    }

    [Fact]
    public void A_take_that_was_not_accepted_is_sent_again_unless_the_user_wants_fewer()
    {
        CheckedRow[] rows = [Row(1, takes: 3)];
        Send(Plan(rows));
        _book.Apply(Records.Ended(_book.Entries.Last().Entry, VideoStatus.Skipped));
        Plan(rows).Rows.Select(row => row.Action).ShouldBe([RowAction.IsKnown, RowAction.IsKnown, RowAction.Send]);
        Plan([Row(1)]).Rows.Select(row => row.Action).ShouldBe([RowAction.IsKnown, RowAction.IsKnown, RowAction.Send]);
        Plan([Row(1, takes: 2)]).Rows.Select(row => row.Action).ShouldBe([RowAction.IsKnown, RowAction.IsKnown]);
    }

    [Fact]
    public void A_new_take_of_a_rejected_row_that_was_not_accepted_is_sent_by_the_next_plain_run()
    {
        Send(Plan([Row(1)]));
        Judge(VideoVerdict.Rejected);
        Plan([Row(1)]).Rows.Select(row => row.Action).ShouldBe([RowAction.IsKnown], "only -RetryRejected submits a rejected row again");
        Send(Retake([Row(1)])).ShouldBe(1);
        _book.Apply(Records.Ended(_book.Entries.Last().Entry, VideoStatus.Skipped));
        Plan([Row(1, takes: 1)]).Rows.Select(row => row.Action).ShouldBe([RowAction.IsKnown, RowAction.Send]);
    }

    [Fact]
    public void The_ledger_decides_about_the_takes_of_a_row_with_the_id_of_a_video()
    {
        Send(Plan([Row(1)]));
        CheckedRow export = Row(1, takes: 2) with { Errors = [new ValidationIssue(1, PlannedRow.IdColumn, "submitted")] };
        Plan([export]).Rows.ShouldAllBe(row => row.Errors.Count == 0);
        Plan([export with { Request = export.Request! with { Prompt = "Another" } }]).Rows.ShouldAllBe(row => row.Errors.Count == 1);
    }

    [Fact]
    public void A_long_name_is_cut_before_its_number()
    {
        string name = new('字', 100);
        string?[] names = Names([Row(1, takes: 3, name: name), Row(2, "B", takes: 2, name: "x" + name + ".mp4")]);
        names.Select(one => FileNames.Safe(one!)).Distinct().Count().ShouldBe(5);
        names[2]!.ShouldEndWith("字-3");
        names[3]!.ShouldStartWith("x字");
        CheckedRow template = Row(1, takes: 3) with { NameOfTake = take => name + take };
        Names([template]).Length.ShouldBe(3, "the number of a long template is cut away");
    }

    [Fact]
    public void Merged_ledgers_never_turn_a_row_into_a_take()
    {
        CheckedRow[] rows = [Row(1, takes: 2), Row(2, takes: 2)];
        Send(Plan([rows[0]]));
        // The same row of another ledger, which began at take 1 as well.
        LedgerBook other = new();
        foreach (PlannedRow row in SubmissionPlanner.Make([rows[0]], s_terms, Estimator(), VideoLedger.InMemory(), other).Rows)
        {
            Submit(row, "other-" + row.Take);
        }

        SubmissionPlan merged = Plan(rows);
        merged.Rows.ShouldAllBe(row => row.Action == RowAction.IsKnown);
        merged.Rows.Select(row => row.Decision.Entry!.Id).Distinct().Count().ShouldBe(4);
        merged.Rows.Count.ShouldBe(4);
    }

    [Fact]
    public void A_rejected_row_gets_one_new_take_a_call()
    {
        Send(Plan([Row(1, takes: 2), Row(2, "B", takes: 2), Row(3, "C")]));
        Judge(VideoVerdict.Rejected, VideoVerdict.Rejected, VideoVerdict.Rejected, VideoVerdict.Kept, VideoVerdict.Rejected);
        SubmissionPlan plan = Retake([Row(1), Row(2, "B"), Row(3, "C"), Row(4, "D")]);
        plan.Rows.Select(row => (row.Number, row.Take, row.Action)).ShouldBe(
        [
            (1, 1, RowAction.IsKnown), (1, 2, RowAction.IsKnown), (1, 3, RowAction.Send),
            (2, 1, RowAction.IsKnown), (2, 2, RowAction.IsKnown),
            (3, 1, RowAction.IsKnown), (3, 2, RowAction.Send),
            (4, null, RowAction.IsLeftOut),
        ]);
        plan.Rows.Select(row => row.Judged).ShouldBe([null, null, 2, null, null, null, 1, null]);
        plan.AtMaxTake.ShouldBeEmpty();
        Retake([Row(2, "B", takes: 5)]).Rows.Count.ShouldBe(2, "a row with a kept video gets no new takes");
        Retake([Row(1, takes: 4)], mostTakes: 5).Rows.Select(row => row.Take).ShouldBe([1, 2, 3, 4, 5]);
        Plan([Row(1, takes: 4)], s_terms with { RetryRejected = true }).Rows.Count.ShouldBe(3, "a column does not count");
        SubmissionPlan full = Retake([Row(1)], mostTakes: 2);
        (full.Rows.Count, full.AtMaxTake.Single()).ShouldBe((2, 1));

        Send(plan).ShouldBe(2);
        Retake([Row(1), Row(3, "C")]).Rows.ShouldAllBe(row => row.Action == RowAction.IsKnown, "the new takes are undecided");
    }

    // The rule in the words of the documentation, applied to random histories of rows.
    [Trait("Speed", "Medium")]
    [Fact]
    public void Exactly_the_rejected_rows_are_submitted_again()
    {
        Gen<string> outcome = Gen.Int[0, s_outcomes.Length - 1].Select(index => s_outcomes[index]);
        Gen.Select(outcome.Array[0, 4].Array[1, 6], Gen.Int[1, 3], Gen.Int[1, 6]).Sample((histories, wanted, most) =>
        {
            TakesTests test = new();
            for (int row = 0; row < histories.Length; row++)
            {
                string[] takes = histories[row];
                foreach (PlannedRow take in takes.Length == 0
                    ? []
                    : test.Plan([test.Row(row + 1, $"Prompt {row}", takes: takes.Length)]).Rows)
                {
                    test.Submit(take, takes[(take.Take ?? 1) - 1]);
                }
            }

            CheckedRow[] rows = [.. histories.Select((_, row) => test.Row(row + 1, $"Prompt {row}", takes: wanted == 1 ? null : wanted))];
            ILookup<int?, PlannedRow> sent = test.Retake(rows, most).Rows.Where(row => row.Action == RowAction.Send)
                .ToLookup(row => row.Number);
            for (int row = 0; row < histories.Length; row++)
            {
                string[] takes = histories[row];
                bool isRejected = takes.Contains("rejected") && takes.All(take => take is "rejected" or "failed");
                sent[row + 1].Select(take => take.Take).ShouldBe(
                    Enumerable.Range(takes.Length + 1, isRejected ? Math.Clamp(most - takes.Length, 0, wanted) : 0).Cast<int?>(),
                    $"{string.Join(", ", takes)}; wanted {wanted}, most {most}");
            }
        }, iter: 1000);
    }

    [Fact]
    public void The_decision_is_made_again_with_the_latest_content_of_the_ledger()
    {
        Send(Plan([Row(1)]));
        Judge(VideoVerdict.Rejected);
        SubmissionTerms terms = s_terms with { RetryRejected = true };
        PlannedRow[] rows = [.. Retake([Row(1, takes: 2)]).Rows.Where(row => row.Action == RowAction.Send)];
        RowAction Decide(PlannedRow row) => SubmissionDecision.Again(terms, _book, VideoLedger.InMemory(), row, "own").Action;
        rows.Select(Decide).ShouldBe([RowAction.Send, RowAction.Send]);

        LedgerRecord own = Records.Intent("own-1", rows[0].Key, run: "own");
        own.Take = 2;
        _book.Apply(own);
        Decide(rows[1]).ShouldBe(RowAction.Send, "the take before it is of the same run");
        SubmissionDecision.Of(terms, _book, VideoLedger.InMemory(), rows[1].RowKey, 3, rows[1].Judged, "other").Action
            .ShouldBe(RowAction.IsLeftOut);

        _book.Apply(Review("vid-1", VideoVerdict.Kept));
        Decide(rows[1]).ShouldBe(RowAction.IsLeftOut, "the user has kept the first take in the meantime");
    }

    [Fact]
    public void A_new_take_does_not_depend_on_the_takes_after_it()
    {
        Send(Plan([Row(1)]));
        Judge(VideoVerdict.Rejected);
        string key = Retake([Row(1)]).Rows[0].RowKey!;
        _book.Apply(Records.Intent("other-3", RowKey.OfTake(key, 3), run: "other"));
        SubmissionDecision.Of(s_terms with { RetryRejected = true }, _book, VideoLedger.InMemory(), key, 2, 1, "own").Action
            .ShouldBe(RowAction.Send);
    }

    private static CostEstimator Estimator() => new(Records.Api, [new ListedModel(Records.Model, null, [], 0.05m, "second")], null);

    private static LedgerRecord Review(string id, string verdict) => new()
    {
        Step = LedgerStep.Reviewed, Id = id, Origin = Records.Api, At = Records.Noon.AddHours(1), Verdict = verdict,
    };

    private SubmissionPlan Plan(CheckedRow[] rows, SubmissionTerms? terms = null) =>
        SubmissionPlanner.Make(rows, terms ?? s_terms, Estimator(), VideoLedger.InMemory(), _book);

    private SubmissionPlan Retake(CheckedRow[] rows, int? mostTakes = null) =>
        Plan(rows, s_terms with { RetryRejected = true, MaxTake = mostTakes, CountsRetakes = true });

    private string?[] Names(CheckedRow[] rows) => [.. Plan(rows).Rows.Select(row => row.ToVideo().FileName)];

    /// <summary>Records the rows to send as finished, and returns their number.</summary>
    private int Send(SubmissionPlan plan)
    {
        PlannedRow[] sent = [.. plan.Rows.Where(row => row.Action == RowAction.Send)];
        foreach (PlannedRow row in sent)
        {
            Submit(row, "undecided");
        }

        return sent.Length;
    }

    private void Submit(PlannedRow row, string outcome)
    {
        string entry = $"e-{++_entries}";
        string id = $"vid-{_entries}";
        LedgerRecord intent = Records.Intent(entry, row.Key);
        intent.Take = row.Take;
        intent.FileName = row.Request.FileName;
        _book.Apply(intent);
        if (outcome is "unknown" or "skipped")
        {
            _book.Apply(Records.Ended(entry, outcome));
            return;
        }

        _book.Apply(Records.Submitted(entry, id, row.Key));
        if (outcome != "processing")
        {
            _book.Apply(Records.Settled(id, outcome == "failed" ? VideoStatus.Failed : VideoStatus.Succeeded));
        }

        if (outcome is "kept" or "rejected")
        {
            _book.Apply(Review(id, outcome == "kept" ? VideoVerdict.Kept : VideoVerdict.Rejected));
        }
    }

    private void Judge(params string[] verdicts)
    {
        for (int index = 0; index < verdicts.Length; index++)
        {
            _book.Apply(Review($"vid-{index + 1}", verdicts[index]));
        }
    }

    private CheckedRow Row(
        int number, string prompt = "A red kite", int? takes = null, string? name = "kite", Dictionary<string, object?>? body = null) =>
        _checker.Check(new RowInput
        {
            Row = number, Prompt = prompt, Model = Records.Model, Duration = 6, FileName = name, TakeCount = takes, Parameter = body,
        });
}
