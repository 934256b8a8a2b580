namespace Chuizi.Video;

/// <summary>
/// A video model: what it generates, what it requires and what its provider advises. Sources: the API contract, layer 1 (name, provider,
/// type, maximum length, required inputs: violations are errors) and layer 3 (everything called advice: violations are warnings). Price
/// and listing come from <c>GET /v1/models</c> (layer 2); a model that is not in the catalog has little else.
/// </summary>
public sealed class VideoModel
{
    /// <summary>The name sent as <c>model</c>, e.g. <c>google/veo-3.1-lite</c>.</summary>
    public string Name { get; set; } = "";

    /// <summary>The company that runs the model, e.g. <c>Google Vertex</c>.</summary>
    public string Provider { get; set; } = "";

    /// <summary>One of <c>text-to-video</c>, <c>image-to-video</c>, <c>reference-to-video</c>, <c>video-edit</c>.</summary>
    public string Type { get; set; } = "";

    /// <summary>The longest video, in seconds (layer 1: a longer one is an error).</summary>
    public int? MaximumDuration { get; set; }

    /// <summary>Advice: the shortest video, in seconds.</summary>
    public int? MinimumDuration { get; set; }

    /// <summary>Advice: the only lengths the provider lists, in seconds; empty if any length within the bounds is allowed.</summary>
    public int[] Durations { get; set; } = [];

    /// <summary>Whether a source image is required (layer 1).</summary>
    public bool RequiresImage { get; set; }

    /// <summary>Whether a source video is required (layer 1).</summary>
    public bool RequiresSourceVideo { get; set; }

    /// <summary>The minimum number of reference images (layer 1).</summary>
    public int MinimumReferenceImages { get; set; }

    /// <summary>The maximum number of reference images (layer 1); 0 if the model does not accept any.</summary>
    public int MaximumReferenceImages { get; set; }

    /// <summary>Advice: the resolutions the provider lists.</summary>
    public string[] Resolutions { get; set; } = [];

    /// <summary>Advice: the aspect ratios the provider lists; empty if it lists none or the ratio follows the input.</summary>
    public string[] AspectRatios { get; set; } = [];

    /// <summary>Advice: the longest prompt, in characters.</summary>
    public int? MaximumPromptLength { get; set; }

    /// <summary>Advice: the smallest side of a source image, in pixels.</summary>
    public int? MinimumImageSide { get; set; }

    /// <summary>Advice: the largest side of a source image, in pixels.</summary>
    public int? MaximumImageSide { get; set; }

    /// <summary>How long the provider says the generation of a video usually takes, in seconds; null if it does not say.</summary>
    public int? GenerationTime { get; set; }

    /// <summary>Other useful information.</summary>
    public string? Note { get; set; }

    /// <summary>The price in USD per <see cref="PriceUnit"/>, from <c>GET /v1/models</c>; null if the API does not list one.</summary>
    public decimal? Price { get; set; }

    /// <summary>The unit of <see cref="Price"/>: <c>request</c>, <c>second</c> or <c>token</c>.</summary>
    public string? PriceUnit { get; set; }

    /// <summary>Whether <c>GET /v1/models</c> lists the model; null if the API was not asked.</summary>
    public bool? Listed { get; set; }

    /// <summary>
    /// What is different from what the catalog and the ledgers of this machine have seen: <c>New</c>, <c>Gone</c>, <c>Dearer</c> or
    /// <c>Cheaper</c>, the last two with the price before. Null if nothing is, or if the API was not asked.
    /// </summary>
    public string? Change { get; set; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
