using System.Globalization;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Models;
using Chuizi.Video.Client.Rows;

namespace Chuizi.Video.Client.Submitting;

/// <summary>
/// What a video is expected to cost: by the API's price list where it has the model, else by what the ledger has seen at that origin for
/// that model and length, else by what the user expects, else, where the price is per second and no length is given, what the model's
/// longest video costs (API contract, layer 1). Null means unknown, which is not free.
/// </summary>
/// <param name="origin">The origin of the API.</param>
/// <param name="listed">The API's price list; null where it was not requested.</param>
/// <param name="seen">The costs seen; null where there is no ledger.</param>
/// <param name="expected">What the user expects a submission to cost that the ledger has without a price, in USD.</param>
internal sealed class CostEstimator(string origin, IReadOnlyList<ListedModel>? listed, SeenPrices? seen, decimal? expected = null)
{
    /// <summary>The name of a model and length in a sentence.</summary>
    public static string Describe(string model, int? duration) => duration is { } seconds
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds} s of {model}")
        : $"{model} without a length";

    /// <summary>The expected cost in USD.</summary>
    /// <param name="model">The model.</param>
    /// <param name="duration">Seconds; null for the model's own length.</param>
    /// <param name="resolution">The resolution.</param>
    /// <param name="given">What the user expects.</param>
    public decimal? Of(string model, int? duration, string? resolution, decimal? given) =>
        Listed(model, duration)
        ?? seen?.Find(origin, model, duration, resolution)
        ?? given
        ?? Listed(model, ModelCatalogue.Find(model)?.MaximumDuration);

    /// <summary>The expected cost of a request, in USD.</summary>
    public decimal? Of(VideoRequest request) => Of(request.Model, request.Duration, request.Resolution, request.EstimatedCost);

    /// <summary>The expected cost of a submission that the ledger has without a cost, in USD.</summary>
    public decimal? Of(LedgerEntry entry) => Of(entry.Model ?? "", entry.Duration, entry.Resolution, expected);

    /// <summary>What counts as spent, in USD, with the expected costs where the actual ones are unknown.</summary>
    public decimal Total(SpentMoney spent) => spent.Total(Of);

    /// <summary>Says which submissions have an unknown cost, a sentence for each model and length.</summary>
    public IEnumerable<string> DescribeUnpriced(SpentMoney spent) => spent.Unpriced
        .Where(entry => Of(entry) is null)
        .GroupBy(entry => Describe(entry.Model ?? "an unnamed model", entry.Duration))
        .Select(group => string.Create(
            CultureInfo.InvariantCulture, $"The ledger has {group.Count()} of {group.Key}, whose cost is unknown."));

    private decimal? Listed(string model, int? duration)
    {
        ListedModel? match = listed?.FirstOrDefault(entry =>
            entry.Name.Equals(model, StringComparison.OrdinalIgnoreCase) || entry.Aliases.Contains(model, StringComparer.OrdinalIgnoreCase)
        );
        return match?.PriceUnit switch
        {
            // A price of nothing is rather one that is not filled in: a ceiling would let everything through.
            _ when match is null or { Price: 0 } => null,
            "request" => match.Price,
            "second" => match.Price * duration,
            _ => null,
        };
    }
}
