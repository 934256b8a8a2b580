using Chuizi.Video.Client.Ledger;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

/// <summary>Entries of one origin do not affect another: one ledger may record both the billed API and a sandbox.</summary>
public sealed class LedgerBookOriginTests
{
    private const string Key = "1-abc#1";

    private static readonly LedgerBook s_book = Records.Book(
        Records.Intent("a", Key, 1), Records.Intent("b", Key, 2, Records.Elsewhere),
        Records.Submitted("a", "vid-1", Key), Records.Submitted("b", "vid-1", Key, Records.Elsewhere),
        Records.Settled("vid-1", VideoStatus.Succeeded, 5), Records.Settled("vid-1", VideoStatus.Failed, origin: Records.Elsewhere));

    [Fact]
    public void A_key_identifies_one_row_per_origin()
    {
        s_book.Find(Records.Api, Key)!.Entry.ShouldBe("a");
        s_book.Find(Records.Elsewhere, Key)!.Entry.ShouldBe("b");
        s_book.Find("https://api.chuizi.example", Key).ShouldBeNull();
    }

    [Fact]
    public void An_id_identifies_one_job_per_origin()
    {
        s_book.Entries.Count.ShouldBe(2);
        s_book.Find(Records.Api, Key)!.Status.ShouldBe(VideoStatus.Succeeded);
        s_book.Find(Records.Elsewhere, Key)!.Status.ShouldBe(VideoStatus.Failed);
    }

    [Fact]
    public void Spending_and_prices_are_kept_per_origin()
    {
        s_book.SpentAt(Records.Api).Total(_ => null).ShouldBe(5);
        s_book.SpentAt(Records.Elsewhere).Total(_ => null).ShouldBe(0);
        s_book.SpentAt("https://api.chuizi.example").Total(_ => null).ShouldBe(0);
        s_book.Prices.Find(Records.Api, Records.Model, 6, null).ShouldBe(5);
        s_book.Prices.Find(Records.Elsewhere, Records.Model, 6, null).ShouldBeNull();
    }

    [Fact]
    public void Jobs_with_the_same_id_from_two_origins_stay_separate()
    {
        LedgerBook book = Records.Book(
            Records.Settled("vid-1", VideoStatus.Succeeded, 5),
            Records.Settled("vid-1", VideoStatus.Succeeded, 7, Records.Elsewhere));
        book.Entries.Select(entry => (entry.Origin, entry.Id, entry.Cost))
            .ShouldBe([(Records.Api, "vid-1", 5m), (Records.Elsewhere, "vid-1", 7m)]);
        (book.SpentAt(Records.Api).Total(_ => null), book.SpentAt(Records.Elsewhere).Total(_ => null)).ShouldBe((5, 7));
    }

    [Fact]
    public void A_line_without_an_origin_belongs_to_the_only_job_with_its_id()
    {
        LedgerBook one = Records.Book(
            Records.Intent("a", Key),
            Records.Submitted("a", "vid-1", Key),
            Records.Saved("vid-1", "/a.mp4", null!));
        one.Entries.Single().Path.ShouldBe("/a.mp4");

        LedgerBook two = Records.Book(
            Records.Submitted("a", "vid-1"),
            Records.Submitted("b", "vid-1", origin: Records.Elsewhere),
            Records.Saved("vid-1", "/a.mp4", null!));
        two.Entries.Where(entry => entry.Origin is not null).ShouldAllBe(entry => entry.Path == null);
    }

    [Fact]
    public void A_damaged_line_with_another_origin_does_not_move_spending()
    {
        LedgerBook book = Records.Book(Records.Intent("a", Key));
        book.ApplyLine(2, System.Text.Encoding.UTF8.GetBytes(Records.Text(Records.Submitted("a", "vid-1", Key, Records.Elsewhere))[..^9]));
        (book.SpentAt(Records.Api).Total(_ => 3), book.SpentAt(Records.Elsewhere).Total(_ => 3)).ShouldBe((3, 0));
    }
}
