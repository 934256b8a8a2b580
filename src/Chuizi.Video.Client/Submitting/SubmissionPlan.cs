using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Submitting;

/// <summary>What happens to each row of a list, as the ledger is now. The ledger itself is asked again when a row leaves.</summary>
internal sealed record SubmissionPlan
{
    /// <summary>What the user asked for.</summary>
    public required SubmissionTerms Terms { get; init; }

    /// <summary>What videos cost.</summary>
    public required CostEstimator Prices { get; init; }

    /// <summary>The rows, in the order of the list.</summary>
    public required IReadOnlyList<PlannedRow> Rows { get; init; }

    /// <summary>Why the spending limit cannot be kept, a sentence each.</summary>
    public IReadOnlyList<string> UnknownPrices { get; init; } = [];

    /// <summary>What counts against the spending limit already, in USD.</summary>
    public decimal Spent { get; init; }

    /// <summary>What is wrong with the ledger, each with its line.</summary>
    public IReadOnlyList<string> Damage { get; init; } = [];

    /// <summary>Plans <paramref name="rows"/>.</summary>
    /// <param name="rows">The rows, checked.</param>
    /// <param name="terms">What the user asked for.</param>
    /// <param name="prices">What videos cost.</param>
    /// <param name="ledger">The ledger's file; null for one in memory.</param>
    /// <param name="book">What the ledger holds; null where it is not read.</param>
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
            UnknownPrices = terms.MaxCost is null ? [] : [.. Unpriced(planned), .. spent is null ? [] : prices.DescribeUnpriced(spent)],
            Spent = spent is null ? 0 : prices.Total(spent),
            Damage = [.. book?.Damage ?? []],
        };

        PlannedRow Plan(CheckedRow row, int position)
        {
            if (row.Request is not { } request)
            {
                return new PlannedRow(position, row, null, null, default);
            }

            decimal? estimate = prices.Of(request);
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
