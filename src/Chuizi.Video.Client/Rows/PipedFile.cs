namespace Chuizi.Video.Client.Rows;

/// <summary>An image or a video that was piped in place of a row. Its extension and the model decide into which column it goes.</summary>
internal static class PipedFile
{
    private static readonly HashSet<string> s_images = new(
        [".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp"], StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> s_videos = new(
        [".mp4", ".m4v", ".mov", ".webm", ".mkv", ".avi"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a file is an image or a video by its extension.</summary>
    public static bool IsMedium(string path) =>
        s_images.Contains(Path.GetExtension(path)) || s_videos.Contains(Path.GetExtension(path));

    /// <summary>
    /// The input with its file in a column: a video is the source video; an image is a reference image if the model takes only those. The
    /// file also names the video, unless the row does.
    /// </summary>
    /// <param name="input">The input.</param>
    /// <param name="model">The model that the user named; null for the default or one that is not in the catalog.</param>
    public static RowInput Place(RowInput input, VideoModel? model)
    {
        if (input.File is not { } file)
        {
            return input;
        }

        // A path on Unix is an absolute URI as well.
        string path = Uri.TryCreate(file, UriKind.Absolute, out Uri? url) && !url.IsFile ? Uri.UnescapeDataString(url.AbsolutePath) : file;
        RowInput named = input.FileName is null ? input with { FileName = Path.GetFileNameWithoutExtension(path) } : input;
        return s_videos.Contains(Path.GetExtension(path)) ? named with { SourceVideo = file }
            : model is { RequiresImage: false, MaximumReferenceImages: > 0 } ? named with { ReferenceImage = new[] { file } }
            : named with { Image = file };
    }
}
