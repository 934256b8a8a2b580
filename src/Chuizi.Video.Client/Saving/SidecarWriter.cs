using System.Collections;
using System.Collections.Concurrent;
using System.Text.Json;
using Chuizi.Video.Client.Files;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Saving;

/// <summary>Writes sidecars next to videos.</summary>
/// <param name="overwrite">Whether to replace an existing file that is not the video's sidecar.</param>
internal sealed class SidecarWriter(bool overwrite)
{
    private readonly ConcurrentDictionary<string, bool> _swept = new(PathComparer.Instance);

    /// <summary>Writes the sidecar of a video, unless it is up to date.</summary>
    /// <param name="video">The video.</param>
    /// <param name="origin">The origin of the API that has the job.</param>
    /// <param name="columns">The row that the video came from, with values that JSON can represent.</param>
    /// <param name="file">The complete video file.</param>
    /// <param name="saved">When the file was completed, UTC.</param>
    /// <exception cref="ChuiziException">FileExists, CannotWrite or DiskFull.</exception>
    public void Write(Video video, string? origin, IDictionary columns, DownloadedFile file, DateTime saved)
    {
        string path = Sidecar.PathOf(file.Path);
        string folder = Path.GetDirectoryName(path)!;
        if (_swept.TryAdd(folder, true))
        {
            AbandonedFiles.Delete(folder, Sidecar.PathOf("*.mp4"));
        }

        Sidecar? existing = Sidecar.Read(path) is { } read && read.Id == video.Id ? read : null;
        if (existing?.Sha256 == file.Sha256 && existing.File == Path.GetFileName(file.Path))
        {
            return;
        }

        existing = existing?.CanBeWritten() == true ? existing : null;
        if (!overwrite && existing is null && Path.Exists(path))
        {
            throw new ChuiziException(
                ChuiziErrorKind.FileExists,
                $"The file '{path}' already exists and is not a valid sidecar of the video {video.Id}. Use -Force to replace it.");
        }

        Sidecar sidecar = Describe(video, origin, columns, file, saved);
        AtomicFile.Write(path, (existing is null ? sidecar : sidecar.CompletedBy(existing)).ToUtf8());
    }

    private static Sidecar Describe(Video video, string? origin, IDictionary columns, DownloadedFile file, DateTime saved)
    {
        VideoRequest? request = VideoProvenance.Of(video)?.Request;
        Dictionary<string, string> images = request is null ? [] : ContentOf(request);
        return new Sidecar
        {
            Generator = Product.Generator,
            Id = video.Id,
            Origin = origin,
            File = Path.GetFileName(file.Path),
            Length = file.Length,
            Sha256 = file.Sha256,
            Saved = saved,
            Model = video.Model,
            Prompt = video.Prompt,
            Duration = video.Duration,
            AspectRatio = video.AspectRatio,
            Resolution = video.Resolution,
            Image = request?.Image?.Value ?? Whole(video.Image, columns, nameof(Sidecar.Image)),
            ReferenceImage = request is { ReferenceImages.Count: > 0 }
                ? [.. request.ReferenceImages.Select(image => image.Value)]
                : video.ReferenceImage?.Select(image => Whole(image, columns, nameof(Sidecar.ReferenceImage))!).ToArray(),
            SourceVideo = video.SourceVideo,
            Watermark = request is { Watermark: { } watermark }
                ? JsonConversion.ToElement(watermark)
                : Column(columns, nameof(Sidecar.Watermark)),
            Parameter = request is { Parameters.Count: > 0 }
                ? JsonConversion.ToElement(request.Parameters)
                : Column(columns, nameof(Sidecar.Parameter)),
            ImageContent = images.Count > 0 ? images : null,
            Url = video.Url,
            Cost = video.Cost,
            Latency = video.Latency is >= 0 and < int.MaxValue and var latency ? TimeSpan.FromSeconds(latency) : null,
            Created = video.Created,
            RequestId = video.RequestId,
            Input = columns.Count > 0 ? JsonConversion.ToElement(columns) : null,
        };
    }

    private static Dictionary<string, string> ContentOf(VideoRequest request)
    {
        Dictionary<string, string> contents = new(StringComparer.Ordinal);
        foreach (MediaSource image in request.LocalFiles)
        {
            try
            {
                contents[image.Value] = image.Content;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The file no longer has the content that was sent, so omit it.
            }
        }

        return contents;
    }

    /// <summary>
    /// Restores an image that was shortened: a video shortens data URLs, and after deserialization only its row has them in full.
    /// </summary>
    private static string? Whole(string? image, IDictionary columns, string name)
    {
        if (image?.EndsWith('…') != true || Column(columns, name) is not { } given)
        {
            return image;
        }

        IEnumerable<JsonElement> texts = given.ValueKind == JsonValueKind.Array ? given.EnumerateArray() : [given];
        return texts.Where(text => text.ValueKind == JsonValueKind.String).Select(text => text.GetString()!.Trim())
            .FirstOrDefault(text => text.StartsWith(image[..^1], StringComparison.Ordinal)) ?? image;
    }

    private static JsonElement? Column(IDictionary columns, string name)
    {
        string? column = columns.Keys.OfType<string>().FirstOrDefault(key => key.Equals(name, StringComparison.OrdinalIgnoreCase));
        object? value = column is null ? null : columns[column];
        return ValueReader.IsBlank(value) ? null : JsonConversion.ToElement(value);
    }
}
