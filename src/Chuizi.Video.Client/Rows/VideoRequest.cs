using System.Collections.ObjectModel;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Rows;

/// <summary>A validated submission, ready to send (fields: API contract, layer 1).</summary>
internal sealed record VideoRequest
{
    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>The prompt.</summary>
    public required string Prompt { get; init; }

    /// <summary>The length in seconds.</summary>
    public int? Duration { get; init; }

    /// <summary>The source image.</summary>
    public MediaSource? Image { get; init; }

    /// <summary>The reference images, in the order in which the prompt refers to them.</summary>
    public IReadOnlyList<MediaSource> ReferenceImages { get; init; } = [];

    /// <summary>The source video.</summary>
    public MediaSource? SourceVideo { get; init; }

    /// <summary>The aspect ratio, e.g. <c>16:9</c>.</summary>
    public string? AspectRatio { get; init; }

    /// <summary>The resolution, <c>720P</c> or <c>1080P</c>.</summary>
    public string? Resolution { get; init; }

    /// <summary>Whether the provider adds its watermark.</summary>
    public bool? Watermark { get; init; }

    /// <summary>Extra body fields, sent unchanged.</summary>
    public IReadOnlyDictionary<string, object?> Parameters { get; init; } = ReadOnlyDictionary<string, object?>.Empty;

    /// <summary>The file name from the row; not sent, but recorded in the ledger.</summary>
    public string? FileName { get; init; }

    /// <summary>The user's estimate of the cost in USD; not sent.</summary>
    public decimal? EstimatedCost { get; init; }

    /// <summary>Whether it has no media, watermark setting or extra fields, so that the properties of a video hold all of it.</summary>
    internal bool IsTextOnly =>
        Image is null && ReferenceImages.Count == 0 && SourceVideo is null && Watermark is null && Parameters.Count == 0;

    /// <summary>All images: the source image and the reference images.</summary>
    internal IEnumerable<MediaSource> Images => Image is { } image ? ReferenceImages.Prepend(image) : ReferenceImages;

    /// <summary>The local files among the images and the source video.</summary>
    internal IEnumerable<MediaSource> LocalFiles =>
        (SourceVideo is { } video ? Images.Append(video) : Images).Where(source => source.IsFile);

    /// <summary>The request of a take, with the <see cref="TakeSeed"/> of that take.</summary>
    /// <param name="take">The number of the take, from 1.</param>
    internal VideoRequest ForTake(int take) =>
        take == 1 || Seed is null ? this : this with { Parameters = TakeSeed.Raise(Parameters, take - 1) };

    /// <summary>The fixed seed in the extra fields; null without one.</summary>
    internal long? Seed => TakeSeed.Find(Parameters);

    /// <summary>The same request with each local file replaced by the address at which it was published.</summary>
    /// <param name="addresses">The address of each file, by path.</param>
    internal VideoRequest WithPublished(IReadOnlyDictionary<string, Uri> addresses)
    {
        return this with
        {
            Image = Image is null ? null : Of(Image),
            ReferenceImages = [.. ReferenceImages.Select(Of)],
            SourceVideo = SourceVideo is null ? null : Of(SourceVideo),
        };

        MediaSource Of(MediaSource source) => source.IsFile ? MediaSource.At(addresses[source.Value]) : source;
    }

    /// <summary>Creates a video with this request's inputs, as not submitted.</summary>
    public Video ToVideo(object? input) => new()
    {
        Status = VideoStatus.Skipped,
        Model = Model,
        Prompt = Prompt,
        Duration = Duration,
        AspectRatio = AspectRatio,
        Resolution = Resolution,
        // A signature gives access to the file, so it is not in the object; the input row has it.
        Image = Shown(Image),
        ReferenceImage = ReferenceImages.Count > 0 ? [.. ReferenceImages.Select(image => Shown(image)!)] : null,
        SourceVideo = Shown(SourceVideo),
        Watermark = Watermark,
        FileName = FileName,
        Input = input,
    };

    private static string? Shown(MediaSource? source) => source is null ? null : SecretRedactor.Mask(source.ToString());
}
