using Chuizi.Video.Client.Models;

namespace Chuizi.Video.Client.Rows;

/// <summary>The names, providers and types with which the catalog can be filtered.</summary>
internal static class CatalogueSuggestions
{
    /// <summary>The names of models, in the catalog's order.</summary>
    /// <param name="isWanted">Whether to include a model.</param>
    public static IReadOnlyList<Suggestion> Names(Func<VideoModel, bool> isWanted) =>
        [
            .. ModelCatalogue
                .All.Where(isWanted)
                .Select(model => new Suggestion(model.Name, ModelSuggestions.Describe(model, new PartialInput()))),
        ];

    /// <summary>Providers, each with its models.</summary>
    /// <param name="isWanted">Whether to include a model.</param>
    public static IReadOnlyList<Suggestion> Providers(Func<VideoModel, bool> isWanted) => Groups(model => model.Provider, isWanted);

    /// <summary>Model types, each with its models.</summary>
    /// <param name="isWanted">Whether to include a model.</param>
    public static IReadOnlyList<Suggestion> Types(Func<VideoModel, bool> isWanted) => Groups(model => model.Type, isWanted);

    private static IReadOnlyList<Suggestion> Groups(Func<VideoModel, string> key, Func<VideoModel, bool> isWanted) =>
    [
        .. ModelCatalogue.All.Where(isWanted).GroupBy(key).Select(group => new Suggestion(
            group.Key,
            $"{(group.Count() == 1 ? "1 model" : $"{group.Count()} models")}: {string.Join(", ", group.Select(model => model.Name))}")),
    ];
}
