using System.Globalization;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Models;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Submitting;

/// <summary>
/// Plans a list, after reading what the decisions require: the ledger and the API's price list. It waits for requests of earlier runs that
/// may still be in progress.
/// </summary>
/// <param name="client">The client; null if nothing will be sent and there is no connection.</param>
/// <param name="ledger">The ledger.</param>
internal sealed class SubmissionPlanner(ChuiziClient? client, VideoLedger ledger)
{
    private static readonly TimeSpan s_watchInterval = TimeSpan.FromSeconds(3);

    /// <summary>Whether costs are shown, so that prices are requested even without a spending limit.</summary>
    public bool ShowsCosts { get; init; }

    /// <summary>Whether nothing will be sent, so that an unusable account is not a reason to stop.</summary>
    public bool IsTrial { get; init; }

    /// <summary>Called with the reason for a longer wait, on any thread.</summary>
    public Action<string>? Watching { get; init; }

    /// <summary>Called with the reason why prices may be missing, on any thread.</summary>
    public Action<string>? PricesMissing { get; init; }

    /// <summary>Plans <paramref name="rows"/>.</summary>
    /// <param name="rows">The validated rows.</param>
    /// <param name="terms">The user's choices.</param>
    /// <param name="cancellationToken">Cancels planning.</param>
    /// <exception cref="ChuiziException">
    /// LedgerUnavailable, InvalidLedger, LedgerVersion or BudgetUnavailable; or an error that ends the run, if prices are requested.
    /// </exception>
    public async Task<SubmissionPlan> PlanAsync(IReadOnlyList<CheckedRow> rows, SubmissionTerms terms, CancellationToken cancellationToken)
    {
        bool countsMoney = terms.RequiresPrices || ShowsCosts;
        decimal spentThisMonth = terms.Budget is { } budget
            ? await budget.SpentAsync().WaitAsync(cancellationToken).ConfigureAwait(false)
            : 0;
        IReadOnlyList<ListedModel>? listed = countsMoney ? await ListAsync(cancellationToken).ConfigureAwait(false) : null;
        if (!terms.Deduplicates && !countsMoney)
        {
            return Plan(null);
        }

        // A call that was stopped in this process may still have requests in progress. Their rows are known once the responses arrive.
        string?[] runs = await ReadAsync(book =>
                book.Entries.Where(entry => !entry.IsAnswered).Select(entry => entry.Run).Distinct().ToArray())
            .ConfigureAwait(false);
        await Task.WhenAll(runs.Select(LedgerRun.EndOf)).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (terms.Resubmit)
        {
            await WatchAsync(cancellationToken).ConfigureAwait(false);
        }

        if (terms.Deduplicates)
        {
            // Do this before reading the ledger, because another run in this process may have to record ids meanwhile.
            await Task.Run(() => RowKey.Prepare(rows.Select(row => row.Request), cancellationToken), cancellationToken)
                .ConfigureAwait(false);
        }

        return await ReadAsync(Plan).ConfigureAwait(false);

        Task<T> ReadAsync<T>(Func<LedgerBook, T> read) => ledger.ReadAsync(read).WaitAsync(cancellationToken);

        SubmissionPlan Plan(LedgerBook? book)
        {
            if (terms.Deduplicates && book!.Entries.Any(entry => entry.Key is not null && RowKey.IsOfAnotherVersion(entry.Key)))
            {
                throw new ChuiziException(
                    ChuiziErrorKind.LedgerVersion,
                    $"The ledger '{ledger.Path}' was written by another version of this module, which identifies rows in another way. "
                        + "Nothing was submitted.");
            }

            // Entries of the ledger with an unknown price count as much as the most expensive row.
            decimal? expected = rows.Select(row => row.Request?.EstimatedCost).Max();
            return Make(rows, terms, new CostEstimator(terms.Origin, listed, book?.Prices, expected), ledger, book) with
            {
                SpentThisMonth = spentThisMonth,
            };
        }
    }

    /// <summary>Plans <paramref name="rows"/> from what was read before.</summary>
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
            bool isRetaken = terms.RetryRejected && key is not null && SubmissionDecision.IsRejected(terms, book!, key, known);
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
                SubmissionDecision decision = SubmissionDecision.Of(terms, book, ledger, key, take, judged);
                // A take that was not accepted is not sent again if the user now wants fewer, unless it replaces rejected ones.
                if (take <= wanted || judged is not null || row.TakeCount is null || decision.Action != RowAction.Send
                    || SubmissionDecision.IsRejected(terms, book!, key!, take - 1))
                {
                    yield return (take, judged, decision, last > 1);
                }
            }
        }
    }

    /// <summary>
    /// Waits until the ledger shows of each run without a response whether it is alive or has ended, before its rows are submitted again.
    /// </summary>
    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        TimeProvider clock = client?.Options.Clock ?? TimeProvider.System;
        for (bool isFirst = true; ; isFirst = false)
        {
            int uncertain = await ledger
                .ReadAsync(book => book.Entries.Count(entry => !entry.IsAnswered && ledger.IsUncertain(entry.Run)))
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            if (uncertain == 0 || IsTrial)
            {
                return;
            }

            if (isFirst)
            {
                string rows = uncertain == 1 ? "a row" : uncertain.ToString("N0", CultureInfo.InvariantCulture) + " rows";
                Watching?.Invoke(
                    $"Waiting up to {BlobRunWatch.UntilQuiet.TotalMinutes:0} minutes to see whether the run that submitted {rows} without "
                        + "a recorded response has ended. Only then can they be submitted again.");
            }

            await Task.Delay(s_watchInterval, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<IReadOnlyList<ListedModel>?> ListAsync(CancellationToken cancellationToken)
    {
        if (client is null)
        {
            PricesMissing?.Invoke("Prices are not available without a connection. To see them, run Connect-ChuiziVideo first.");
            return null;
        }

        try
        {
            return await client.GetModelsAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ChuiziException exception) when (!exception.EndsTheRun || IsTrial)
        {
            PricesMissing?.Invoke($"Prices could not be retrieved from the API: {exception.Message}");
            return null;
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
