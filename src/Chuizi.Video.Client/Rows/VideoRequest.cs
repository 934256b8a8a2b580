namespace Chuizi.Video.Client.Rows;

/// <summary>A checked submission, ready to send (fields: API contract, layer 1).</summary>
internal sealed class VideoRequest
{
    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>What the video shows.</summary>
    public required string Prompt { get; init; }

    /// <summary>The length in seconds.</summary>
    public int? Duration { get; init; }

    /// <summary>The source image.</summary>
    public ImageSource? Image { get; init; }

    /// <summary>The reference images, in the order in which the prompt names them.</summary>
    public IReadOnlyList<ImageSource> ReferenceImages { get; init; } = [];

    /// <summary>The address of the source video.</summary>
    public Uri? SourceVideo { get; init; }

    /// <summary>E.g. <c>16:9</c>.</summary>
    public string? AspectRatio { get; init; }

    /// <summary><c>720P</c> or <c>1080P</c>.</summary>
    public string? Resolution { get; init; }

    /// <summary>Whether the provider's watermark is drawn.</summary>
    public bool? Watermark { get; init; }

    /// <summary>Extra body fields, sent as they are.</summary>
    public IReadOnlyDictionary<string, object?> Parameters { get; init; } = new Dictionary<string, object?>();

    /// <summary>The file name that the row asks for; not sent, but kept in the ledger.</summary>
    public string? FileName { get; init; }

    /// <summary>What it will cost in USD, as the user expects; not sent.</summary>
    public decimal? EstimatedCost { get; init; }

    /// <summary>All its images.</summary>
    internal IEnumerable<ImageSource> Images => Image is { } image ? ReferenceImages.Prepend(image) : ReferenceImages;

    /// <summary>A new video with this request's inputs; it has not been sent.</summary>
    public Video ToVideo(object? input) => new()
    {
        Status = VideoStatus.Skipped,
        Model = Model,
        Prompt = Prompt,
        Duration = Duration,
        AspectRatio = AspectRatio,
        Resolution = Resolution,
        Image = Image?.ToString(),
        ReferenceImage = ReferenceImages.Count > 0 ? [.. ReferenceImages.Select(image => image.ToString())] : null,
        SourceVideo = SourceVideo?.AbsoluteUri,
        Input = input,
    };
}
