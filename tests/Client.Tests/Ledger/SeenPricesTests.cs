using Chuizi.Video.Client.Ledger;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class SeenPricesTests : LedgerTest
{
    [Theory]
    [InlineData(Records.Api, "m", 6, "720P", "0.30")]
    [InlineData(Records.Api, "m", 6, "1080P", "0.90")]
    [InlineData(Records.Api, "m", 6, null, "0.90")]
    [InlineData(Records.Api, "m", 8, "720P", null)]
    [InlineData(Records.Api, "m", null, "720P", "0.10")]
    [InlineData(Records.Api, "M", 6, "720P", null)]
    [InlineData(Records.Elsewhere, "m", 6, "720P", "2.00")]
    public void The_highest_cost_at_this_resolution_counts_or_else_at_any(
        string origin, string model, int? duration, string? resolution, string? expected)
    {
        SeenPrices seen = new();
        seen.Add(Records.Api, "m", 6, "720P", 0.20m);
        seen.Add(Records.Api, "m", 6, "720P", 0.30m);
        seen.Add(Records.Api, "m", 6, "720P", 0.25m);
        seen.Add(Records.Api, "m", 6, "1080P", 0.90m);
        seen.Add(Records.Api, "m", 6, "1080P", 0.80m);
        seen.Add(Records.Api, "m", null, "720P", 0.10m);
        seen.Add(Records.Elsewhere, "m", 6, "720P", 2.00m);
        seen.Find(origin, model, duration, resolution)
            .ShouldBe(expected is null ? (decimal?)null : decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_cost_of_0_is_not_a_price()
    {
        SeenPrices seen = new();
        seen.Add(Records.Api, "m", 6, "720P", 0m, Records.Noon);
        seen.Find(Records.Api, "m", 6, "720P").ShouldBeNull();
        seen.Models(Records.Api).ShouldBe(["m"]);
        seen.Add(Records.Api, "m", 6, "720P", 0.3m, Records.Noon.AddDays(-1));
        seen.Add(Records.Api, "m", 6, "720P", 0m, Records.Noon);
        seen.Last(Records.Api, "m").ShouldBe((6, 0.3m));
    }

    [Theory]
    [InlineData(-1, 6, "0.2")]
    [InlineData(0, 8, "0.1")]
    [InlineData(1, 8, "0.1")]
    public void The_last_cost_is_that_of_the_newest_submission_and_of_equal_times_the_last_one(int minutes, int duration, string cost)
    {
        SeenPrices seen = new();
        seen.Last(Records.Api, "m").ShouldBeNull();
        seen.Add(Records.Api, "m", 6, null, 0.2m, Records.Noon);
        seen.Add(Records.Api, "m", 8, null, 0.1m, Records.Noon.AddMinutes(minutes));
        seen.Last(Records.Api, "m").ShouldBe((duration, decimal.Parse(cost, System.Globalization.CultureInfo.InvariantCulture)));
        (seen.Last(Records.Elsewhere, "m"), seen.Last(Records.Api, "n")).ShouldBe((null, null));
    }

    [Fact]
    public void Ledgers_that_cannot_be_read_are_skipped()
    {
        Write(Records.Intent("a"), Records.Submitted("a", "vid-1"), Records.Settled("vid-1", VideoStatus.Succeeded, 0.2m));
        string overlong = Home.Write("long.jsonl", [.. Records.Bytes(Records.Intent("b")), .. new byte[5_000_000]]);
        string[] files = [Home.Of("none.jsonl"), Home.Of("none/run.jsonl"), Home.Path, "", "\0", overlong, LedgerPath];
        LedgerListing.ReadPrices(files, CancellationToken.None).Find(Records.Api, Records.Model, 6, null).ShouldBe(0.2m);
    }

    [Fact]
    public void Reading_can_be_canceled()
    {
        Write(Records.Intent("a"));
        Should.Throw<OperationCanceledException>(() => LedgerListing.ReadPrices([LedgerPath], new CancellationToken(canceled: true)));
    }
}
