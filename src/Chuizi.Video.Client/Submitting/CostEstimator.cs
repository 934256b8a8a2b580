using System.Globalization;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Models;
using Chuizi.Video.Client.Rows;

namespace Chuizi.Video.Client.Submitting;

/// <summary>
/// Estimates the cost of a video. Sources, in order: the API's price list; the cost that the ledger has seen at this origin for the same
/// model and length, of the same resolution if it has one; the user's estimate; and, if the price is per second and no length is specified,
/// the cost of the model's longest video (API contract, layer 1). Null means unknown, not free.
/// </summary>
/// <param name="origin">The origin of the API.</param>
/// <param name="listed">The API's price list; null if it was not requested.</param>
/// <param name="seen">The costs seen; null without a ledger.</param>
/// <param name="expected">The user's estimate, in USD, for submissions that the ledger records without a cost.</param>
internal sealed class CostEstimator(string origin, IReadOnlyList<ListedModel>? listed, SeenPrices? seen, decimal? expected = null)
{
    /// <summary>Describes a model and length for a sentence.</summary>
    public static string Describe(string model, int? duration) => duration is { } seconds
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds} s of {model}")
        : $"{model} without a duration";

    /// <summary>The estimated cost.</summary>
    /// <param name="model">The model.</param>
    /// <param name="duration">The length in seconds; null for the model's default.</param>
    /// <param name="resolution">The resolution.</param>
    /// <param name="given">The user's estimate.</param>
    public CostEstimate? Of(string model, int? duration, string? resolution, decimal? given) =>
        Estimate(Listed(model, duration), CostEstimate.Listed)
        ?? Estimate(seen?.Find(origin, model, duration, resolution), CostEstimate.Seen)
        ?? Estimate(given, CostEstimate.Stated)
        ?? Estimate(Listed(model, ModelCatalogue.Find(model)?.MaximumDuration), CostEstimate.Listed, isAtMost: true);

    /// <summary>The estimated cost of a request.</summary>
    public CostEstimate? Of(VideoRequest request) => Of(request.Model, request.Duration, request.Resolution, request.EstimatedCost);

    /// <summary>The estimated cost of a submission that the ledger records without a cost, in USD.</summary>
    public decimal? Of(LedgerEntry entry) =>
        entry.Model is { } model ? Of(model, entry.Duration, entry.Resolution, expected)?.Amount : expected;

    /// <summary>What has changed about a model since the ledger last saw it, as a sentence; null if nothing is known.</summary>
    public string? DescribeChange(string model) => listed is null ? null : ModelListChanges.Of(model, listed, seen ?? new(), origin) switch
    {
        null => null,
        "New" => $"The model {model} is new: neither the catalog nor the ledger has it.",
        "Gone" => $"The API no longer lists the model {model}.",
        { } change => $"The price of {model} has changed: {change}.",
    };

    /// <summary>The money spent, in USD, with estimates for unknown costs.</summary>
    public decimal Total(SpentMoney spent) => spent.Total(Of);

    /// <summary>Describes the submissions whose cost is unknown, one sentence per model and length.</summary>
    public IEnumerable<string> DescribeUnpriced(SpentMoney spent) => spent.Unpriced
        .Where(entry => Of(entry) is null)
        .GroupBy(entry => Describe(entry.Model ?? "an unknown model", entry.Duration))
        .Select(group => $"The cost of {DisplayText.Count(group.Count(), "video")} in the ledger is unknown: {group.Key}. "
            + "Specify -EstimatedCost.");

    private static CostEstimate? Estimate(decimal? amount, string source, bool isAtMost = false) =>
        amount is null ? null : new CostEstimate(amount.Value, isAtMost, source);

    private decimal? Listed(string model, int? duration)
    {
        ListedModel? match = listed?.FirstOrDefault(entry => entry.Is(model));
        return match?.PriceUnit switch
        {
            // A listed price of 0 is probably a missing one. Accepting it would make the spending limit useless.
            _ when match is null or { Price: 0 } => null,
            "request" => match.Price,
            "second" => match.Price * duration,
            _ => null,
        };
    }
}
