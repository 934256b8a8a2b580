using System.Collections;

namespace Chuizi.Video.Client.Gallery;

/// <summary>The part of a card that is shown when it is expanded.</summary>
/// <param name="item">The video.</param>
/// <param name="number">Its position in the batch, from 1.</param>
internal sealed class GalleryDetails(GalleryItem item, int number)
{
    private readonly Html _rows = new();

    public Html Render()
    {
        Video video = item.Video;
        Add("Id", video.Id);
        Add("Request id", video.RequestId);
        if (video.Created is { } created)
        {
            _rows.Add(
                $"""<dt>Submitted</dt><dd><time datetime="{GalleryText.MachineTime(created)}">{GalleryText.Time(created)}</time></dd>""");
        }

        Add("File", System.IO.Path.GetFileName(video.Path));
        Add("SHA-256", video.Sha256);
        if (MediaUrlResolver.Link(video.Url) is { } link)
        {
            _rows.Add($"""<dt>Address</dt><dd dir="auto"><a href="{link}" rel="noreferrer noopener">{link}</a></dd>""");
        }
        else
        {
            Add("URL", video.Url?.OriginalString);
        }

        Add("Image", video.Image);
        foreach (string image in video.ReferenceImage ?? [])
        {
            Add("Reference image", image);
        }

        Add("Source video", video.SourceVideo);
        foreach (DictionaryEntry column in item.Columns)
        {
            string name = column.Key.ToString() ?? "";
            string value = GalleryText.Value(column.Value);
            if (!IsShown(name, value))
            {
                _rows.Add($"""<dt class="column" dir="auto">{name}</dt><dd dir="auto">{value}</dd>""");
            }
        }

        return new Html().Add(
            $"""<details><summary>Details<span class="vh"> of video {number}</span></summary><dl class="more">{_rows}</dl></details>""");
    }

    private void Add(string name, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value))
        {
            _rows.Add($"""<dt>{name}</dt><dd dir="auto">{GalleryText.Shorten(value)}</dd>""");
        }
    }

    // Skip columns that repeat a value that the card already shows.
    private bool IsShown(string name, string value) => string.IsNullOrWhiteSpace(value) || value == name.ToUpperInvariant() switch
    {
        "PROMPT" => item.Video.Prompt,
        "MODEL" => item.Video.Model,
        "DURATION" => item.Video.Duration?.ToString(System.Globalization.CultureInfo.InvariantCulture),
        "ASPECTRATIO" or "ASPECT_RATIO" => item.Video.AspectRatio,
        "RESOLUTION" => item.Video.Resolution,
        "IMAGE" or "IMAGE_URL" => item.Video.Image,
        "REFERENCEIMAGE" or "REFERENCE_IMAGE_URLS" => string.Join(";", item.Video.ReferenceImage ?? []),
        "SOURCEVIDEO" or "VIDEO_URL" => item.Video.SourceVideo,
        _ => null,
    };
}
