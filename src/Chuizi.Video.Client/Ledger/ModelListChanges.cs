using Chuizi.Video.Client.Models;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Ledger;

/// <summary>Compares the models that the API lists with those of the catalog and of the ledgers.</summary>
internal static class ModelListChanges
{
    /// <summary>Smaller differences come from rounded costs.</summary>
    private const decimal Tolerance = 0.01m;

    /// <summary>Parts of names that only video models have.</summary>
    private static readonly string[] s_videoNames = ["video", "t2v", "i2v", "r2v", "v2v"];

    /// <summary>
    /// <c>New</c>, <c>Gone</c>, or <c>Dearer</c> or <c>Cheaper</c> with the price before; null if nothing has changed, or nothing is known.
    /// </summary>
    /// <param name="model">The name of the model.</param>
    /// <param name="listed">The models that the API lists.</param>
    /// <param name="seen">The costs in the ledgers.</param>
    /// <param name="origin">The origin of the API.</param>
    public static string? Of(string model, IReadOnlyList<ListedModel> listed, SeenPrices seen, string origin)
    {
        bool isKnown = ModelCatalogue.Find(model) is not null;
        (int? Duration, decimal Cost)? last = seen.Last(origin, model);
        if (listed.FirstOrDefault(entry => entry.Is(model)) is not { } match)
        {
            // An API that lists no video models says nothing about them.
            return (isKnown || last is not null) && listed.Any(IsVideoModel) ? "Gone" : null;
        }

        if (last is not { } before)
        {
            return isKnown ? null : "New";
        }

        // A price or cost of 0 is probably a missing one. A cost for an unknown length does not show the price of a second.
        (decimal price, decimal cost) = match switch
        {
            _ when before.Cost == 0 => (0, 0),
            { Price: > 0 and { } amount, PriceUnit: "request" } => (amount, before.Cost),
            { Price: > 0 and { } amount, PriceUnit: "second" } when before.Duration is > 0 and { } seconds =>
                (amount, before.Cost / seconds),
            _ => (0, 0),
        };
        string? word = price > cost * (1 + Tolerance) ? "Dearer" : price < cost * (1 - Tolerance) ? "Cheaper" : null;
        return word is null ? null : $"{word} (was {DisplayText.Price(cost, match.PriceUnit)})";
    }

    /// <summary>The models of the catalog, and the other video models that the API lists or used to have, with what has changed.</summary>
    public static IReadOnlyList<VideoModel> Mark(IReadOnlyList<ListedModel> listed, SeenPrices seen, string origin)
    {
        List<VideoModel> models = [.. ModelCatalogue.Copy()];
        models.AddRange(listed
            .Where(entry => IsVideoModel(entry) || seen.Models(origin).Any(entry.Is))
            .Where(entry => !ModelCatalogue.All.Any(known => entry.Is(known.Name)))
            .Select(entry => new VideoModel { Name = TerminalText.OneLine(entry.Name), Provider = TerminalText.OneLine(entry.OwnedBy) }));
        models.AddRange(seen.Models(origin)
            .Where(name => ModelCatalogue.Find(name) is null && Of(name, listed, seen, origin) == "Gone")
            .Order(StringComparer.OrdinalIgnoreCase)
            .Select(name => new VideoModel { Name = name }));
        Join(models, listed);
        foreach (VideoModel model in models)
        {
            model.Change = Of(model.Name, listed, seen, origin);
        }

        return models;
    }

    /// <summary>Adds to <paramref name="models"/>, a caller's own copies, whether the API lists them and at what price.</summary>
    internal static void Join(IReadOnlyList<VideoModel> models, IReadOnlyList<ListedModel> listed)
    {
        foreach (VideoModel model in models)
        {
            ListedModel? match = listed.FirstOrDefault(entry => entry.Is(model.Name));
            model.Listed = match is not null;
            model.Price = match?.Price;
            model.PriceUnit = match?.PriceUnit;
        }
    }

    /// <summary>Whether a listed model generates videos, as far as the list shows it. Models of other kinds are in the list too.</summary>
    private static bool IsVideoModel(ListedModel entry) =>
        entry.PriceUnit == "second"
        || ModelCatalogue.All.Any(known => entry.Is(known.Name))
        || s_videoNames.Any(part => entry.Name.Contains(part, StringComparison.OrdinalIgnoreCase));
}
