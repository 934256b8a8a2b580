using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Client.Tests.Ledger;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Submitting;

public sealed class MonthlyBudgetTests : LedgerTest
{
    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 11, 30, 23, 50, 0, TimeSpan.Zero));
    private readonly TempFolder _folder;

    public MonthlyBudgetTests() => _folder = Folder();

    /// <summary>
    /// Rows of four runs with ten ledgers, some of which fail, are withdrawn or finally cost less. LedgerProcessesTests cover the lock that
    /// keeps processes apart.
    /// </summary>
    [Trait("Speed", "Medium")]
    [Fact]
    [Trait("Repeats", "Many")]
    public async Task Four_runs_with_ten_ledgers_never_exceed_the_budget_of_a_month()
    {
        for (int seed = 0; seed < Repeats.Of(100); seed++)
        {
            Random random = new(seed);
            string folder = _folder.Of($"state-{seed}");
            ManualClock clock = new(new DateTimeOffset(2026, 11, 30, 23, 59, 0, TimeSpan.Zero));
            decimal budget = random.Next(1, 40) / 4m;
            MonthlyBudget[] runs =
                [.. Enumerable.Range(0, 4).Select(_ => new MonthlyBudget(new SpendingJournal(folder, clock), budget, Records.Api))];
            Dictionary<int, decimal> spent = [];
            Dictionary<int, decimal> cheapestRefused = [];
            List<(LedgerRecord Intent, int Month, decimal Cost)> sent = [];
            for (int row = 0; row < 24; row++)
            {
                MonthlyBudget run = runs[random.Next(4)];
                int month = clock.GetUtcNow().Month;
                decimal cost = random.Next(1, 8) / 4m;
                LedgerRecord intent = new()
                {
                    Step = LedgerStep.Intent,
                    Entry = $"ledger{random.Next(10)}-{row}",
                    Origin = Records.Api,
                    Estimate = cost,
                };
                if (await run.ReserveAsync(intent) is { } already)
                {
                    already.ShouldBe(spent.GetValueOrDefault(month));
                    (already + cost).ShouldBeGreaterThan(budget);
                    cheapestRefused[month] = Math.Min(cost, cheapestRefused.GetValueOrDefault(month, decimal.MaxValue));
                }
                else
                {
                    spent[month] = spent.GetValueOrDefault(month) + cost;
                    spent[month].ShouldBeLessThanOrEqualTo(budget);
                    sent.Add((intent, month, cost));
                }

                if (sent.Count > 0 && random.Next(3) == 0)
                {
                    int chosen = random.Next(sent.Count);
                    (LedgerRecord old, int its, decimal was) = sent[chosen];
                    sent.RemoveAt(chosen);
                    decimal now = random.Next(2) == 0 ? 0 : Math.Min(was, random.Next(1, 8) / 4m);
                    await run.RecordAsync(old, new LedgerRecord
                    {
                        Step = LedgerStep.Settled,
                        Entry = old.Entry,
                        Origin = Records.Api,
                        Status = now == 0 ? VideoStatus.Skipped : VideoStatus.Succeeded,
                        Cost = now == 0 ? null : now,
                    });
                    spent[its] += now - was;
                    cheapestRefused.Remove(its);
                }

                clock.Advance(TimeSpan.FromSeconds(random.Next(8)));
            }

            foreach ((int month, decimal cheapest) in cheapestRefused)
            {
                (budget - spent.GetValueOrDefault(month)).ShouldBeLessThan(cheapest, $"seed {seed}");
            }
        }
    }

    [Fact]
    public async Task Each_origin_and_each_month_has_its_own_budget()
    {
        SpendingJournal journal = new(_folder.Path, _clock);
        MonthlyBudget budget = new(journal, 1, Records.Api);
        (await budget.ReserveAsync(Intent("a", 0.75m))).ShouldBeNull();
        (await budget.ReserveAsync(Intent("b", 0.5m))).ShouldBe(0.75m);
        budget.Reset.ShouldBe("2026-12-01 00:00 UTC");
        (await new MonthlyBudget(journal, 1, "https://other.example").ReserveAsync(Intent("c", 1, "https://other.example"))).ShouldBeNull();
        _clock.Advance(TimeSpan.FromMinutes(10));
        (await budget.SpentAsync()).ShouldBe(0);
        (await budget.ReserveAsync(Intent("d", 1))).ShouldBeNull();
    }

    [Fact]
    public async Task A_budget_of_zero_covers_nothing_not_even_a_free_video() =>
        (await new MonthlyBudget(new SpendingJournal(_folder.Path, _clock), 0, Records.Api).ReserveAsync(Intent("a", 0))).ShouldBe(0);

    [Fact]
    public async Task A_cost_that_becomes_known_in_the_next_month_corrects_the_month_of_the_submission()
    {
        SpendingJournal journal = new(_folder.Path, _clock);
        MonthlyBudget budget = new(journal, 10, Records.Api);
        LedgerRecord intent = Intent("a", 5);
        await budget.ReserveAsync(intent);
        await budget.RecordAsync(intent, new LedgerRecord { Step = LedgerStep.Submitted, Entry = "a", Origin = Records.Api, Id = "vid-1" });
        _clock.Advance(TimeSpan.FromHours(1));
        Video video = new() { Id = "vid-1" };
        VideoState state = new() { Id = "vid-1", Status = VideoStatus.Succeeded, Cost = 2 };

        await VideoRecorder.SettledAsync([(video, state)], Records.Api, journal);
        await VideoRecorder.SettledAsync([(new Video { Id = "vid-9" }, state with { Id = "vid-9" })], Records.Api, journal);

        (await budget.SpentAsync()).ShouldBe(0);
        decimal november = await journal.Of(new DateTime(2026, 11, 30, 0, 0, 0, DateTimeKind.Utc))
            .ReadAsync(book => book.SpentAt(Records.Api).Total(_ => null));
        november.ShouldBe(2);
    }

    [Fact]
    public async Task A_journal_that_cannot_be_written_sends_nothing()
    {
        File.WriteAllText(_folder.Of("file"), "");
        MonthlyBudget budget = new(new SpendingJournal(_folder.Of("file/state"), _clock), 10, Records.Api);
        ChuiziException exception = await Should.ThrowAsync<ChuiziException>(() => budget.ReserveAsync(Intent("a", 1)));
        exception.Kind.ShouldBe(ChuiziErrorKind.BudgetUnavailable);
        exception.Message.ShouldContain("CHUIZI_MONTHLY_BUDGET");
    }

    [Fact]
    public async Task The_journal_has_amounts_and_no_inputs()
    {
        SpendingJournal journal = new(_folder.Path, _clock);
        LedgerRecord intent = Intent("a", 5);
        intent.Prompt = "A secret";
        intent.Model = "google/veo-3.1";
        intent.Image = "/home/me/face.png";
        await new MonthlyBudget(journal, 10, Records.Api).ReserveAsync(intent);
        string text = await File.ReadAllTextAsync(_folder.Of("spending-2026-11.jsonl"));
        text.ShouldContain("\"estimate\":5");
        text.ShouldNotContain("secret");
        text.ShouldNotContain("face");
        text.ShouldNotContain("veo");
    }

    [Theory]
    [InlineData(0.5, "$0.10 of the monthly budget of $0.50 (CHUIZI_MONTHLY_BUDGET) is already spent or committed")]
    [InlineData(0.1, "The budget resets at 2026-12-01 00:00 UTC.")]
    public async Task Rows_beyond_the_budget_say_what_was_spent_and_when_it_resets(double budget, string expected)
    {
        MonthlyBudget month = new(new SpendingJournal(_folder.Of("state"), _clock), (decimal)budget, Records.Api);
        SubmissionTerms terms = new() { Origin = Records.Api, Deduplicates = true, Budget = month };
        VideoLedger ledger = VideoLedger.At(_folder.Of("run.jsonl"));
        using SubmissionClaims claims = new(ledger, terms, new CostEstimator(Records.Api, null, null));
        (await claims.TryClaimAsync(Submissions.Row(1, ClientTest.Request("a"), "k1", 0.1m))).Intent.ShouldNotBeNull();

        PlannedRow beyond = Submissions.Row(2, ClientTest.Request("b"), "k2", 0.45m, 1);
        (await claims.ClaimAsync(beyond)).ShouldBeNull();

        beyond.Failure!.Kind.ShouldBe(ChuiziErrorKind.BudgetReached);
        beyond.Failure.Message.ShouldStartWith("Row 2 would cost $0.45, but ");
        beyond.Failure.Message.ShouldContain(expected);
        PlannedRow.StatusOf(beyond.Failure).ShouldBe(VideoStatus.Skipped);
    }

    [Fact]
    public async Task A_row_that_the_ledger_withholds_returns_its_reservation()
    {
        MonthlyBudget month = new(new SpendingJournal(_folder.Of("state"), _clock), 10, Records.Api);
        SubmissionTerms terms = new() { Origin = Records.Api, Deduplicates = true, Budget = month, MaxCost = 1 };
        using SubmissionClaims claims =
            new(VideoLedger.At(_folder.Of("run.jsonl")), terms, new CostEstimator(Records.Api, null, null));
        Claim first = await claims.TryClaimAsync(Submissions.Row(1, ClientTest.Request("a"), "k1", 0.9m));
        await claims.SubmittedAsync(first, new VideoState { Id = "vid-1", Status = VideoStatus.Processing });
        PlannedRow beyond = Submissions.Row(2, ClientTest.Request("b"), "k2", 0.2m, 1);
        (await claims.ClaimAsync(beyond)).ShouldBeNull();
        beyond.Failure!.Kind.ShouldBe(ChuiziErrorKind.CostLimitReached);
        (await month.SpentAsync()).ShouldBe(0.9m);

        Claim failed = await claims.TryClaimAsync(Submissions.Row(3, ClientTest.Request("c"), "k3", 0.1m, 2));
        (await month.SpentAsync()).ShouldBe(1.0m);
        await claims.SettledAsync(failed, new ChuiziException(ChuiziErrorKind.RequestRejected, "no"));
        (await month.SpentAsync()).ShouldBe(0.9m);
    }

    private static LedgerRecord Intent(string entry, decimal estimate, string origin = Records.Api) =>
        new() { Step = LedgerStep.Intent, Entry = entry, Origin = origin, Estimate = estimate };
}
