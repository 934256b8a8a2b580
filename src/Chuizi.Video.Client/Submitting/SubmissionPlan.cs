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

    /// <summary>The numbers of the rows that were rejected, and have as many takes as the user allows.</summary>
    public IReadOnlyList<int> AtMaxTake { get; init; } = [];

    /// <summary>The damaged lines of the ledger, each with its number.</summary>
    public IReadOnlyList<string> Damage { get; init; } = [];

    /// <summary>Plans <paramref name="rows"/>.</summary>
    /// <param name="rows">The validated rows.</param>
    /// <param name="terms">The user's choices.</param>
    /// <param name="prices">Estimates costs.</param>
    /// <param name="ledger">The ledger.</param>
    /// <param name="book">The content of the ledger; null if it is not read, because nothing depends on it.</param>
    public static SubmissionPlan Make(
        IReadOnlyList<CheckedRow> rows, SubmissionTerms terms, CostEstimator prices, VideoLedger ledger, LedgerBook? book)
    {
        Dictionary<string, int> occurrences = new(StringComparer.Ordinal);
        TakeNames? names = null;
        List<int> atMaxTake = [];
        List<PlannedRow> planned = new(rows.Count);
        foreach (CheckedRow row in rows)
        {
            Plan(row);
        }

        SpentMoney? spent = terms.Deduplicates ? book?.SpentAt(terms.Origin) : null;
        return new SubmissionPlan
        {
            Terms = terms,
            Prices = prices,
            Rows = planned,
            UnknownPrices = !terms.RequiresPrices ? [] : [.. Unpriced(planned), .. spent is null ? [] : prices.DescribeUnpriced(spent)],
            Spent = spent is null ? 0 : prices.Total(spent),
            Damage = [.. book?.Damage ?? []],
            AtMaxTake = atMaxTake,
        };

        void Plan(CheckedRow row)
        {
            if (row.Request is not { } request)
            {
                planned.Add(new PlannedRow(planned.Count, row, null, null, default));
                return;
            }

            CostEstimate? estimate = prices.Of(request);
            string? key = null;
            try
            {
                string? hash = terms.Deduplicates ? RowKey.HashOf(request, book!.ContentOf) : null;
                if (hash is not null)
                {
                    int occurrence = occurrences[hash] = occurrences.GetValueOrDefault(hash) + 1;
                    key = RowKey.Of(hash, occurrence);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                ValidationIssue issue = new(row.Row, "Image", $"An image cannot be read: {exception.Message}");
                planned.Add(new PlannedRow(
                    planned.Count, row with { Errors = [.. row.Errors, issue] }, null, estimate, default));
                return;
            }

            if (key is not null && book!.HighestTake(terms.Origin, key) > 0)
            {
                // The ledger decides about the takes of a row that it has, not the id in an exported row.
                row = row with { Errors = [.. row.Errors.Where(error => error.Column != PlannedRow.IdColumn)] };
            }

            foreach ((int take, int? judged, SubmissionDecision decision, bool hasOthers) in TakesOf(row, key))
            {
                CheckedRow own = row;
                if (hasOthers)
                {
                    names ??= new TakeNames(rows, book);
                    own = row with { Request = names.Name(row, request.ForTake(take), take, decision.Entry) };
                }

                planned.Add(new PlannedRow(planned.Count, own, key, estimate, decision)
                {
                    Take = hasOthers ? take : null,
                    Judged = judged,
                });
            }
        }

        // The takes that the ledger has, and those that are missing.
        IEnumerable<(int Take, int? Judged, SubmissionDecision Decision, bool HasOthers)> TakesOf(CheckedRow row, string? key)
        {
            int known = key is null ? 0 : book!.HighestTake(terms.Origin, key);
            int wanted = terms.RetryRejected && !terms.CountsRetakes ? 1 : row.TakeCount ?? 1;
            bool isRetaken = terms.RetryRejected && key is not null && terms.IsRejected(book!, key, known);
            int last = isRetaken ? Math.Max(known, Math.Min(known + wanted, terms.MaxTake ?? int.MaxValue))
                : terms.RetryRejected ? Math.Max(known, 1)
                : Math.Max(known, wanted);
            if (isRetaken && last == known && row.Row is not null)
            {
                atMaxTake.Add(row.Row.Value);
            }

            for (int take = 1; take <= last; take++)
            {
                int? judged = isRetaken && take > known ? known : null;
                SubmissionDecision decision = terms.Decide(book, ledger, key, take, judged);
                // A take that was not accepted is not sent again if the user now wants fewer, unless it replaces rejected ones.
                if (take <= wanted || judged is not null || row.TakeCount is null || decision.Action != RowAction.Send
                    || terms.IsRejected(book!, key!, take - 1))
                {
                    yield return (take, judged, decision, last > 1);
                }
            }
        }
    }

    /// <summary>The rows that amounts cover together, in the order of the list.</summary>
    /// <param name="rows">Rows to submit.</param>
    /// <param name="limits">The limits in USD, each with what already counts against it.</param>
    public IReadOnlyList<PlannedRow> Covered(IEnumerable<PlannedRow> rows, params (decimal Limit, decimal Spent)[] limits)
    {
        List<PlannedRow> covered = [];
        foreach (PlannedRow row in rows)
        {
            decimal cost = row.Estimate?.Amount ?? 0;
            if (Array.TrueForAll(limits, limit => limit.Limit > 0 && limit.Spent + cost <= limit.Limit))
            {
                limits = [.. limits.Select(limit => (limit.Limit, limit.Spent + cost))];
                covered.Add(row);
            }
            else if (Terms.StopsAtLimit)
            {
                break;
            }
        }

        return covered;
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
