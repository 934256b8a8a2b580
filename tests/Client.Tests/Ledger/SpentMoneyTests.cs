using Chuizi.Video.Client.Ledger;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class SpentMoneyTests
{
    [Theory]
    [InlineData(VideoStatus.Succeeded, "0.30", "0.25", "0.30")]
    [InlineData(VideoStatus.Succeeded, null, "0.25", "0.25")]
    [InlineData(VideoStatus.Succeeded, "0.00", "0.25", "0.00")]
    [InlineData(VideoStatus.Succeeded, null, null, null)]
    [InlineData(VideoStatus.Processing, null, "0.25", "0.25")]
    [InlineData(VideoStatus.Processing, null, null, null)]
    [InlineData(VideoStatus.Unknown, null, "0.25", "0.25")]
    [InlineData(VideoStatus.Unknown, null, null, null)]
    [InlineData(VideoStatus.Failed, null, "0.25", "0")]
    [InlineData(VideoStatus.Failed, "0.10", "0.25", "0.10")]
    [InlineData(VideoStatus.Failed, null, null, "0")]
    [InlineData(VideoStatus.Skipped, null, "0.25", "0")]
    [InlineData(VideoStatus.Skipped, null, null, "0")]
    public void A_submission_counts_its_actual_cost_or_its_estimate(string status, string? cost, string? estimate, string? expected)
    {
        LedgerEntry entry = new() { Entry = "e", Status = status, Cost = Money(cost), Estimate = Money(estimate) };
        entry.Spent.ShouldBe(Money(expected));
        SpentMoney spent = new();
        spent.Count(entry);
        spent.Total(_ => null).ShouldBe(Money(expected) ?? 0);
        spent.Total(_ => 7).ShouldBe(Money(expected) ?? 7);
        spent.Unpriced.Count.ShouldBe(expected is null ? 1 : 0);
    }

    [Fact]
    public void A_submission_counts_once_in_every_state()
    {
        LedgerBook book = Records.Book(Records.Intent("e", estimate: 0.25m));
        Total().ShouldBe(0.25m);
        book.Apply(Records.Submitted("e", "vid-1"));
        Total().ShouldBe(0.25m);
        book.Apply(Records.Settled("vid-1", VideoStatus.Succeeded, 0.31m));
        Total().ShouldBe(0.31m);
        book.Apply(Records.Saved("vid-1", "/a.mp4"));
        Total().ShouldBe(0.31m);
        book.Apply(Records.Intent("f"));
        (Total(), book.SpentAt(Records.Api).Unpriced.Single().Entry).ShouldBe((0.31m, "f"));
        book.Apply(Records.Ended("f", VideoStatus.Skipped));
        (Total(), book.SpentAt(Records.Api).Unpriced.Count).ShouldBe((0.31m, 0));

        decimal Total() => book.SpentAt(Records.Api).Total(_ => null);
    }

    [Fact]
    public void The_total_stays_exact_as_entries_change() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 100_000_000]).Array[1, 200].Sample(changes =>
        {
            LedgerEntry[] entries = [.. Enumerable.Range(0, 10).Select(number => new LedgerEntry { Entry = $"{number}" })];
            SpentMoney spent = new();
            foreach ((int which, int cost) in changes)
            {
                // Eight decimal places, as the API returns them: "0.15000000".
                entries[which].Cost = cost / 100_000_000m;
                spent.Count(entries[which]);
            }

            spent.Total(_ => null).ShouldBe(entries.Sum(entry => entry.Cost ?? 0));
        });

    [Fact]
    public void Amounts_are_added_as_decimals()
    {
        LedgerBook book = Records.Book([.. Enumerable.Range(0, 1000).Select(number => Records.Intent($"e-{number}", estimate: 0.1m))]);
        book.SpentAt(Records.Api).Total(_ => null).ShouldBe(100m);
    }

    private static decimal? Money(string? text) =>
        text is null ? null : decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
