using Chuizi.Video.Client.Models;

namespace Chuizi.Video.Client.Rows;

/// <summary>What is known of a video's inputs while its line is being typed.</summary>
internal sealed record PartialInput
{
    // What it is does not matter to the rules, only that there is one.
    private static readonly ImageSource s_image = ImageSource.Read("Image", "https://media.example/image.png", path => path);
    private static readonly Uri s_video = new("https://media.example/video.mp4");

    /// <summary>The model's name, the default where none is given; null where only the run will tell.</summary>
    public string? Model { get; init; } = ModelCatalogue.DefaultModel;

    /// <summary>Whether a source image is given.</summary>
    public bool HasImage { get; init; }

    /// <summary>Whether reference images are given.</summary>
    public bool HasReferenceImage { get; init; }

    /// <summary>Whether a source video is given.</summary>
    public bool HasSourceVideo { get; init; }

    /// <summary>Seconds; null where none are given.</summary>
    public int? Duration { get; init; }

    /// <summary>E.g. <c>16:9</c>; null where none is given.</summary>
    public string? AspectRatio { get; init; }

    /// <summary><c>720P</c> or <c>1080P</c>; null where none is given.</summary>
    public string? Resolution { get; init; }

    /// <summary>The request that would be sent to a model if nothing more were typed.</summary>
    internal VideoRequest ToRequest(VideoModel model) => new()
    {
        Model = model.Name,
        Prompt = "",
        Duration = Duration,
        Image = HasImage ? s_image : null,
        ReferenceImages = HasReferenceImage ? [s_image] : [],
        SourceVideo = HasSourceVideo ? s_video : null,
        AspectRatio = AspectRatio,
        Resolution = Resolution,
    };
}
