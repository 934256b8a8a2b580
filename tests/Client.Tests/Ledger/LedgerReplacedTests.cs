using Chuizi.Video.Client.Ledger;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

/// <summary>Users delete, move and copy ledgers while a session has them open. Only what the file contains now counts.</summary>
public sealed class LedgerReplacedTests : LedgerTest
{
    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 10)]
    [InlineData(5, 10)]
    [InlineData(2, 5_000)]
    [InlineData(5, 5_000)]
    public async Task A_replaced_ledger_file_is_read_instead_of_the_old_one(int lines, int promptLength)
    {
        Write(Made("old-1"), Made("old-2"));
        await ShouldHaveAsync("old-1", "old-2");
        // With two lines, the new file has the old length and ending; only the names differ, which come before the prompt.
        string[] names = [.. Enumerable.Range(1, lines).Select(number => $"new-{number}")];
        Write([.. names.Select(Made)]);
        await ShouldHaveAsync(names);
        (await Ledger.ReadAsync(book => book.SpentAt(Records.Api).Total(_ => null))).ShouldBe(5 * lines);
        (await Ledger.ReadAsync(book => book.Find(Records.Api, "k-old-1"))).ShouldBeNull();

        LedgerRecord Made(string name)
        {
            LedgerRecord record = Records.Intent(name, "k-" + name, 5);
            record.Prompt = new string('p', promptLength);
            return record;
        }
    }

    [Fact]
    public async Task A_deleted_file_is_read_as_empty()
    {
        Write(Records.Intent("old", "k", 5));
        await ShouldHaveAsync("old");
        File.Delete(LedgerPath);
        await ShouldHaveAsync();
        (await Ledger.ReadAsync(book => book.SpentAt(Records.Api).Total(_ => null))).ShouldBe(0);
        File.Exists(LedgerPath).ShouldBeFalse();
        await Ledger.AppendAsync(Records.Intent("new"));
        await ShouldHaveAsync("new");
    }

    [Fact]
    public async Task A_deleted_file_is_recreated_by_the_next_writer()
    {
        Write(Records.Intent("old"));
        await ShouldHaveAsync("old");
        File.Delete(LedgerPath);
        await Ledger.AppendAsync(Records.Intent("new"));
        await ShouldHaveAsync("new");
        Records.Read(LedgerPath).Entries.Single().Entry.ShouldBe("new");
    }

    [Fact]
    public async Task A_deleted_folder_is_recreated_by_the_next_writer()
    {
        string path = Home.Of("ledgers/run.jsonl");
        VideoLedger ledger = VideoLedger.At(path);
        await ledger.AppendAsync(Records.Intent("old"));
        Directory.Delete(Home.Of("ledgers"), recursive: true);
        await ledger.AppendAsync(Records.Intent("new"));
        Records.Read(path).Entries.Single().Entry.ShouldBe("new");
    }

    [Fact]
    public async Task A_truncated_file_is_read_as_empty()
    {
        await Ledger.AppendAsync(Records.Intent("old"));
        await ShouldHaveAsync("old");
        File.WriteAllBytes(LedgerPath, []);
        await ShouldHaveAsync();
    }

    [Fact]
    public async Task Removed_lines_are_forgotten()
    {
        Write(Records.Intent("a"), Records.Intent("b"), Records.Intent("c"));
        await ShouldHaveAsync("a", "b", "c");
        Write(Records.Intent("a"), Records.Intent("b"));
        await ShouldHaveAsync("a", "b");
    }

    [Fact]
    public async Task Lines_of_another_process_are_read_once()
    {
        await Ledger.AppendAsync(Records.Intent("a", estimate: 1));
        await ShouldHaveAsync("a");
        await Stranger().AppendAsync(Records.Intent("b", estimate: 1));
        await ShouldHaveAsync("a", "b");
        (await Ledger.ReadAsync(book => (book.Records, book.SpentAt(Records.Api).Total(_ => null)))).ShouldBe((2, 2));
    }

    [Fact]
    public async Task Damage_is_reported_with_its_line_number_after_own_writes()
    {
        await Ledger.AppendAsync(Records.Intent("a"));
        await Ledger.AppendAsync(Records.Intent("b"));
        await ShouldHaveAsync("a", "b");
        await Ledger.AppendAsync(Records.Intent("c"));
        File.AppendAllText(LedgerPath, "nonsense\n");
        (await Ledger.ReadAsync(book => book.Damage.Single())).ShouldBe("Line 4 is damaged and was skipped: 'nonsense'.");
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1_000)]
    [InlineData(20_000)]
    public async Task Lines_that_were_read_once_are_not_read_again(int promptLength)
    {
        VideoLedger ledger = Ledger;
        VideoLedger stranger = Stranger();
        Write(Made("first"));
        LedgerEntry first = await ledger.ReadAsync(book => book.Entries.First());
        for (int number = 0; number < 12; number++)
        {
            await ledger.AppendAsync(Made($"own-{number}"));
            (await ledger.ReadAsync(book => book.Entries.First())).ShouldBeSameAs(first, $"own line {number}");
            await stranger.AppendAsync(Made($"other-{number}"));
            (await ledger.ReadAsync(book => book.Entries.First())).ShouldBeSameAs(first, $"other line {number}");
        }

        (await ledger.ReadAsync(book => (book.Entries.Count, book.Records))).ShouldBe((25, 25));
        Records.Read(LedgerPath).Entries.Count.ShouldBe(25);

        LedgerRecord Made(string name)
        {
            LedgerRecord record = Records.Intent(name);
            record.Prompt = new string('p', promptLength);
            return record;
        }
    }

    [Fact]
    public async Task A_file_that_was_empty_for_a_while_is_read_from_its_start()
    {
        VideoLedger ledger = Ledger;
        Write(Records.Intent("a"), Records.Intent("b"));
        await ShouldHaveAsync("a", "b");
        File.WriteAllBytes(LedgerPath, []);
        await ShouldHaveAsync();
        Write(Records.Intent("a"), Records.Intent("b"));
        await ShouldHaveAsync("a", "b");
        GC.KeepAlive(ledger);
    }

    [Fact]
    public async Task Damage_in_a_replaced_file_is_reported_with_its_new_line_number()
    {
        VideoLedger ledger = Ledger;
        Write(Records.Intent("a"), Records.Intent("b"), Records.Intent("c"));
        await ShouldHaveAsync("a", "b", "c");
        File.WriteAllText(LedgerPath, Records.Text(Records.Intent("new")) + "nonsense\n");
        await ShouldHaveAsync("new");
        (await ledger.ReadAsync(book => book.Damage.ToArray())).ShouldBe(["Line 2 is damaged and was skipped: 'nonsense'."]);
    }

    private async Task ShouldHaveAsync(params string[] entries) =>
        (await Ledger.ReadAsync(book => book.Entries.Select(entry => entry.Entry).ToArray())).ShouldBe(entries);
}
