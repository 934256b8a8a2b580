namespace Chuizi.Video.Client.Gallery;

/// <summary>One video of a page.</summary>
/// <param name="item">The video to show.</param>
/// <param name="number">Its position in the batch, from 1.</param>
/// <param name="media">Resolves the locations of files.</param>
internal sealed class GalleryCard(GalleryItem item, int number, MediaUrlResolver media)
{
    // Seeking this short a time into the video makes a browser show its first frame.
    private const string FirstPicture = "#t=0.001";

    private Video Video => item.Video;

    // For a bare id, the API does not report the inputs of the request.
    private string UnspecifiedText => string.IsNullOrWhiteSpace(Video.Prompt) ? "unknown" : "model default";

    public Html Render()
    {
        Html html = new();
        html.Add($"""<li><article class="card" id="v{number}" aria-labelledby="t{number}" data-order="{number}" """);
        html.Add($"""
            data-status="{Video.Status}" data-model="{Video.Model}"{Keys()}>
            {Media()}
            <div class="body">
            <p class="line">{Status()}<span class="number">{number}</span></p>
            {Heading()}
            """);
        if (Video.Error is { } error)
        {
            html.Add($"""<p class="reason" dir="auto">{Reason(error)}</p>""");
        }

        return html.Add($"""

            <dl class="facts">
            <div class="wide"><dt class="vh">Model</dt><dd dir="auto">{Video.Model ?? "unknown"}</dd></div>
            <div><dt>Length</dt><dd>{Length()}</dd></div>
            <div><dt>Format</dt><dd dir="auto">{Format()}</dd></div>
            <div><dt>Cost</dt><dd>{GalleryText.Cost(Video)}</dd></div>
            <div><dt>Latency</dt><dd>{(Video.Latency is { } latency ? GalleryText.Length(latency) : "unknown")}</dd></div>
            </dl>
            {new GalleryDetails(item, number).Render()}
            </div>
            </article></li>

            """);
    }

    private Html Status() =>
        new Html()
            .Add($"""<span class="status {GalleryText.StatusClass(Video.Status)}">{GalleryCharts.Icon(Video.Status)}""")
            .Add($"""<span dir="auto">{GalleryText.Status(Video.Status)}</span></span>""");

    private string Length() => Video.Duration is { } seconds ? GalleryText.Length(seconds) : UnspecifiedText;

    // The values that the page's script sorts by.
    private Html Keys()
    {
        Html html = new();
        if (Video.Created is { } created)
        {
            DateTime utc = created.Kind == DateTimeKind.Local ? created.ToUniversalTime() : DateTime.SpecifyKind(created, DateTimeKind.Utc);
            html.Add($""" data-created="{new DateTimeOffset(utc).ToUnixTimeMilliseconds()}" """);
        }

        if (Video.Cost is { } cost)
        {
            html.Add($""" data-cost="{cost}" """);
        }

        if (Video.Latency is { } latency)
        {
            html.Add($""" data-latency="{(long)(latency * 1000)}" """);
        }

        return html;
    }

    private Html Heading() => string.IsNullOrWhiteSpace(Video.Prompt)
        ? new Html().Add($"""<h3 id="t{number}" class="empty">Video {number}, without a prompt</h3>""")
        : new Html().Add($"""<h3 id="t{number}" dir="auto">{Video.Prompt}</h3>""");

    private Html Media()
    {
        if (media.Source(Video.Path, out bool isElsewhere) is { } source)
        {
            return new Html()
                .Add($"""<div class="media"><video controls preload="none" playsinline src="{source}{FirstPicture}" """)
                .Add($"""aria-labelledby="t{number}"></video></div>""");
        }

        Html note = new();
        note.Add($"""<div class="media note">{GalleryCharts.Icon(Video.Status)}<p>{Absence(isElsewhere)}</p>""");
        if (isElsewhere)
        {
            note.Add($"""<p class="place" dir="auto">{GalleryText.Shorten(Video.Path)}</p>""");
        }

        if (Video.Status == VideoStatus.Succeeded && MediaUrlResolver.Link(Video.Url) is { } link)
        {
            note.Add($"""<p><a href="{link}" rel="noreferrer noopener" aria-describedby="t{number}">Watch online</a></p>""");
        }

        return note.Add($"</div>");
    }

    private string Absence(bool isElsewhere) => Video switch
    {
        _ when isElsewhere => "The file is recorded at another location:",
        { Path.Length: > 0 } => $"File not found: {System.IO.Path.GetFileName(Video.Path)}",
        { Status: VideoStatus.Succeeded } => "Finished, but not saved.",
        { Status: VideoStatus.Failed } => "No video: generation failed.",
        { Status: VideoStatus.Processing } => "In progress when this page was created.",
        { Status: VideoStatus.Unknown } => "Outcome unknown: the API may have accepted this submission.",
        { Status: VideoStatus.Skipped } => "Not submitted.",
        _ => "No video.",
    };

    private string Format() =>
        string.Join(" · ", new[] { Video.AspectRatio, Video.Resolution }.Where(text => !string.IsNullOrWhiteSpace(text)))
            is { Length: > 0 } format
            ? format
            : UnspecifiedText;

    private static string Reason(VideoError error)
    {
        string codes = string.Join(", ", new[] { error.Type, error.Code }.Where(text => !string.IsNullOrWhiteSpace(text)));
        return string.IsNullOrWhiteSpace(error.Message) ? (codes.Length > 0 ? codes : "No reason was given.")
            : codes.Length > 0 ? $"{error.Message} ({codes})"
            : error.Message;
    }
}
