using Chuizi.Video.Client.Models;

namespace Chuizi.Video.Client.Rows;

/// <summary>The known inputs of a video while its command line is being typed.</summary>
internal sealed record TypedInput
{
    // The rules only check that there is an image or a video, so any address will do.
    private static readonly MediaSource s_image = MediaSource.Read("Image", "https://media.example/image.png", path => path);
    private static readonly MediaSource s_video = MediaSource.At(new Uri("https://media.example/video.mp4"));

    /// <summary>The model's name, or the default if none is specified; null if it is known only at run time.</summary>
    public string? Model { get; init; } = ModelCatalogue.DefaultModel;

    /// <summary>Whether a source image is specified.</summary>
    public bool HasImage { get; init; }

    /// <summary>Whether reference images are specified.</summary>
    public bool HasReferenceImage { get; init; }

    /// <summary>Whether a source video is specified.</summary>
    public bool HasSourceVideo { get; init; }

    /// <summary>The length in seconds; null if not specified.</summary>
    public int? Duration { get; init; }

    /// <summary>The aspect ratio, e.g. <c>16:9</c>; null if not specified.</summary>
    public string? AspectRatio { get; init; }

    /// <summary>The resolution, <c>720P</c> or <c>1080P</c>; null if not specified.</summary>
    public string? Resolution { get; init; }

    /// <summary>The request that would be sent for a model if nothing more were typed.</summary>
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
