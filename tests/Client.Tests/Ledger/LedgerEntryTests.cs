using Chuizi.Video.Client.Ledger;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

/// <summary>The values of a submission, which are packed.</summary>
public sealed class LedgerEntryTests
{
    private static readonly Uri s_url = new("https://media.chuizi.ai/videos/vid-1.mp4");

    [Fact]
    public void Values_are_null_until_they_are_set_and_can_be_removed()
    {
        LedgerEntry entry = new() { Entry = "e" };
        ShouldHaveNone();
        (entry.Row, entry.Take, entry.Duration, entry.Estimate, entry.Cost, entry.Latency, entry.Size) =
            (1, 2, 3, 0.4m, 0.5m, TimeSpan.FromSeconds(6), 7);
        (entry.Key, entry.Id, entry.FileName, entry.Url, entry.RequestId, entry.IdSource, entry.Path, entry.Sha256) =
            ("k", "vid-1", "kite", s_url, "req-1", "X-Id", "/a.mp4", "aa");
        (entry.Row, entry.Take, entry.Duration, entry.Estimate, entry.Cost, entry.Latency, entry.Size).ShouldBe(
            (1, 2, 3, 0.4m, 0.5m, TimeSpan.FromSeconds(6), 7L));
        (entry.Key, entry.Id, entry.FileName, entry.Url).ShouldBe(("k", "vid-1", "kite", s_url));
        (entry.RequestId, entry.IdSource, entry.Path, entry.Sha256).ShouldBe(("req-1", "X-Id", "/a.mp4", "aa"));

        (entry.Row, entry.Take, entry.Duration, entry.Estimate, entry.Cost, entry.Latency, entry.Size) = (0, 0, 0, 0, 0, TimeSpan.Zero, 0);
        (entry.Row, entry.Take, entry.Duration, entry.Estimate, entry.Cost, entry.Latency, entry.Size).ShouldBe(
            (0, 0, 0, 0m, 0m, TimeSpan.Zero, 0L));

        (entry.Row, entry.Take, entry.Duration, entry.Estimate, entry.Cost, entry.Latency, entry.Size) =
            (null, null, null, null, null, null, null);
        (entry.Key, entry.Id, entry.FileName, entry.Url, entry.RequestId, entry.IdSource, entry.Path, entry.Sha256) =
            (null, null, null, null, null, null, null, null);
        ShouldHaveNone();
        entry.Entry.ShouldBe("e");

        void ShouldHaveNone()
        {
            (entry.Row, entry.Take, entry.Duration, entry.Estimate, entry.Cost, entry.Latency, entry.Size).ShouldBe(
                (null, null, null, null, null, null, null));
            (entry.Key, entry.Id, entry.FileName, entry.Url).ShouldBe((null, null, null, null));
            (entry.RequestId, entry.IdSource, entry.Path, entry.Sha256).ShouldBe((null, null, null, null));
        }
    }

    [Fact]
    public void A_copy_does_not_change_with_the_original()
    {
        LedgerEntry entry = new() { Entry = "e", Id = "vid-1", Status = VideoStatus.Succeeded, Cost = 0.3m };
        LedgerEntry copy = entry.Copy();
        (entry.Id, entry.Status, entry.Cost) = ("vid-2", VideoStatus.Failed, null);
        (copy.Id, copy.Status, copy.Cost, copy.Entry).ShouldBe(("vid-1", VideoStatus.Succeeded, 0.3m, "e"));
    }
}
