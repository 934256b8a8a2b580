using System.Collections;
using System.Text.Json;
using Chuizi.Video.Client.Files;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Saving;

/// <summary>Puts sidecars beside videos.</summary>
/// <param name="overwrite">Whether a file of that name that is something else may be replaced.</param>
internal sealed class SidecarWriter(bool overwrite)
{
    /// <summary>Writes the sidecar of a video, unless it is there already.</summary>
    /// <param name="video">The video.</param>
    /// <param name="origin">The origin of the API that has it.</param>
    /// <param name="columns">The row that it came from, as values that have a form in JSON.</param>
    /// <param name="file">The video's file, whole.</param>
    /// <param name="saved">When it was complete, UTC.</param>
    /// <exception cref="ChuiziException">FileExists, CannotWrite or DiskFull.</exception>
    public void Write(Video video, string? origin, IDictionary columns, DownloadedFile file, DateTime saved)
    {
        string path = Sidecar.PathOf(file.Path);
        Sidecar? there = Sidecar.Read(path);
        if (there?.Id == video.Id && there?.Sha256 == file.Sha256 && there?.File == Path.GetFileName(file.Path))
        {
            return;
        }

        if (!overwrite && there?.Id != video.Id && Path.Exists(path))
        {
            throw new ChuiziException(ChuiziErrorKind.FileExists, $"The file '{path}' exists, and is not the sidecar of the video {video.Id}; it is kept. -Force replaces it.");
        }

        Sidecar sidecar = Describe(video, origin, columns, file, saved);
        AtomicFile.Write(path, (there?.Id == video.Id ? Complete(sidecar, there!) : sidecar).ToUtf8());
    }

    private static Sidecar Describe(Video video, string? origin, IDictionary columns, DownloadedFile file, DateTime saved)
    {
        VideoRequest? request = VideoProvenance.Of(video)?.Request;
        Dictionary<string, string> images = request is null ? [] : Contents(request);
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
            Watermark = request is { Watermark: { } watermark } ? JsonValue.ToElement(watermark) : Column(columns, nameof(Sidecar.Watermark)),
            Parameter = request is { Parameters.Count: > 0 } ? JsonValue.ToElement(request.Parameters) : Column(columns, nameof(Sidecar.Parameter)),
            ImageContent = images.Count > 0 ? images : null,
            Url = video.Url,
            Cost = video.Cost,
            Latency = video.Latency,
            Created = video.Created,
            RequestId = video.RequestId,
            Input = columns.Count > 0 ? JsonValue.ToElement(columns) : null,
        };
    }

    /// <summary>What is known of the same video from before stays: of a bare id hardly anything is known.</summary>
    private static Sidecar Complete(Sidecar sidecar, Sidecar before) => sidecar with
    {
        Origin = sidecar.Origin ?? before.Origin,
        Model = sidecar.Model ?? before.Model,
        Prompt = sidecar.Prompt ?? before.Prompt,
        Duration = sidecar.Duration ?? before.Duration,
        AspectRatio = sidecar.AspectRatio ?? before.AspectRatio,
        Resolution = sidecar.Resolution ?? before.Resolution,
        Image = sidecar.Image ?? before.Image,
        ReferenceImage = sidecar.ReferenceImage ?? before.ReferenceImage,
        SourceVideo = sidecar.SourceVideo ?? before.SourceVideo,
        Watermark = sidecar.Watermark ?? before.Watermark,
        Parameter = sidecar.Parameter ?? before.Parameter,
        ImageContent = sidecar.ImageContent ?? before.ImageContent,
        Url = sidecar.Url ?? before.Url,
        Cost = sidecar.Cost ?? before.Cost,
        Latency = sidecar.Latency ?? before.Latency,
        Created = sidecar.Created ?? before.Created,
        RequestId = sidecar.RequestId ?? before.RequestId,
        Input = sidecar.Input ?? before.Input,
    };

    private static Dictionary<string, string> Contents(VideoRequest request)
    {
        Dictionary<string, string> contents = new(StringComparer.Ordinal);
        foreach (ImageSource image in request.Images.Where(image => image.IsFile))
        {
            try
            {
                contents[image.Value] = image.Content;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It is not what was sent any more.
            }
        }

        return contents;
    }

    /// <summary>An image as it was given: the video's own text of a data URL is cut, and of one that was deserialized only the row has it all.</summary>
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
        object? value = columns.Keys.OfType<string>().Where(key => key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(key => columns[key]).FirstOrDefault();
        return ValueReader.IsBlank(value) ? null : JsonValue.ToElement(value);
    }
}
