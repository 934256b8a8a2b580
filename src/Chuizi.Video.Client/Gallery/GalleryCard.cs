using System.Globalization;

namespace Chuizi.Video.Client.Gallery;

/// <summary>One video of a page.</summary>
/// <param name="item">The video to show.</param>
/// <param name="number">Its position in the batch, from 1.</param>
/// <param name="media">Resolves the locations of files.</param>
/// <param name="row">The number of its row on the page; null if it is not a take.</param>
/// <param name="columns">The values by which the page filters, as in <see cref="FilterColumns.ValuesOf"/>.</param>
internal sealed class GalleryCard(GalleryItem item, int number, MediaUrlResolver media, int? row, string columns)
{
    // Seeking this short a time into the video makes a browser show its first frame.
    private const string FirstPicture = "#t=0.001";

    private Video Video => item.Video;

    private string? Verdict => VideoVerdict.Parse(Video.Verdict) is { } verdict and not VideoVerdict.None ? verdict : null;

    private int? Rating => Video.Rating is >= 1 and <= VideoVerdict.BestRating ? Video.Rating : null;

    private string? FileName => System.IO.Path.GetFileName(Video.Path) is { Length: > 0 } name ? name : null;

    public Html Render()
    {
        Html html = new();
        html.Add($"""<li class="{Shape()}"><article class="card" id="v{number}" aria-labelledby="t{number}" data-order="{number}" """);
        html.Add($"""
            data-status="{Video.Status}" data-model="{Video.Model}"{Keys()}>
            {Media()}
            <div class="body">
            {Heading()}
            <p class="line">{Line()}</p>
            <p class="mark"{Hidden(Mark.Length == 0)}>{Mark}</p>
            <p class="said" dir="auto"{Hidden(string.IsNullOrWhiteSpace(Video.Note))}>{Video.Note}</p>
            {new GalleryDetails(item, number).Render()}
            </div>
            </article></li>

            """);
        return html;
    }

    /// <summary>The decision in words. The page's script writes the same.</summary>
    private string Mark => string.Join(
        " · ",
        new[] { Verdict, Rating is { } rating ? string.Create(CultureInfo.InvariantCulture, $"{rating} of 5") : null }.OfType<string>());

    private static Html Hidden(bool isHidden) => isHidden ? new Html().Add($" hidden") : new Html();

    // The style sheet knows these shapes, so that the page does not move while the videos load.
    private string Shape() => Video.AspectRatio switch
    {
        "9:16" or "1:1" or "4:3" or "3:4" or "3:2" or "2:3" or "21:9" => "r" + Video.AspectRatio.Replace(':', '-'),
        _ => "r16-9",
    };

    private Html Line()
    {
        Html html = new();
        if (Video.Take is { } take)
        {
            html.Add($"""<b>Take {take}</b> """);
        }

        html.Add($"""<span dir="auto">{DisplayText.ShortModel(Video.Model)}</span>""");
        if (Video.Cost is { } cost)
        {
            html.Add($""" <span>{DisplayText.Cost(cost)}</span>""");
        }

        return FileName is null ? html : html.Add($""" <span class="file" dir="auto">{FileName}</span>""");
    }

    // The values that the page's script sorts, groups, filters and reviews by, and the command that it copies.
    private Html Keys()
    {
        Html html = new();
        Add("id", Video.Id);
        Add("origin", Video.Origin);
        Add("verdict", Verdict);
        Add("rating", Rating?.ToString(CultureInfo.InvariantCulture));
        Add("row", row?.ToString(CultureInfo.InvariantCulture));
        Add("line", Video.Row?.ToString(CultureInfo.InvariantCulture));
        Add("columns", columns);
        Add("name", FileName ?? Video.FileName);
        Add("length", Video.Duration?.ToString(CultureInfo.InvariantCulture));
        Add("cost", Video.Cost?.ToString(CultureInfo.InvariantCulture));
        Add("command", GalleryCommand.Of(item));
        if (Video.Created is { } created)
        {
            DateTime utc = created.Kind == DateTimeKind.Local ? created.ToUniversalTime() : DateTime.SpecifyKind(created, DateTimeKind.Utc);
            html.Add($""" data-created="{new DateTimeOffset(utc).ToUnixTimeMilliseconds()}" """);
        }

        if (Video.Latency is { } latency)
        {
            html.Add($""" data-latency="{(long)(latency * 1000)}" """);
        }

        return html;

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                html.AddRaw($" data-{name}=\"").Add($"{value}\"");
            }
        }
    }

    private Html Heading() => string.IsNullOrWhiteSpace(Video.Prompt)
        ? new Html().Add($"""<h3 id="t{number}" class="empty">Video {number}, without a prompt</h3>""")
        : new Html().Add($"""<h3 id="t{number}" dir="auto">{Video.Prompt}</h3>""");

    private Html Media()
    {
        if (media.Source(Video.Path, out bool isElsewhere) is { } source)
        {
            Html html = new();
            html.Add($"""<div class="media"><video controls preload="none" playsinline src="{source}{FirstPicture}" """);
            html.Add($"""aria-labelledby="t{number}"></video>{Picture()}<span class="length"{Hidden(Video.Duration is null)}>""");
            return html.Add($"""{(Video.Duration is { } seconds ? GalleryText.Clock(seconds) : "")}</span></div>""");
        }

        Html note = new();
        note.Add($"""<div class="media note"><p class="status {GalleryText.StatusClass(Video.Status)}">""");
        note.Add($"""{StatusIcons.Icon(Video.Status)}<span dir="auto">{GalleryText.Status(Video.Status)}</span></p>""");
        if (Video.Error is { } error)
        {
            note.Add($"""<p class="reason" dir="auto">{GalleryText.Reason(error)}</p>""");
        }
        else
        {
            note.Add($"""<p class="absence">{Absence(isElsewhere)}</p>""");
        }

        if (isElsewhere)
        {
            note.Add($"""<p class="place" dir="auto">{GalleryText.Shorten(Video.Path)}</p>""");
        }

        if (Video.Status == VideoStatus.Succeeded && MediaUrlResolver.Link(Video.Url) is { } link)
        {
            note.Add($"""<p><a href="{link}" rel="noreferrer noopener" aria-describedby="t{number}">Watch online</a></p>""");
        }

        return note.Add($"{Picture()}</div>");
    }

    // An image at a web address is only linked to, in the details: the page sends no request by itself.
    private Html Picture() => media.Picture(Video.Image) is { } source
        ? new Html().Add($"""<img class="source" loading="lazy" decoding="async" src="{source}" alt="Source image">""")
        : new Html();

    private string Absence(bool isElsewhere) => Video switch
    {
        _ when isElsewhere => "The file is recorded at another location:",
        { Path.Length: > 0 } => $"File not found: {FileName}",
        { Status: VideoStatus.Succeeded } => "Finished, but not saved.",
        { Status: VideoStatus.Failed } => "No video: generation failed.",
        { Status: VideoStatus.Processing } => "In progress when this page was created.",
        { Status: VideoStatus.Unknown } => "Outcome unknown: the API may have accepted this submission.",
        { Status: VideoStatus.Skipped } => "Not submitted.",
        _ => "No video.",
    };
}
