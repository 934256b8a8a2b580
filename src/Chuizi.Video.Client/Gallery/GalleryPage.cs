using System.Text;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Gallery;

/// <summary>Renders the page of a batch: one HTML file that requires nothing but the videos next to it.</summary>
internal static class GalleryPage
{
    /// <summary>Renders the page.</summary>
    /// <param name="items">The videos, in the order in which the page shows them.</param>
    /// <param name="path">The full path that the page will have, to which the links to its videos are relative.</param>
    /// <param name="title">The title.</param>
    /// <param name="made">When the page is created, UTC.</param>
    /// <param name="exists">Returns whether a file exists, so that the page can link to it.</param>
    /// <param name="verdict">The verdict that all its videos have, if it is a selection.</param>
    public static string Render(
        IReadOnlyList<GalleryItem> items,
        string path,
        string title,
        DateTime made,
        Func<string, bool> exists,
        string? verdict = null)
    {
        GallerySummary summary = GallerySummary.Of([.. items.Select(item => item.Video)]);
        MediaUrlResolver media = new(path, exists);
        Html html = new();
        html.Add($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta http-equiv="Content-Security-Policy" content="{GalleryAssets.Policy}">
            <meta charset="utf-8">
            <meta name="generator" content="{Product.Generator}">
            <meta name="referrer" content="no-referrer">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{OneLine(title)}</title>
            <style>
            """).AddRaw(GalleryAssets.Style).Add($"""
            </style>
            </head>
            <body>
            {StatusIcons.Shapes()}
            <a class="skip" href="#videos">Skip to the videos</a>
            <header class="top">
            <h1 dir="auto">{title}</h1>
            <p class="made">{DisplayText.Count(items.Count, "video")}, as of {Time(made)}</p>
            </header>
            <main>

            """);
        if (items.Count == 0)
        {
            string empty = verdict is null ? "No videos yet." : $"No video is {verdict.ToLowerInvariant()}.";
            html.Add($"""<p class="nothing" id="videos">{empty}</p>""");
        }
        else
        {
            FilterColumns columns = new(items);
            GalleryRows rows = new();
            html.Add($"{new GalleryOverview(summary).Render()}{new GalleryToolbar(summary, columns, items).Render()}");
            html.Add($"""
                <h2 class="vh" id="list">Videos</h2>
                <p class="nothing" id="none" hidden>No videos match. <button type="button" id="all">Show all</button></p>
                <ol id="videos" class="videos" aria-labelledby="list" role="list" tabindex="-1">

                """);
            for (int index = 0; index < items.Count; index++)
            {
                GalleryItem item = items[index];
                html.Add($"{new GalleryCard(item, index + 1, media, rows.NumberOf(item.Video), columns.ValuesOf(item)).Render()}");
            }

            html.Add($"</ol>");
        }

        return html.Add($"""

            </main>
            <footer><p>Created by {Product.Generator}. Costs are in USD, as reported by the API.</p></footer>
            <script>
            """).AddRaw(GalleryAssets.Script).Add($"""
            </script>
            </body>
            </html>

            """).ToString();
    }

    // Browsers show the title in their own user interface, where direction marks would affect the surrounding text.
    private static string OneLine(string title) => string.Concat(title.EnumerateRunes()
        .Where(rune => Rune.GetUnicodeCategory(rune) != System.Globalization.UnicodeCategory.Format)
        .Select(rune => Rune.IsWhiteSpace(rune) ? " " : rune.ToString())).Trim();

    private static Html Time(DateTime made) =>
        new Html().Add($"""<time datetime="{GalleryText.MachineTime(made)}">{GalleryText.Time(made)}</time>""");
}
