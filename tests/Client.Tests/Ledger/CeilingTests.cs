using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Client.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

/// <summary>-MaxCost: the total of spent, in-progress and unknown submissions never exceeds it.</summary>
public sealed class CeilingTests : LedgerTest
{
    private static readonly SubmissionTerms s_terms = new() { Origin = Records.Api, Deduplicates = true, MaxCost = 1.00m };

    [Fact]
    public async Task Two_runs_with_one_ledger_share_one_spending_limit()
    {
        using SubmissionClaims one = Submissions.Claims(Ledger, s_terms);
        using SubmissionClaims other = Submissions.Claims(Stranger(), s_terms);
        Claim[] claims = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(number => (number % 2 == 0 ? one : other).TryClaimAsync(Submissions.Row(number, 0.3m))));
        claims.Count(claim => claim.Intent is not null).ShouldBe(3);
        claims
            .Where(claim => claim.Intent is null)
            .ShouldAllBe(claim => claim.Action == RowAction.Send && claim.Refusal!.Kind == ChuiziErrorKind.CostLimitReached);
        Lines.Length.ShouldBe(3);
    }

    [Fact]
    public async Task A_refusal_states_the_cost_of_the_row_and_the_total_spent()
    {
        using InCulture culture = new("de-DE");
        using SubmissionClaims log = Submissions.Claims(Ledger, s_terms);
        await log.TryClaimAsync(Submissions.Row(1, 0.65m));
        Claim claim = await log.TryClaimAsync(Submissions.Row(2, 0.5m));
        claim.Refusal!.Message.ShouldBe("Row 2 would cost $0.50, but $0.65 of the $1.00 limit is already spent or committed to videos in progress.");
        log.Spent.ShouldBe(0.65m);
        // A cheaper row still fits, to the cent.
        (await log.TryClaimAsync(Submissions.Row(3, 0.35m))).Intent.ShouldNotBeNull();
        (await log.TryClaimAsync(Submissions.Row(4, 0.0001m))).Refusal.ShouldNotBeNull();
        (await log.TryClaimAsync(Submissions.Row(5, 0m))).Intent.ShouldNotBeNull();
    }

    [Fact]
    public async Task The_actual_cost_replaces_the_estimate()
    {
        using SubmissionClaims log = Submissions.Claims(Ledger, s_terms);
        Claim first = await log.TryClaimAsync(Submissions.Row(1, 0.9m));
        await log.SubmittedAsync(first, new VideoState { Id = "vid-1", Status = VideoStatus.Processing });
        (await log.TryClaimAsync(Submissions.Row(2, 0.5m))).Refusal.ShouldNotBeNull();
        await Stranger().AppendAsync(Records.Settled("vid-1", VideoStatus.Succeeded, 0.4m));
        (await log.TryClaimAsync(Submissions.Row(2, 0.5m))).Intent.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(ChuiziErrorKind.SubmissionOutcomeUnknown, true)]
    [InlineData(ChuiziErrorKind.RequestRejected, false)]
    [InlineData(ChuiziErrorKind.ServerError, false)]
    [InlineData(null, false)]
    public async Task Submissions_that_may_be_billed_count_and_rejected_ones_do_not(ChuiziErrorKind? kind, bool counts)
    {
        using SubmissionClaims log = Submissions.Claims(Ledger, s_terms);
        Claim first = await log.TryClaimAsync(Submissions.Row(1, 0.9m));
        await log.SettledAsync(first, kind is { } given ? new ChuiziException(given, "Why.") : null);
        ((await log.TryClaimAsync(Submissions.Row(2, 0.9m))).Refusal is not null).ShouldBe(counts);
    }

    [Fact]
    public async Task Earlier_submissions_in_the_ledger_count_only_for_the_same_origin()
    {
        Write(Records.Intent("a", "x#1", 0.5m), Records.Intent("b", "x#2", 5, Records.Elsewhere), Records.Intent("c", "x#3"));
        using SubmissionClaims log = Submissions.Claims(Ledger, s_terms, expected: 0.25m);
        (await log.TryClaimAsync(Submissions.Row(1, 0.26m))).Refusal!.Message.ShouldContain("$0.75 of the $1.00 limit");
        (await log.TryClaimAsync(Submissions.Row(1, 0.25m))).Intent.ShouldNotBeNull();
    }

    [Fact]
    public async Task Submissions_of_another_run_at_an_unknown_price_do_not_count_as_free()
    {
        using SubmissionClaims log = Submissions.Claims(Ledger, s_terms);
        (await log.TryClaimAsync(Submissions.Row(1, 0.1m))).Intent.ShouldNotBeNull();
        LedgerRecord other = Records.Intent("a", "x#1");
        await Stranger().AppendAsync(other);
        ChuiziException refusal = (await log.TryClaimAsync(Submissions.Row(2, 0.1m))).Refusal.ShouldNotBeNull();
        refusal.Kind.ShouldBe(ChuiziErrorKind.CostLimitReached);
        refusal.Message.ShouldBe(
            "Row 2 would cost $0.10, but $0.10 of the $1.00 limit is already spent or committed to videos in progress. "
                + "The cost of 1 video in the ledger is unknown: 6 s of google/veo-3.1-lite. Specify -EstimatedCost.");

        await Stranger().AppendAsync(Records.Submitted("a", "vid-1"), Records.Settled("vid-1", VideoStatus.Succeeded, 0.2m));
        (await log.TryClaimAsync(Submissions.Row(2, 0.1m))).Intent.ShouldNotBeNull();
        log.Spent.ShouldBe(0.3m);
    }

    [Fact]
    public async Task A_row_already_in_the_ledger_costs_nothing()
    {
        Write(Records.Intent("a", "k-1", 1.00m), Records.Submitted("a", "vid-1", "k-1"));
        using SubmissionClaims log = Submissions.Claims(Ledger, s_terms);
        Claim claim = await log.TryClaimAsync(Submissions.Row(1, 0.5m));
        (claim.Action, claim.Refusal).ShouldBe((RowAction.IsKnown, null));
    }

    [Fact]
    public async Task Without_deduplication_a_run_counts_only_its_own_submissions()
    {
        Write(Records.Intent("a", estimate: 50));
        SubmissionTerms terms = s_terms with { Deduplicates = false };
        using SubmissionClaims one = Submissions.Claims(Ledger, terms);
        using SubmissionClaims other = Submissions.Claims(Ledger, terms);
        Claim[] ones = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(number => one.TryClaimAsync(Submissions.Row(number, 0.3m))));
        Claim[] others = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(number => other.TryClaimAsync(Submissions.Row(number, 0.4m))));
        ones.Count(claim => claim.Intent is not null).ShouldBe(3);
        others.Count(claim => claim.Intent is not null).ShouldBe(2);
        (one.Spent, other.Spent).ShouldBe((0.9m, 0.8m));
    }

    [Fact]
    public async Task Without_deduplication_the_actual_cost_replaces_the_estimate()
    {
        SubmissionTerms terms = s_terms with { Deduplicates = false };
        using SubmissionClaims log = Submissions.Claims(Ledger, terms);
        Claim first = await log.TryClaimAsync(Submissions.Row(1, 0.9m));
        await log.SubmittedAsync(first, new VideoState { Id = "vid-1", Status = VideoStatus.Processing });
        await Ledger.AppendAsync(
            Records.Settled("vid-1", VideoStatus.Succeeded, 0.1m),
            Records.Settled("vid-9", VideoStatus.Succeeded, 40));
        (await log.TryClaimAsync(Submissions.Row(2, 0.9m))).Intent.ShouldNotBeNull();
        log.Spent.ShouldBe(0.1m);
    }

    [Fact]
    public async Task Without_a_spending_limit_nothing_is_refused()
    {
        using SubmissionClaims log = Submissions.Claims(Ledger, s_terms with { MaxCost = null });
        (await log.TryClaimAsync(Submissions.Row(1, 1000))).Intent.ShouldNotBeNull();
    }
}
