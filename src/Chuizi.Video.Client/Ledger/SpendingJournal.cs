using System.Globalization;

namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// What all processes of this machine spend in a calendar month (UTC): a ledger per month in the state folder, with the amounts and the ids
/// of the submissions, and no inputs. It is kept only while a monthly budget is set.
/// </summary>
/// <param name="folder">The state folder.</param>
/// <param name="clock">The clock that determines the month.</param>
internal sealed class SpendingJournal(string folder, TimeProvider clock)
{
    /// <summary>The current UTC time.</summary>
    public DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>The journal of the month of a time.</summary>
    public VideoLedger Of(DateTime time) => VideoLedger.At(PathOf(time));

    /// <summary>The record of a submission without its inputs.</summary>
    public static LedgerRecord Amount(LedgerRecord record) => new()
    {
        Step = record.Step,
        Entry = record.Entry,
        Origin = record.Origin,
        At = record.At,
        Estimate = record.Estimate,
        Id = record.Id,
        Status = record.Status,
        Cost = record.Cost,
    };

    /// <summary>
    /// Corrects the amounts of submissions whose outcome is now known, in the journals of this month and the last. Submissions that were
    /// made without a budget are not in them.
    /// </summary>
    /// <exception cref="ChuiziException">LedgerUnavailable or InvalidLedger: not corrected.</exception>
    public async Task CorrectAsync(IReadOnlyList<LedgerRecord> settled)
    {
        DateTime now = Now;
        foreach (DateTime time in new[] { now, new DateTime(now.Year, now.Month, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(-1) })
        {
            if (File.Exists(PathOf(time)))
            {
                await Of(time)
                    .DecideAsync<bool>(follow: true, book => ([.. settled.Where(record => book!.Has(record)).Select(Amount)], true))
                    .ConfigureAwait(false);
            }
        }
    }

    private string PathOf(DateTime time) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"spending-{time:yyyy-MM}.jsonl"));
}
