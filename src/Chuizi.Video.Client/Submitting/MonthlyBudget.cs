using System.Globalization;
using Chuizi.Video.Client.Ledger;

namespace Chuizi.Video.Client.Submitting;

/// <summary>
/// Reserves the cost of each submission in the month's journal before the request is sent, under the lock of the journal, so that all
/// processes of the machine together stay within the budget.
/// </summary>
/// <param name="journal">The journal.</param>
/// <param name="amount">The budget of a month in USD.</param>
/// <param name="origin">The origin of the API. Each has a budget of its own.</param>
internal sealed class MonthlyBudget(SpendingJournal journal, decimal amount, string origin)
{
    /// <summary>The budget of a month in USD.</summary>
    public decimal Amount => amount;

    /// <summary>When the next month begins, for a sentence.</summary>
    public string Reset
    {
        get
        {
            DateTime now = journal.Now;
            DateTime next = new DateTime(now.Year, now.Month, 1, 0, 0, 0, DateTimeKind.Utc).AddMonths(1);
            return string.Create(CultureInfo.InvariantCulture, $"{next:yyyy-MM-dd HH:mm} UTC");
        }
    }

    /// <summary>What was spent and reserved this month, in USD.</summary>
    /// <exception cref="ChuiziException">BudgetUnavailable.</exception>
    public Task<decimal> SpentAsync() => GuardedAsync(() => journal.Of(journal.Now).ReadAsync(Spent));

    /// <summary>Reserves the cost of a submission, whose intent gets the current time.</summary>
    /// <param name="intent">The submission, with its estimate.</param>
    /// <returns>Null if it is reserved; otherwise what was spent this month, to which its cost cannot be added.</returns>
    /// <exception cref="ChuiziException">BudgetUnavailable: the submission must not be sent.</exception>
    public Task<decimal?> ReserveAsync(LedgerRecord intent)
    {
        intent.At = journal.Now;
        decimal cost = intent.Estimate ?? throw new InvalidOperationException("A budget requires a known price.");
        return GuardedAsync(() => journal.Of(intent.At).DecideAsync<decimal?>(follow: true, book =>
        {
            decimal spent = Spent(book!);
            bool isCovered = amount > 0 && spent + cost <= amount;
            return (isCovered ? [SpendingJournal.Amount(intent)] : [], isCovered ? null : spent);
        }));
    }

    /// <summary>
    /// Records the id or the outcome of a reserved submission. If that fails, the reservation counts until the end of the month.
    /// </summary>
    public async Task RecordAsync(LedgerRecord intent, LedgerRecord record)
    {
        try
        {
            await journal.Of(intent.At).AppendAsync(SpendingJournal.Amount(record)).ConfigureAwait(false);
        }
        catch (ChuiziException)
        {
            // The reservation stays, so the budget counts too much, and never too little.
        }
    }

    private decimal Spent(LedgerBook book) => book.SpentAt(origin).Total(_ => null);

    private static async Task<T> GuardedAsync<T>(Func<Task<T>> use)
    {
        try
        {
            return await use().ConfigureAwait(false);
        }
        catch (ChuiziException exception)
        {
            throw new ChuiziException(
                ChuiziErrorKind.BudgetUnavailable,
                $"{SpendingLimits.MonthlyBudgetVariable} is set, but its journal cannot be used: {exception.Message}",
                exception);
        }
    }
}
