using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class KnownLedgersTests : LedgerTest
{
    private readonly TempFolder _folder;

    public KnownLedgersTests() => _folder = Folder();

    [Fact]
    public void Existing_ledgers_are_listed_once_in_the_order_of_their_first_use()
    {
        string first = _folder.Of("ä first.jsonl");
        string second = _folder.Of("second.jsonl");
        File.WriteAllText(first, "");
        File.WriteAllText(second, "");
        KnownLedgers known = new(_folder.Of("state"));
        known.Existing.ShouldBeEmpty();
        known.Add(second);
        known.Add(first);
        known.Add(second);
        known.Add(_folder.Of("deleted.jsonl"));
        known.Existing.ShouldBe([second, first]);
        File.Delete(second);
        known.Existing.ShouldBe([first]);
    }

    [Fact]
    public void A_damaged_list_or_an_unusable_state_folder_is_ignored()
    {
        string ledger = _folder.Of("run.jsonl");
        File.WriteAllText(ledger, "");
        Directory.CreateDirectory(_folder.Of("state"));
        File.WriteAllText(_folder.Of("state/known-ledgers.txt"), "relative.jsonl\n\0\n" + ledger[..^3]);
        KnownLedgers known = new(_folder.Of("state"));
        known.Add(ledger);
        known.Existing.ShouldBe([ledger]);

        new KnownLedgers(ledger + "/state").Add(ledger);
        new KnownLedgers(null).Add(ledger);
        new KnownLedgers(null).Existing.ShouldBeEmpty();
    }

    [Fact]
    public void What_cannot_be_read_again_from_a_line_is_not_remembered()
    {
        string state = _folder.Of("state");
        KnownLedgers known = new(state);
        known.Add(_folder.Of("two\nlines.jsonl"));
        known.Add("https://account.blob.core.windows.net/container/run.jsonl");
        Directory.Exists(state).ShouldBeFalse();
    }

    [Fact]
    public void A_relative_path_is_not_listed_even_if_there_is_such_a_file()
    {
        string ledger = _folder.Of("run.jsonl");
        File.WriteAllText(ledger, "");
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, ledger);
        Assert.SkipWhen(Path.IsPathFullyQualified(relative), "The folder is on another drive.");
        File.WriteAllText(_folder.Of("known-ledgers.txt"), $"{relative}\n");
        new KnownLedgers(_folder.Path).Existing.ShouldBeEmpty();
    }

    [Fact]
    public void A_ledger_that_another_process_has_added_is_not_added_again()
    {
        string ledger = _folder.Of("run.jsonl");
        string list = _folder.Of("known-ledgers.txt");
        File.WriteAllText(list, $"{ledger}\n");
        new KnownLedgers(_folder.Path).Add(ledger);
        File.ReadAllLines(list).ShouldBe([ledger]);
    }

    [Fact]
    public void A_ledger_that_could_not_be_added_is_added_the_next_time()
    {
        string ledger = _folder.Of("run.jsonl");
        string state = _folder.Of("state");
        File.WriteAllText(ledger, "");
        File.WriteAllText(state, "A file in place of the folder.");
        KnownLedgers known = new(Path.Combine(state, "deeper"));
        known.Add(ledger);
        known.Existing.ShouldBeEmpty();
        File.Delete(state);
        known.Add(ledger);
        known.Existing.ShouldBe([ledger]);
    }

    [Fact]
    public void A_list_that_somebody_else_has_locked_is_read_as_empty()
    {
        string ledger = _folder.Of("run.jsonl");
        string list = _folder.Of("known-ledgers.txt");
        File.WriteAllText(ledger, "");
        File.WriteAllText(list, $"{ledger}\n");
        KnownLedgers known = new(_folder.Path);
        using (new FileStream(list, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            known.Existing.ShouldBeEmpty();
        }

        known.Existing.ShouldBe([ledger]);
    }
}
