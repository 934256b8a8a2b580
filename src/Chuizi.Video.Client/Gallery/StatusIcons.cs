namespace Chuizi.Video.Client.Gallery;

/// <summary>The icons of the statuses. They differ in shape, not only in color.</summary>
internal static class StatusIcons
{
    /// <summary>The shapes of all icons, which a page contains once. <see cref="Icon"/> refers to them.</summary>
    public static Html Shapes()
    {
        Html html = new();
        html.Add($"""<svg width="0" height="0" class="shapes" aria-hidden="true" focusable="false">""");
        foreach (
            (string status, string path) in new[]
            {
                (VideoStatus.Succeeded, "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm3.6 5.3-4.3 5a.8.8 0 0 1-1.2 0L4.4 9.5l1.1-1 1.2 1.2 3.7-4.4Z"),
                (
                    VideoStatus.Processing,
                    "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm0 1.6a5.4 5.4 0 1 1 0 10.8A5.4 5.4 0 0 1 8 2.6ZM7.2 4.5v4l3 1.8.8-1.3-2.2-1.3V4.5Z"
                ),
                (
                    VideoStatus.Failed,
                    "M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1Zm.6 3.5L4.5 5.7 6.8 8l-2.3 2.3 1.2 1.2L8 9.2l2.3 2.3 1.2-1.2L9.2 "
                        + "8l2.3-2.3-1.2-1.2L8 6.8Z"),
                (VideoStatus.Unknown, "M8 .8 15.6 14.5H.4ZM7.2 5.8l.2 4h1.2l.2-4Zm.8 5a.9.9 0 1 0 0 1.8.9.9 0 0 0 0-1.8Z"),
                (VideoStatus.Skipped, "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1ZM4.5 7.2h7v1.6h-7Z"),
            })
        {
            html.Add($"""<symbol id="i-{status}" viewBox="0 0 16 16"><path fill-rule="evenodd" d="{path}"/></symbol>""");
        }

        return html.Add($"</svg>");
    }

    /// <summary>The icon of a status.</summary>
    public static Html Icon(string status) =>
        new Html()
            .Add($"""<svg class="icon" aria-hidden="true" focusable="false" width="16" height="16">""")
            .Add($"""<use href="#i-{GalleryText.StatusClass(status)}"/></svg>""");
}
