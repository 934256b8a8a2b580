using System.Text.Json;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Models;

/// <summary>The models of the API contract (layers 1 and 3), embedded as data.</summary>
internal static class ModelCatalogue
{
    /// <summary>The model for a text if none is specified: the cheapest one.</summary>
    public const string DefaultModel = "google/veo-3.1-lite";

    /// <summary>The model that is used if none is specified, by the kind of work.</summary>
    /// <param name="hasImage">Whether there is a source image.</param>
    /// <param name="hasReferences">Whether there are reference images.</param>
    /// <param name="hasSourceVideo">Whether there is a source video.</param>
    public static string DefaultFor(bool hasImage, bool hasReferences, bool hasSourceVideo) =>
        hasSourceVideo ? "bailian/happyhorse-1.0-video-edit"
        : hasReferences ? "bailian/happyhorse-1.0-r2v"
        : hasImage ? "bailian/wan2.6-i2v"
        : DefaultModel;

    private static readonly Lazy<VideoModel[]> s_models = new(Load);

    /// <summary>New copies of all models, in the contract's order, to which the caller may add prices.</summary>
    public static IReadOnlyList<VideoModel> Copy() => Load();

    /// <summary>All models, in the contract's order. They are shared, so do not change them.</summary>
    public static IReadOnlyList<VideoModel> All => s_models.Value;

    private static readonly Lazy<Dictionary<string, VideoModel>> s_byKey = new(() => All
        .SelectMany(model => new[] { (KeyOf(model.Name), model), (KeyOf(DisplayText.ShortModel(model.Name)), model) })
        .ToDictionary(pair => pair.Item1, pair => pair.model, StringComparer.Ordinal));

    /// <summary>
    /// The model with this name, with or without the provider's prefix and however it is spelled (<c>Veo 3.1 Fast</c>); null if not found.
    /// </summary>
    public static VideoModel? Find(string name) => s_byKey.Value.GetValueOrDefault(KeyOf(name));

    /// <summary>
    /// A sentence, with a space before it, that names the models which a text that is not a model's name may mean: those whose names
    /// contain it, otherwise the nearest. Empty if no name is near.
    /// </summary>
    public static string Suggest(string name)
    {
        const int MostNamed = 6;
        const int ShortestPart = 2;
        const int LettersPerEdit = 5;
        string key = KeyOf(name);
        VideoModel[] like = key.Length < ShortestPart
            ? []
            : [.. All.Where(model => KeyOf(model.Name).Contains(key, StringComparison.Ordinal))];
        if (like.Length > 1)
        {
            string more = like.Length > MostNamed ? $" and {like.Length - MostNamed} more" : "";
            return $" Models with this in their names: {string.Join(", ", like.Take(MostNamed).Select(model => model.Name))}{more}.";
        }

        int edits = Math.Max(1, name.Length / LettersPerEdit);
        string? near = like.Length == 1 ? like[0].Name
            : Find(DisplayText.ShortModel(name)) is { } otherProvider ? otherProvider.Name
            : ClosestName.Of(name, All.SelectMany(model => new[] { model.Name, DisplayText.ShortModel(model.Name) }), edits);
        return near is null ? "" : $" Did you mean '{Find(near)!.Name}'?";
    }

    private static string KeyOf(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToUpperInvariant();

    private static VideoModel[] Load()
    {
        using Stream data = typeof(ModelCatalogue).Assembly.GetManifestResourceStream("models.json")
            ?? throw new InvalidOperationException("The model catalog is not in the assembly.");
        return JsonSerializer.Deserialize(data, ModelJsonContext.Default.VideoModelArray)!;
    }
}
