using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Submitting;

/// <summary>
/// What happens to each row of a list, according to the current ledger. The ledger is checked again just before a row is sent.
/// </summary>
internal sealed record SubmissionPlan
{
    /// <summary>The user's choices.</summary>
    public required SubmissionTerms Terms { get; init; }

    /// <summary>Estimates costs.</summary>
    public required CostEstimator Prices { get; init; }

    /// <summary>The rows, in the order of the list.</summary>
    public required IReadOnlyList<PlannedRow> Rows { get; init; }

    /// <summary>Why the spending limit cannot be enforced, one sentence per reason.</summary>
    public IReadOnlyList<string> UnknownPrices { get; init; } = [];

    /// <summary>The amount that already counts against the spending limit, in USD.</summary>
    public decimal Spent { get; init; }

    /// <summary>The amount that already counts against the budget of the month, in USD.</summary>
    public decimal SpentThisMonth { get; init; }

    /// <summary>The damaged lines of the ledger, each with its number.</summary>
    public IReadOnlyList<string> Damage { get; init; } = [];

    /// <summary>Plans <paramref name="rows"/>.</summary>
    /// <param name="rows">The validated rows.</param>
    /// <param name="terms">The user's choices.</param>
    /// <param name="prices">Estimates costs.</param>
    /// <param name="ledger">The path of the ledger; null for one in memory.</param>
    /// <param name="book">The content of the ledger; null if it is not read.</param>
    public static SubmissionPlan Make(
        IReadOnlyList<CheckedRow> rows, SubmissionTerms terms, CostEstimator prices, string? ledger, LedgerBook? book)
    {
        Dictionary<string, int> occurrences = new(StringComparer.Ordinal);
        PlannedRow[] planned = [.. rows.Select(Plan)];
        SpentMoney? spent = terms.Deduplicates ? book?.SpentAt(terms.Origin) : null;
        return new SubmissionPlan
        {
            Terms = terms,
            Prices = prices,
            Rows = planned,
            UnknownPrices = !terms.RequiresPrices ? [] : [.. Unpriced(planned), .. spent is null ? [] : prices.DescribeUnpriced(spent)],
            Spent = spent is null ? 0 : prices.Total(spent),
            Damage = [.. book?.Damage ?? []],
        };

        PlannedRow Plan(CheckedRow row, int position)
        {
            if (row.Request is not { } request)
            {
                return new PlannedRow(position, row, null, null, default);
            }

            CostEstimate? estimate = prices.Of(request);
            if (book is null || !terms.Deduplicates)
            {
                return new PlannedRow(position, row, null, estimate, default);
            }

            try
            {
                string? key = null;
                if (RowKey.HashOf(request, book.ContentOf) is { } hash)
                {
                    int occurrence = occurrences[hash] = occurrences.GetValueOrDefault(hash) + 1;
                    key = RowKey.Of(hash, occurrence);
                }

                return new PlannedRow(position, row, key, estimate, terms.Decide(book, ledger, key));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                ValidationIssue issue = new(row.Row, "Image", $"An image cannot be read: {exception.Message}");
                return new PlannedRow(position, row with { Errors = [.. row.Errors, issue] }, null, estimate, default);
            }
        }
    }

    private static IEnumerable<string> Unpriced(IEnumerable<PlannedRow> rows) => rows
        .Where(row => row is { Action: RowAction.Send, Estimate: null, Checked: { Request: not null, Errors.Count: 0 } })
        .GroupBy(row => CostEstimator.Describe(row.Request.Model, row.Request.Duration))
        .Select(group =>
        {
            int[] numbers = [.. group.Select(row => row.Number).OfType<int>()];
            return $"The price of {group.Key} is unknown{(numbers.Length > 0 ? $" ({RowRanges.Describe(numbers)})" : "")}.";
        });
}
