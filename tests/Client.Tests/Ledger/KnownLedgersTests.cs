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
}
