namespace Chuizi.Video;

/// <summary>
/// A video model of the catalogue: what it makes, what it requires and what its provider advises.
/// Sources: the API contract, layer 1 (name, provider, type, maximum length, required inputs: errors when broken)
/// and layer 3 (everything called advice: warnings when ignored).
/// </summary>
public sealed class VideoModel
{
    /// <summary>The name sent as <c>model</c>, e.g. <c>google/veo-3.1-lite</c>.</summary>
    public string Name { get; set; } = "";

    /// <summary>Who runs the model, e.g. <c>Google Vertex</c>.</summary>
    public string Provider { get; set; } = "";

    /// <summary>One of <c>text-to-video</c>, <c>image-to-video</c>, <c>reference-to-video</c>, <c>video-edit</c>.</summary>
    public string Type { get; set; } = "";

    /// <summary>The longest video, in seconds (layer 1: a longer request is an error).</summary>
    public int? MaximumDuration { get; set; }

    /// <summary>Advice: the shortest video the provider makes, in seconds.</summary>
    public int? MinimumDuration { get; set; }

    /// <summary>Advice: the only lengths the provider lists, in seconds; empty where any length within the bounds will do.</summary>
    public int[] Durations { get; set; } = [];

    /// <summary>Whether a source image must be given (layer 1).</summary>
    public bool RequiresImage { get; set; }

    /// <summary>Whether a source video must be given (layer 1).</summary>
    public bool RequiresSourceVideo { get; set; }

    /// <summary>The fewest reference images (layer 1).</summary>
    public int MinimumReferenceImages { get; set; }

    /// <summary>The most reference images (layer 1); 0 where the model takes none.</summary>
    public int MaximumReferenceImages { get; set; }

    /// <summary>Advice: the resolutions the provider lists.</summary>
    public string[] Resolutions { get; set; } = [];

    /// <summary>Advice: the aspect ratios the provider lists; empty where none are stated or the ratio follows the input.</summary>
    public string[] AspectRatios { get; set; } = [];

    /// <summary>Advice: the longest prompt, in characters.</summary>
    public int? MaximumPromptLength { get; set; }

    /// <summary>Advice: the smallest side of a source image, in pixels.</summary>
    public int? MinimumImageSide { get; set; }

    /// <summary>Advice: the largest side of a source image, in pixels.</summary>
    public int? MaximumImageSide { get; set; }

    /// <summary>What else to know.</summary>
    public string? Note { get; set; }

    /// <summary>
    /// The price in USD per <see cref="PriceUnit"/>, where the API gives one (<c>GET /v1/models</c>); null where it does not.
    /// </summary>
    public decimal? Price { get; set; }

    /// <summary>What <see cref="Price"/> is for: <c>request</c>, <c>second</c> or <c>token</c>.</summary>
    public string? PriceUnit { get; set; }

    /// <summary>Whether <c>GET /v1/models</c> lists the model; null when it was not asked.</summary>
    public bool? Listed { get; set; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
