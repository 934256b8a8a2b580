namespace Chuizi.Video.Client.Rows;

/// <summary>
/// A user's unconverted input for one video: strings, numbers or other values of a row. Null, blank text and DBNull mean not specified.
/// </summary>
internal sealed record RowInput
{
    private static readonly HashSet<string> s_images = new(
        [".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp"], StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> s_videos = new(
        [".mp4", ".m4v", ".mov", ".webm", ".mkv", ".avi"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The row's number, from 1; null if there is only one prompt.</summary>
    public int? Row { get; init; }

    /// <summary>Text.</summary>
    public object? Prompt { get; init; }

    /// <summary>A model's name.</summary>
    public object? Model { get; init; }

    /// <summary>Whole seconds.</summary>
    public object? Duration { get; init; }

    /// <summary>A URL, a data URL or a local file.</summary>
    public object? Image { get; init; }

    /// <summary>Several images: a list, or one text separated by semicolons.</summary>
    public object? ReferenceImage { get; init; }

    /// <summary>A URL.</summary>
    public object? SourceVideo { get; init; }

    /// <summary>For example 16:9.</summary>
    public object? AspectRatio { get; init; }

    /// <summary>720P or 1080P.</summary>
    public object? Resolution { get; init; }

    /// <summary>True or false.</summary>
    public object? Watermark { get; init; }

    /// <summary>A dictionary of extra body fields.</summary>
    public object? Parameter { get; init; }

    /// <summary>USD; not sent.</summary>
    public object? EstimatedCost { get; init; }

    /// <summary>The name for the saved file; not sent.</summary>
    public object? FileName { get; init; }

    /// <summary>How many videos to make of the row; not sent.</summary>
    public object? TakeCount { get; init; }

    /// <summary>A piped image or video, by path or URL: it goes into the column that the model takes it in.</summary>
    public string? File { get; init; }

    /// <summary>The model that tells this row from the others of the same input; null if the input is one row.</summary>
    public string? Variant { get; init; }

    /// <summary>The columns of a row that has no prompt, for the error message.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Whether a file is an image or a video by its extension.</summary>
    public static bool IsMedium(string path) =>
        s_images.Contains(Path.GetExtension(path)) || s_videos.Contains(Path.GetExtension(path));

    /// <summary>This input once with each prompt and each model.</summary>
    /// <param name="prompts">The prompts; empty to keep this one.</param>
    /// <param name="models">The models; empty to keep this one.</param>
    public IEnumerable<RowInput> Times(IReadOnlyList<object?> prompts, IReadOnlyList<string> models) =>
        from prompt in prompts.Count > 0 ? prompts : [Prompt]
        from model in models.DefaultIfEmpty<string?>(null)
        select model is null
            ? this with { Prompt = prompt }
            : this with { Prompt = prompt, Model = model, Variant = models.Count > 1 ? DisplayText.ShortModel(model) : null };

    /// <summary>
    /// This input with its file in a column: a video is the source video; an image is a reference image if the model takes only those.
    /// </summary>
    /// <param name="model">The model that the user named; null for the default or one that is not in the catalog.</param>
    public RowInput WithFilePlaced(VideoModel? model)
    {
        if (File is null)
        {
            return this;
        }

        // A path on Unix is an absolute URI as well.
        string path = Uri.TryCreate(File, UriKind.Absolute, out Uri? url) && !url.IsFile ? Uri.UnescapeDataString(url.AbsolutePath) : File;
        RowInput named = FileName is null ? this with { FileName = Path.GetFileNameWithoutExtension(path) } : this;
        return s_videos.Contains(Path.GetExtension(path)) ? named with { SourceVideo = File }
            : model is { RequiresImage: false, MaximumReferenceImages: > 0 } ? named with { ReferenceImage = new[] { File } }
            : named with { Image = File };
    }
}
