namespace Chuizi.Video.Client.Gallery;

/// <summary>The small charts of a page. They are decorative: the same figures are shown next to them as text.</summary>
internal static class GalleryCharts
{
    /// <summary>A bar divided into the statuses of a batch.</summary>
    public static Html Statuses(GallerySummary summary)
    {
        Html html = new();
        html.Add($"""<svg class="stack" aria-hidden="true" focusable="false" width="100%" height="12">""");
        decimal left = 0;
        foreach ((string status, int count) in summary.Statuses)
        {
            decimal width = Share(count, summary.Videos);
            html.Add($"""<rect class="fill-{GalleryText.StatusClass(status)}" x="{left}%" y="0" width="{width}%" height="12"/>""");
            left += width;
        }

        return html.Add($"</svg>");
    }

    /// <summary>
    /// A bar of <paramref name="value"/> out of <paramref name="whole"/>, with a paler one behind it up to <paramref name="farthest"/>.
    /// </summary>
    public static Html Bar(decimal value, decimal whole, decimal farthest = 0)
    {
        Html html = new();
        html.Add($"""<svg class="bar" aria-hidden="true" focusable="false" width="100%" height="6">""");
        html.Add($"""<rect class="track" width="100%" height="6" rx="3"/>""");
        if (farthest > value)
        {
            html.Add($"""<rect class="far" width="{Share(farthest, whole)}%" height="6" rx="3"/>""");
        }

        return html.Add($"""<rect class="near" width="{Share(value, whole)}%" height="6" rx="3"/></svg>""");
    }

    private static decimal Share(decimal part, decimal whole) =>
        whole <= 0 || part <= 0 ? 0 : Math.Round(Math.Min(1, part / whole) * 100, 2);
}
