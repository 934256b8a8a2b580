using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Models;

namespace Chuizi.Video.Client.Submitting;

/// <summary>
/// What a video will cost: by the API's price list where it has the model, else by what the ledger has seen at that origin for that model
/// and length, else by what the user expects, else, where the price is by the second and no length is given, what the model's longest
/// video costs (API contract, layer 1). Null is "unknown", which is not nothing.
/// </summary>
/// <param name="origin">The origin of the API.</param>
/// <param name="listed">The API's price list; null where it was not asked.</param>
/// <param name="seen">The costs seen; null where there is no ledger.</param>
public sealed class CostEstimator(string origin, IReadOnlyList<ListedModel>? listed, SeenPrices? seen)
{
    /// <summary>The expected cost in USD.</summary>
    /// <param name="model">The model.</param>
    /// <param name="duration">Seconds; null where the model's own length is asked for.</param>
    /// <param name="resolution">The resolution asked for.</param>
    /// <param name="given">What the user expects.</param>
    public decimal? Of(string model, int? duration, string? resolution, decimal? given) =>
        Listed(model, duration) ?? seen?.Find(origin, model, duration, resolution) ?? given ?? Listed(model, ModelCatalogue.Find(model)?.MaximumDuration);

    private decimal? Listed(string model, int? duration)
    {
        ListedModel? match = listed?.FirstOrDefault(entry =>
            entry.Name.Equals(model, StringComparison.OrdinalIgnoreCase) || entry.Aliases.Contains(model, StringComparer.OrdinalIgnoreCase));
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
