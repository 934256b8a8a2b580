using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class SpendingJournalTests : LedgerTest
{
    private static readonly DateTime s_now = new(2026, 1, 31, 23, 0, 0, DateTimeKind.Utc);

    private readonly SpendingJournal _journal;

    public SpendingJournalTests() => _journal = new SpendingJournal(Home.Path, new ManualClock(new DateTimeOffset(s_now)));

    [Fact]
    public async Task There_is_one_file_for_each_month_in_every_culture()
    {
        using InCulture culture = new("ar-SA");
        _journal.Now.ShouldBe(s_now);
        _journal.Of(s_now).Path.ShouldBe(Home.Of("spending-2026-01.jsonl"));
        await _journal.Of(s_now).AppendAsync(Records.Intent("e"));
        await _journal.Of(s_now.AddHours(1)).AppendAsync(Records.Intent("f"));
        Home.Names.ShouldBe(["spending-2026-01.jsonl", "spending-2026-02.jsonl"]);
    }

    [Fact]
    public void A_line_has_what_identifies_the_submission_its_amounts_and_nothing_else()
    {
        LedgerRecord full = Records.Intent("e", "k", 0.3m);
        (full.Id, full.Status, full.Cost, full.Path) = ("vid-1", VideoStatus.Failed, 0.2m, "/videos/a.mp4");
        LedgerRecord line = SpendingJournal.Amount(full);
        (line.Step, line.Entry, line.Origin, line.At, line.Estimate, line.Id, line.Status, line.Cost)
            .ShouldBe((LedgerStep.Intent, "e", Records.Api, Records.Noon, 0.3m, "vid-1", VideoStatus.Failed, 0.2m));
        (line.Key, line.Run, line.Row, line.Model, line.Prompt, line.Duration, line.Path)
            .ShouldBe((null, null, null, null, null, null, null));
    }

    [Fact]
    public async Task Known_outcomes_correct_this_month_and_the_last_one_and_create_no_file()
    {
        DateTime[] months = [s_now, s_now.AddMonths(-1), s_now.AddMonths(-2)];
        foreach (DateTime month in months)
        {
            await _journal.Of(month).AppendAsync(
                Records.Intent($"e-{month.Month}", estimate: 5), Records.Submitted($"e-{month.Month}", $"vid-{month.Month}"));
        }

        LedgerRecord[] settled =
        [
            .. months.Select(month => Records.Settled($"vid-{month.Month}", VideoStatus.Succeeded, 2)),
            Records.Settled("vid-9", VideoStatus.Succeeded, 40),
        ];
        await _journal.CorrectAsync(settled);
        (await SpentAsync(months[0]), await SpentAsync(months[1]), await SpentAsync(months[2])).ShouldBe((2, 2, 5));
        Home.Names.ShouldBe(["spending-2025-11.jsonl", "spending-2025-12.jsonl", "spending-2026-01.jsonl"]);
        File.ReadAllText(Home.Of("spending-2026-01.jsonl")).ShouldNotContain("https://media.chuizi.ai");
    }

    [Fact]
    public async Task Without_a_journal_nothing_is_corrected_and_no_file_is_created()
    {
        await _journal.CorrectAsync([Records.Settled("vid-1", VideoStatus.Succeeded, 2)]);
        Home.Names.ShouldBeEmpty();
    }

    private Task<decimal> SpentAsync(DateTime month) =>
        _journal.Of(month).ReadAsync(book => book.SpentAt(Records.Api).Total(_ => null));
}
