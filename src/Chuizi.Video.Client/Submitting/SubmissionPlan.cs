using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Submitting;

/// <summary>What is to become of each row of a list, as the ledger stands now. The ledger itself decides anew when a row leaves.</summary>
/// <param name="Rows">The rows, in order.</param>
/// <param name="UnknownPrices">Under a ceiling: what it cannot be kept with, a sentence each.</param>
/// <param name="Spent">What counts against the ceiling already, in USD.</param>
/// <param name="Damage">What is wrong with the ledger, each with its line.</param>
public sealed record SubmissionPlan(IReadOnlyList<PlannedRow> Rows, IReadOnlyList<string> UnknownPrices, decimal Spent, IReadOnlyList<string> Damage)
{
    /// <summary>Plans <paramref name="rows"/>.</summary>
    /// <param name="rows">The rows, checked.</param>
    /// <param name="terms">The terms.</param>
    /// <param name="estimator">What things cost.</param>
    /// <param name="ledger">The ledger's file; null for one in memory.</param>
    /// <param name="book">What it holds; null where it is not read.</param>
    public static SubmissionPlan Make(IReadOnlyList<CheckedRow> rows, SubmissionTerms terms, CostEstimator estimator, string? ledger, LedgerBook? book)
    {
        PlannedRow[] planned = [.. Plan(rows, terms, estimator, ledger, terms.Deduplicates ? book : null)];
        SpentMoney? spent = terms.Deduplicates ? book?.SpentAt(terms.Origin) : null;
        return new SubmissionPlan(
            planned,
            terms.MaxCost is null ? [] : [.. Unpriced(planned), .. Unpriced(spent?.Unpriced ?? [], terms)],
            spent?.Total(terms.Estimate) ?? 0,
            [.. book?.Damage ?? []]);
    }

    /// <summary>What a model and length is called.</summary>
    public static string Describe(string model, int? duration) =>
        duration is { } seconds ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{seconds} s of {model}") : $"{model} without a length";

    private static IEnumerable<PlannedRow> Plan(IReadOnlyList<CheckedRow> rows, SubmissionTerms terms, CostEstimator estimator, string? ledger, LedgerBook? book)
    {
        Dictionary<string, int> occurrences = new(StringComparer.Ordinal);
        return rows.Select(PlanOne);

        PlannedRow PlanOne(CheckedRow row)
        {
            if (row.Request is not { } request)
            {
                return new PlannedRow(row, RowAction.Send, null, null, null);
            }

            decimal? estimate = estimator.Of(request.Model, request.Duration, request.Resolution, request.EstimatedCost);
            if (book is null)
            {
                return new PlannedRow(row, RowAction.Send, null, null, estimate);
            }

            try
            {
                if (RowKey.HashOf(request, book.ContentOf) is not { } hash)
                {
                    return new PlannedRow(row, RowAction.Send, null, null, estimate);
                }

                int occurrence = occurrences[hash] = occurrences.GetValueOrDefault(hash) + 1;
                string key = RowKey.Of(hash, occurrence);
                LedgerEntry? entry = book.Find(terms.Origin, key);
                RowAction action = terms.ActionFor(entry, run => ledger is not null && LedgerRun.IsAlive(ledger, run));
                return new PlannedRow(row, action, key, entry, estimate);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                ValidationIssue finding = new(row.Row, "Image", $"An image cannot be read: {exception.Message}");
                return new PlannedRow(row with { Errors = [.. row.Errors, finding] }, RowAction.Send, null, null, estimate);
            }
        }
    }

    private static IEnumerable<string> Unpriced(IEnumerable<PlannedRow> rows) => rows
        .Where(row => row is { Action: RowAction.Send, Estimate: null, Checked: { Request: not null, Errors.Count: 0 } })
        .GroupBy(row => Describe(row.Checked.Request!.Model, row.Checked.Request.Duration))
        .Select(group =>
        {
            int[] numbers = [.. group.Select(row => row.Checked.Row).OfType<int>()];
            return $"The price of {group.Key} is unknown{(numbers.Length > 0 ? $" ({RowRanges.Describe(numbers)})" : "")}.";
        });

    /// <summary>What was sent whose cost nobody knows, a sentence for each model and length.</summary>
    internal static IEnumerable<string> Unpriced(IEnumerable<LedgerEntry> entries, SubmissionTerms terms) => entries
        .Where(entry => terms.Estimate(entry) is null)
        .GroupBy(entry => Describe(entry.Model ?? "an unnamed model", entry.Duration))
        .Select(group => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The ledger has {group.Count()} of {group.Key}, whose cost is unknown."));
}
