using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Models;
using Chuizi.Video.Client.Rows;

namespace Chuizi.Video.Client.Submitting;

/// <summary>Reads what the decisions about a list need, the ledger and the API's price list, and plans.</summary>
/// <param name="client">The client; null where nothing will be sent and there is no connection.</param>
/// <param name="ledger">The ledger.</param>
internal sealed class SubmissionPlanner(ChuiziClient? client, VideoLedger ledger)
{
    /// <summary>Whether costs are shown, and so asked for, without a ceiling too.</summary>
    public bool ShowsCosts { get; init; }

    /// <summary>Whether nothing will be sent, so that an account that cannot be used is no reason to end.</summary>
    public bool IsTrial { get; init; }

    /// <summary>Told why prices may be missing, on whatever thread.</summary>
    public Action<string>? PricesMissing { get; init; }

    /// <summary>Plans <paramref name="rows"/>.</summary>
    /// <param name="rows">The rows, checked.</param>
    /// <param name="terms">What the user asked for.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ChuiziException">LedgerUnavailable or InvalidLedger; what ends the run, where prices are requested.</exception>
    public async Task<SubmissionPlan> PlanAsync(IReadOnlyList<CheckedRow> rows, SubmissionTerms terms, CancellationToken cancellationToken)
    {
        bool countsMoney = terms.MaxCost is not null || ShowsCosts;
        IReadOnlyList<ListedModel>? listed = countsMoney ? await ListAsync(cancellationToken).ConfigureAwait(false) : null;
        if (!terms.Deduplicates && !countsMoney)
        {
            return Plan(null);
        }

        // A call that was stopped in this process may have requests under way; once they are answered, their rows are known.
        string?[] runs = await ReadAsync(book =>
                book.Entries.Where(entry => !entry.IsAnswered).Select(entry => entry.Run).Distinct().ToArray())
            .ConfigureAwait(false);
        await Task.WhenAll(runs.Select(LedgerRun.EndOf)).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (terms.Deduplicates)
        {
            // Before the ledger is read, since another run of this process may have ids to write meanwhile.
            await Task.Run(() => RowKey.Prepare(rows.Select(row => row.Request), cancellationToken), cancellationToken)
                .ConfigureAwait(false);
        }

        return await ReadAsync(Plan).ConfigureAwait(false);

        Task<T> ReadAsync<T>(Func<LedgerBook, T> read) => ledger.ReadAsync(read).WaitAsync(cancellationToken);

        SubmissionPlan Plan(LedgerBook? book)
        {
            // What the ledger has at an unknown price counts as the most expensive row.
            decimal? expected = rows.Select(row => row.Request?.EstimatedCost).Max();
            return SubmissionPlan.Make(rows, terms, new CostEstimator(terms.Origin, listed, book?.Prices, expected), ledger.Path, book);
        }
    }

    private async Task<IReadOnlyList<ListedModel>?> ListAsync(CancellationToken cancellationToken)
    {
        if (client is null)
        {
            PricesMissing?.Invoke("There is no connection, so that the API's prices are not known. Connect first, and they are.");
            return null;
        }

        try
        {
            return await client.GetModelsAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ChuiziException exception) when (!exception.EndsTheRun || IsTrial)
        {
            PricesMissing?.Invoke($"The API's prices could not be asked for: {exception.Message}");
            return null;
        }
    }
}
