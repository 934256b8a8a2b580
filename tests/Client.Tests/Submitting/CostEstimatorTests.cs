using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Models;
using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Client.Tests.Ledger;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Submitting;

public sealed class CostEstimatorTests
{
    private const string Model = Records.Model;

    private static readonly ListedModel s_perSecond = new(Model, null, ["veo-lite"], 0.05m, "second");
    private static readonly ListedModel s_perRequest = new("bedrock/nova-reel-1.1", null, [], 0.48m, "request");

    [Fact]
    public void Listed_prices_take_precedence_over_earlier_costs_and_those_over_EstimatedCost()
    {
        SeenPrices seen = new();
        CostEstimator all = new(Records.Api, [s_perSecond], seen);
        CostEstimator unlisted = new(Records.Api, [s_perRequest], seen);
        CostEstimator alone = new(Records.Api, null, null);
        unlisted.Of(Model, 6, null, 9)!.Value.Amount.ShouldBe(9);
        seen.Add(Records.Api, Model, 6, null, 0.7m);
        all.Of(Model, 6, null, 9)!.Value.Amount.ShouldBe(0.30m);
        unlisted.Of(Model, 6, null, 9)!.Value.Amount.ShouldBe(0.7m);
        alone.Of(Model, 6, null, 9)!.Value.Amount.ShouldBe(9);
        alone.Of(Model, 6, null, null).ShouldBeNull();
    }

    [Fact]
    public void Without_a_duration_a_price_per_second_assumes_the_longest_video()
    {
        CostEstimator estimator = new(Records.Api, [s_perSecond, s_perRequest], null);
        estimator.Of(Model, 8, null, null).ShouldBe(new CostEstimate(0.40m, IsAtMost: false, CostEstimate.Listed));
        estimator.Of(Model, null, null, null).ShouldBe(new CostEstimate(0.40m, IsAtMost: true, CostEstimate.Listed), "its longest is 8 s");
        estimator.Of(Model, null, null, 3)!.Value.Amount.ShouldBe(3);
        estimator.Of("bedrock/nova-reel-1.1", null, null, null)!.Value.Amount.ShouldBe(0.48m);
        estimator.Of("bedrock/nova-reel-1.1", 120, null, null)!.Value.Amount.ShouldBe(0.48m);
    }

    [Theory]
    [InlineData("token")]
    [InlineData("minute")]
    [InlineData(null)]
    public void A_price_in_another_unit_is_unknown_and_not_zero(string? unit) =>
        new CostEstimator(Records.Api, [s_perSecond with { PriceUnit = unit }], null).Of(Model, 6, null, null).ShouldBeNull();

    [Fact]
    public void A_listed_model_with_no_price_or_a_zero_price_is_unknown()
    {
        new CostEstimator(Records.Api, [s_perRequest with { Price = null }], null).Of(s_perRequest.Name, 6, null, null).ShouldBeNull();
        new CostEstimator(Records.Api, [s_perSecond with { Price = null }], null).Of(Model, 6, null, null).ShouldBeNull();
        new CostEstimator(Records.Api, [s_perRequest with { Price = 0 }], null).Of(s_perRequest.Name, 6, null, 5)!.Value.Amount.ShouldBe(5);
        new CostEstimator(Records.Api, [s_perSecond with { Price = 0 }], null).Of(Model, 6, null, null).ShouldBeNull();
    }

    [Theory]
    [InlineData("GOOGLE/veo-3.1-lite")]
    [InlineData("veo-lite")]
    [InlineData("Veo-Lite")]
    public void A_model_is_found_by_any_of_its_names(string name) =>
        new CostEstimator(Records.Api, [s_perRequest, s_perSecond], null).Of(name, 6, null, null)!.Value.Amount.ShouldBe(0.30m);

    [Fact]
    public void Estimates_are_exact_decimals()
    {
        CostEstimator estimator = new(Records.Api, [s_perSecond with { Price = 0.10000001m }], null);
        estimator.Of(Model, 7, null, null)!.Value.Amount.ShouldBe(0.70000007m);
    }

    [Fact]
    public void The_highest_cost_seen_applies_per_resolution_or_to_any()
    {
        SeenPrices seen = new();
        seen.Add(Records.Api, Model, 6, "720P", 0.2m);
        seen.Add(Records.Api, Model, 6, "1080P", 0.5m);
        seen.Add(Records.Api, Model, 6, "720P", 0.3m);
        seen.Add(Records.Api, Model, 6, "720P", 0.1m);
        seen.Find(Records.Api, Model, 6, "720P").ShouldBe(0.3m);
        seen.Find(Records.Api, Model, 6, "1080P").ShouldBe(0.5m);
        seen.Find(Records.Api, Model, 6, null).ShouldBe(0.5m);
        seen.Find(Records.Api, Model, 8, "720P").ShouldBeNull();
        seen.Find(Records.Api, Model, null, null).ShouldBeNull();
        seen.Find(Records.Api, "google/veo-3.1", 6, "720P").ShouldBeNull();
        seen.Find(Records.Elsewhere, Model, 6, "720P").ShouldBeNull();
    }

    [Fact]
    public void A_sum_of_estimates_is_an_upper_bound_if_one_of_them_is()
    {
        CostEstimate exact = new(0.3m);
        CostEstimate most = new(0.4m, IsAtMost: true);
        CostEstimate.Sum([exact, null, exact]).ShouldBe(new CostEstimate(0.6m));
        CostEstimate.Sum([exact, most]).ShouldBe(new CostEstimate(0.7m, IsAtMost: true));
        CostEstimate.Sum([most, exact]).ShouldBe(new CostEstimate(0.7m, IsAtMost: true));
        (exact.ToString(), most.ToString()).ShouldBe(("$0.30", "at most $0.40"));
    }

    [Fact]
    public void A_ledger_entry_without_a_cost_is_estimated_like_a_request()
    {
        CostEstimator estimator = new(Records.Api, [s_perSecond], null, expected: 2);
        estimator.Of(new LedgerEntry { Entry = "e", Model = Model, Duration = 8 }).ShouldBe(0.40m);
        estimator.Of(new LedgerEntry { Entry = "e", Model = "other", Duration = 8 }).ShouldBe(2);
        estimator.Of(new LedgerEntry { Entry = "e", Duration = 8 }).ShouldBe(2);
    }

    [Fact]
    public void Unpriced_submissions_are_counted_by_model_and_length()
    {
        LedgerBook book = Records.Book(
            Records.Intent("a"), Records.Intent("b"), Records.Intent("c", estimate: 1), new LedgerRecord
            {
                Step = LedgerStep.Intent, Entry = "d", Origin = Records.Api, Run = Records.DeadRun, At = Records.Noon,
            });
        new CostEstimator(Records.Api, [], null).DescribeUnpriced(book.SpentAt(Records.Api)).ShouldBe([
            "The cost of 2 videos in the ledger is unknown: 6 s of google/veo-3.1-lite. Specify -EstimatedCost.",
            "The cost of 1 video in the ledger is unknown: an unknown model without a duration. Specify -EstimatedCost.",
        ]);
    }

    [Fact]
    public void A_change_of_a_model_is_described()
    {
        SeenPrices seen = new();
        seen.Add(Records.Api, Model, 6, null, 0.18m);
        Change(Model, null, seen).ShouldBeNull("the prices were not requested");
        Change(Model, [s_perSecond], seen).ShouldBe("The price of google/veo-3.1-lite has changed: Dearer (was $0.03/s).");
        Change(Model, [s_perSecond], null).ShouldBeNull();
        Change(Model, [s_perRequest], null).ShouldBe("The API no longer lists the model google/veo-3.1-lite.");
        Change("acme/movie", [new ListedModel("acme/movie", null, [], 1, "second")], null)
            .ShouldBe("The model acme/movie is new: neither the catalog nor the ledger has it.");

        static string? Change(string model, IReadOnlyList<ListedModel>? listed, SeenPrices? seen) =>
            new CostEstimator(Records.Api, listed, seen).DescribeChange(model);
    }

    [Fact]
    public void Only_succeeded_videos_provide_a_price()
    {
        LedgerRecord failed = Records.Settled("vid-2", VideoStatus.Failed, 0.9m);
        LedgerBook book = Records.Book(
            Records.Intent("a"), Records.Submitted("a", "vid-1"), Records.Settled("vid-1", VideoStatus.Succeeded, 0.3m),
            Records.Intent("b"), Records.Submitted("b", "vid-2"), failed,
            Records.Intent("c", estimate: 0.8m), Records.Submitted("c", "vid-3"), Records.Settled("vid-3", VideoStatus.Succeeded));
        book.Prices.Find(Records.Api, Model, 6, null).ShouldBe(0.3m);
    }
}
