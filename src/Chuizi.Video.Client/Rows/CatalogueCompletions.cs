using Chuizi.Video.Client.Models;

namespace Chuizi.Video.Client.Rows;

/// <summary>What tab completion offers to filter the catalog: names, providers and types.</summary>
internal static class CatalogueCompletions
{
    /// <summary>The names of models, in the catalog's order.</summary>
    /// <param name="isWanted">Whether to include a model.</param>
    public static IReadOnlyList<CompletionItem> Names(Func<VideoModel, bool> isWanted) =>
        [
            .. ModelCatalogue
                .All.Where(isWanted)
                .Select(model => new CompletionItem(model.Name, ParameterCompletions.Describe(model, new TypedInput()))),
        ];

    /// <summary>Providers, each with its models.</summary>
    /// <param name="isWanted">Whether to include a model.</param>
    public static IReadOnlyList<CompletionItem> Providers(Func<VideoModel, bool> isWanted) => Groups(model => model.Provider, isWanted);

    /// <summary>Model types, each with its models.</summary>
    /// <param name="isWanted">Whether to include a model.</param>
    public static IReadOnlyList<CompletionItem> Types(Func<VideoModel, bool> isWanted) => Groups(model => model.Type, isWanted);

    private static IReadOnlyList<CompletionItem> Groups(Func<VideoModel, string> key, Func<VideoModel, bool> isWanted) =>
    [
        .. ModelCatalogue.All.Where(isWanted).GroupBy(key).Select(group => new CompletionItem(
            group.Key,
            $"{(group.Count() == 1 ? "1 model" : $"{group.Count()} models")}: {string.Join(", ", group.Select(model => model.Name))}")),
    ];
}
