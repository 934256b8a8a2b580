using System.Globalization;
using System.Text;
using Chuizi.Video.Client.Ledger;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

[Trait("Speed", "Slow")]
public sealed class LedgerProcessesTests : LedgerTest
{
    private const int Rows = 5_000;
    private const int Processes = 4;

    [Fact]
    public async Task Several_processes_share_the_rows_of_one_ledger_and_lose_no_line()
    {
        List<LedgerProcess> processes =
        [
            .. Enumerable.Range(0, Processes).Select(_ => Own(LedgerProcess.Claim(LedgerPath, Rows, atOnce: 100))),
        ];
        foreach (LedgerProcess process in processes)
        {
            await process.SayAsync();
        }

        processes.ForEach(process => process.Go());
        int[][] claimed = await Task.WhenAll(
            processes.Select(async process =>
                (await process.EndAsync()).Select(row => int.Parse(row, CultureInfo.InvariantCulture)).ToArray()));
        claimed.SelectMany(rows => rows).Order().ShouldBe(Enumerable.Range(0, Rows));
        claimed.Count(rows => rows.Length > 0).ShouldBeGreaterThan(1, "they ran at the same time");

        LedgerRecord[] records = [.. Lines.Select(line => LedgerSerializer.Read(Encoding.UTF8.GetBytes(line)).ShouldNotBeNull())];
        foreach (IGrouping<string, LedgerRecord> row in records.GroupBy(record => record.Key!))
        {
            // Processes that end earlier leave their rows to the others.
            string[] steps = [.. row.Select(record => record.Step)];
            steps[..2].ShouldBe([LedgerStep.Intent, LedgerStep.Submitted], row.Key);
            steps[2..].ShouldAllBe(step => step == LedgerStep.Taken, row.Key);
            row.Select(record => record.Entry).Distinct().Count().ShouldBe(1, row.Key);
        }

        records.Select(record => record.Key).Distinct().Count().ShouldBe(Rows);
        Home.Names.ShouldBe(["run.jsonl"], "the runs have deleted their lock files");
        (await Ledger.ReadAsync(book => book.SpentAt(Records.Api).Total(_ => null))).ShouldBe(0.1m * Rows);
    }
}
