using Chuizi.Video.Client.Gallery;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Gallery;

public sealed class GallerySummaryTests
{
    [Fact]
    public void Costs_are_summed_exactly_and_unknown_costs_are_counted()
    {
        GallerySummary summary = GallerySummary.Of([Of("a", cost: 0.1m), Of("a", cost: 0.2m), Of("a"), Of("b", VideoStatus.Processing)]);
        (summary.Cost, summary.CostUnknown).ShouldBe((0.3m, 2));
        DisplayText.Sum(summary.Cost, summary.CostUnknown).ShouldBe("at least $0.30");
        DisplayText.Sum(0, 3).ShouldBe("unknown");
        DisplayText.Sum(1234.5m, 0).ShouldBe("$1234.50");
    }

    [Fact]
    public void Failed_and_skipped_videos_cost_nothing_unless_the_API_reports_a_cost()
    {
        GallerySummary summary = GallerySummary.Of([
            Of("a", VideoStatus.Failed),
            Of("a", VideoStatus.Failed, cost: 0.05m),
            Of("a", VideoStatus.Skipped),
            Of("a", VideoStatus.Unknown),
        ]);
        (summary.Cost, summary.CostUnknown).ShouldBe((0.05m, 1));
        GalleryText.Cost(Of("a", VideoStatus.Failed)).ShouldBe("none");
        GalleryText.Cost(Of("a", VideoStatus.Unknown)).ShouldBe("unknown");
        GalleryText.Cost(Of("a", cost: 0m)).ShouldBe("$0.00");
        GalleryText.Cost(Of("a", cost: 0.1234m)).ShouldBe("$0.1234");
    }

    [Fact]
    public void The_median_of_an_even_count_is_the_mean_of_the_middle_two()
    {
        GallerySummary
            .Of([Of("a", seconds: 9), Of("a", seconds: 1), Of("a", seconds: 5), Of("a")])
            .Median.ShouldBe(5);
        GallerySummary even = GallerySummary.Of([Of("a", seconds: 1), Of("a", seconds: 100), Of("a", seconds: 4), Of("a", seconds: 2)]);
        (even.Median, even.Slowest).ShouldBe((3, 100));
        (GallerySummary.Of([Of("a")]).Median, GallerySummary.Of([]).Slowest).ShouldBe((null, null));
    }

    [Fact]
    public void Models_are_listed_separately_and_the_most_used_comes_first()
    {
        GallerySummary summary = GallerySummary.Of([Of("b", cost: 1), Of("a", VideoStatus.Failed), Of("a", cost: 2, seconds: 7), Of(null)]);
        summary.Models.ShouldBe(
        [
            new ModelSummary("a", 2, 1, 2, 0, 7, 7),
            new ModelSummary("", 1, 0, 0, 1, null, null),
            new ModelSummary("b", 1, 0, 1, 0, null, null),
        ]);
    }

    [Fact]
    public void Statuses_have_a_fixed_order_and_unfamiliar_ones_come_last()
    {
        GallerySummary.Of([Of("a", "paused"), Of("a", VideoStatus.Failed), Of("a"), Of("a", VideoStatus.Failed)]).Statuses
            .ShouldBe([(VideoStatus.Succeeded, 1), (VideoStatus.Failed, 2), ("paused", 1)]);
    }

    [Fact]
    public void Known_durations_are_summed()
    {
        GallerySummary summary = GallerySummary.Of([Of("a", duration: 4), Of("a", duration: int.MaxValue), Of("a")]);
        (summary.Seconds, summary.SecondsUnknown).ShouldBe((int.MaxValue + 4L, 1));
    }

    [Fact]
    public void Amounts_too_large_for_a_sum_do_not_cause_a_failure() =>
        GallerySummary
            .Of([Of("a", cost: decimal.MaxValue), Of("a", cost: decimal.MaxValue), Of("a", cost: decimal.MinValue), Of("a", cost: 1)])
            .Videos.ShouldBe(4);

    [Theory]
    [InlineData(-5, "0 s")]
    [InlineData(0.25, "0.3 s")]
    [InlineData(9.96, "10 s")]
    [InlineData(59.4, "59 s")]
    [InlineData(59.6, "1 min")]
    [InlineData(185, "3 min 5 s")]
    [InlineData(3600, "1 h")]
    [InlineData(7500, "2 h 5 min")]
    public void Durations_are_formatted_with_units(double seconds, string text) =>
        GalleryText.Length(seconds).ShouldBe(text);

    private static Video Of(
        string? model,
        string status = VideoStatus.Succeeded,
        decimal? cost = null,
        double? seconds = null,
        int? duration = null
    ) =>
        new()
        {
            Model = model,
            Status = status,
            Cost = cost,
            Duration = duration,
            Latency = seconds,
        };
}
