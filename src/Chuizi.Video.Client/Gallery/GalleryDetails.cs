using System.Collections;

namespace Chuizi.Video.Client.Gallery;

/// <summary>The details of a video: closed in its card, and beside the video in the large view.</summary>
/// <param name="item">The video.</param>
/// <param name="number">Its position in the batch, from 1.</param>
internal sealed class GalleryDetails(GalleryItem item, int number)
{
    private readonly Html _rows = new();

    public Html Render()
    {
        Video video = item.Video;
        Add("Error", video.Error is { } error ? GalleryText.Reason(error) : null);
        Add("Model", video.Model);
        Add("Length", video.Duration is { } seconds ? GalleryText.Length(seconds) : null);
        Add("Format", string.Join(
            " · ", new[] { video.AspectRatio, video.Resolution }.Where(text => !string.IsNullOrWhiteSpace(text))));
        Add("Cost", GalleryText.Cost(video) is not "unknown" and { } cost ? cost : null);
        Add("Latency", video.Latency is { } latency ? GalleryText.Length(latency) : null);
        Add("File", System.IO.Path.GetFileName(video.Path));
        if (video.Created is { } created)
        {
            _rows.Add(
                $"""<dt>Submitted</dt><dd><time datetime="{GalleryText.MachineTime(created)}">{GalleryText.Time(created)}</time></dd>""");
        }

        Add("Id", video.Id);
        Add("Request id", video.RequestId);
        Add("SHA-256", video.Sha256);
        Address("Address", video.Url?.OriginalString, video.Url);
        Address("Image", video.Image);
        foreach (string image in video.ReferenceImage ?? [])
        {
            Address("Reference image", image);
        }

        Address("Source video", video.SourceVideo);
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

    // A web address becomes a link, unless masking its secrets would change it.
    private void Address(string name, string? text, Uri? address = null)
    {
        address ??= text?.Length <= GalleryText.Longest && Uri.TryCreate(text, UriKind.Absolute, out Uri? parsed) ? parsed : null;
        if (MediaUrlResolver.Link(address) is { } link && Html.Clean(link) == link)
        {
            _rows.Add($"""<dt>{name}</dt><dd dir="auto"><a href="{link}" rel="noreferrer noopener">{text}</a></dd>""");
        }
        else
        {
            Add(name, text);
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
