using Chuizi.Video.Client.Ledger;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

/// <summary>Which row a submission belongs to, and which submission represents the row.</summary>
public sealed class LedgerRowsTests
{
    private const string Row = "1-a#1";

    [Fact]
    public void The_highest_take_is_known_for_each_row_and_origin()
    {
        LedgerBook book = Records.Book(
            Records.Intent("a", Row),
            Records.Intent("c", Row + ".3"),
            Records.Intent("b", Row + ".2"),
            Records.Intent("d", "1-b#1"),
            Records.Intent("e", "1-c#1.2", origin: Records.Elsewhere));
        book.HighestTake(Records.Api, Row).ShouldBe(3);
        book.HighestTake(Records.Api, "1-b#1").ShouldBe(1);
        book.HighestTake(Records.Api, "1-c#1").ShouldBe(0);
        book.HighestTake(Records.Elsewhere, "1-c#1").ShouldBe(2);
        book.HighestTake(Records.Elsewhere, Row).ShouldBe(0);
    }

    [Fact]
    public void A_withdrawn_take_leaves_the_takes_before_it()
    {
        LedgerRecord[] takes = [Records.Intent("a", Row), Records.Intent("b", Row + ".2"), Records.Intent("c", Row + ".3")];
        LedgerBook book = Records.Book(takes);
        book.Withdraw(takes[2]);
        (book.HighestTake(Records.Api, Row), book.Find(Records.Api, Row + ".3")).ShouldBe((2, null));
        book.Withdraw(takes[1]);
        (book.HighestTake(Records.Api, Row), book.Find(Records.Api, Row + ".2")).ShouldBe((1, null));
        book.Withdraw(takes[0]);
        (book.HighestTake(Records.Api, Row), book.Find(Records.Api, Row)).ShouldBe((0, null));
    }

    [Fact]
    public void A_withdrawn_take_that_is_not_the_highest_leaves_the_highest()
    {
        LedgerRecord[] takes = [Records.Intent("a", Row), Records.Intent("b", Row + ".2"), Records.Intent("c", Row + ".3")];
        LedgerBook book = Records.Book(takes);
        book.Withdraw(takes[1]);
        book.HighestTake(Records.Api, Row).ShouldBe(3);
        book.Withdraw(takes[2]);
        book.HighestTake(Records.Api, Row).ShouldBe(1);
    }

    [Fact]
    public void A_row_whose_only_take_is_withdrawn_was_never_submitted()
    {
        LedgerRecord take = Records.Intent("b", Row + ".2");
        LedgerBook book = Records.Book(take);
        book.HighestTake(Records.Api, Row).ShouldBe(2);
        book.Withdraw(take);
        book.HighestTake(Records.Api, Row).ShouldBe(0);
    }

    [Fact]
    public void A_withdrawn_re_submission_of_a_take_leaves_the_take()
    {
        LedgerRecord first = Records.Intent("a", Row + ".2");
        LedgerRecord again = Records.Intent("b", Row + ".2", again: "a");
        LedgerBook book = Records.Book(first, again);
        book.Withdraw(again);
        book.HighestTake(Records.Api, Row).ShouldBe(2);
        book.Find(Records.Api, Row + ".2").ShouldNotBeNull().Entry.ShouldBe("a");
        book.Withdraw(first);
        book.HighestTake(Records.Api, Row).ShouldBe(0);
        book.Find(Records.Api, Row + ".2").ShouldBeNull();
    }

    [Fact]
    public void A_withdrawn_submission_that_was_replaced_leaves_the_one_that_replaced_it()
    {
        LedgerRecord first = Records.Intent("a", Row);
        LedgerBook book = Records.Book(first, Records.Intent("b", Row, again: "a"));
        book.Withdraw(first);
        book.Find(Records.Api, Row).ShouldNotBeNull().Entry.ShouldBe("b");
        book.HighestTake(Records.Api, Row).ShouldBe(1);
    }

    [Fact]
    public void A_submission_without_a_key_can_be_withdrawn()
    {
        LedgerRecord intent = Records.Intent("a");
        LedgerBook book = Records.Book(intent, Records.Intent("b", Row));
        book.Withdraw(intent);
        book.Entries.Single().Entry.ShouldBe("b");
    }

    [Theory]
    [InlineData("unknown,skipped,skipped", "e-0")]
    [InlineData("failed,skipped", "e-0")]
    [InlineData("skipped,failed", "e-1")]
    [InlineData("skipped,skipped", "e-1")]
    [InlineData("skipped", "e-0")]
    [InlineData("failed,unknown", "e-1")]
    public void The_last_submission_that_was_not_skipped_represents_its_row(string ends, string expected)
    {
        LedgerBook book = new();
        int number = 0;
        foreach (string end in ends.Split(','))
        {
            string entry = $"e-{number++}";
            book.Apply(Records.Intent(entry, Row, again: book.Find(Records.Api, Row)?.Entry));
            book.Apply(Records.Ended(entry, end, key: Row));
        }

        book.Find(Records.Api, Row).ShouldNotBeNull().Entry.ShouldBe(expected);
        book.Entries.Where(one => !book.IsSuperseded(one)).Select(one => one.Entry).ShouldBe([expected]);
    }

    [Fact]
    public void A_re_submission_of_a_submission_in_another_ledger_belongs_to_the_row_of_its_key()
    {
        LedgerBook book = Records.Book(Records.Intent("a", Row), Records.Intent("b", Row, again: "elsewhere"));
        book.Find(Records.Api, Row).ShouldNotBeNull().Entry.ShouldBe("b");
        book.Find(Records.Api, "1-a#2").ShouldBeNull();
    }

    [Fact]
    public void A_re_submission_of_a_submission_without_a_key_belongs_to_the_row_of_its_key()
    {
        LedgerBook book = Records.Book(Records.Intent("a"), Records.Intent("b", Row), Records.Intent("c", Row, again: "a"));
        book.Find(Records.Api, Row).ShouldNotBeNull().Entry.ShouldBe("c");
    }

    [Fact]
    public void A_re_submission_belongs_to_the_row_that_the_first_submission_was_moved_to()
    {
        LedgerBook book = Records.Book(
            Records.Intent("a", Row), Records.Intent("b", Row), Records.Intent("c", Row), Records.Intent("d", Row, again: "b"));
        string[] found = [.. Enumerable.Range(1, 3).Select(number => book.Find(Records.Api, $"1-a#{number}")!.Entry)];
        found.ShouldBe(["a", "d", "c"]);
        book.Find(Records.Api, "1-a#4").ShouldBeNull();
        book.Entries.Select(entry => entry.Key).ShouldBe([Row, "1-a#2", "1-a#3", "1-a#2"]);
    }

    [Fact]
    public void Rows_whose_keys_have_no_number_are_one_row()
    {
        LedgerBook book = Records.Book(Records.Intent("a", "k"), Records.Intent("b", "k"));
        book.Find(Records.Api, "k").ShouldNotBeNull().Entry.ShouldBe("b");
        book.Entries.Select(entry => entry.Key).ShouldBe(["k", "k"]);
    }

    [Fact]
    public void Later_lines_of_a_submission_do_not_move_it_to_another_row()
    {
        LedgerBook book = Records.Book(Records.Intent("a", Row), Records.Submitted("a", "vid-1", "1-b#1"), Records.Intent("a", Row));
        book.Find(Records.Api, Row).ShouldNotBeNull().Entry.ShouldBe("a");
        book.Find(Records.Api, "1-b#1").ShouldBeNull();
        book.Find(Records.Api, "1-a#2").ShouldBeNull();
    }

    [Fact]
    public void An_entry_without_a_key_is_never_superseded()
    {
        LedgerBook book = Records.Book(Records.Intent("a"), Records.Intent("b", Row, origin: null!));
        book.Entries.Select(book.IsSuperseded).ShouldBe([false, false]);
    }
}
