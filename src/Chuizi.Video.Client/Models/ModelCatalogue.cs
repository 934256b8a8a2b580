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

    /// <summary>The model with this name, ignoring case and with or without the provider's prefix; null if not found.</summary>
    public static VideoModel? Find(string name) =>
        Array.Find(
            s_models.Value,
            model =>
                model.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
                || VideoFormat.ShortModel(model.Name).Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The known name closest to <paramref name="name"/>, for "did you mean".</summary>
    public static string Closest(string name) => ClosestName.Of(name, All.Select(model => model.Name))!;

    /// <summary>Adds to <paramref name="models"/>, a caller's own copies, whether the API lists them and at what price.</summary>
    public static void Join(IReadOnlyList<VideoModel> models, IReadOnlyList<ListedModel> listed)
    {
        foreach (VideoModel model in models)
        {
            ListedModel? match = listed.FirstOrDefault(entry =>
                entry.Name.Equals(model.Name, StringComparison.OrdinalIgnoreCase)
                || entry.Aliases.Contains(model.Name, StringComparer.OrdinalIgnoreCase));
            model.Listed = match is not null;
            model.Price = match?.Price;
            model.PriceUnit = match?.PriceUnit;
        }
    }

    private static VideoModel[] Load()
    {
        using Stream data = typeof(ModelCatalogue).Assembly.GetManifestResourceStream("models.json")
            ?? throw new InvalidOperationException("The model catalog is not in the assembly.");
        return JsonSerializer.Deserialize(data, ModelJsonContext.Default.VideoModelArray)!;
    }
}
