namespace Chuizi.Video.Client.Gallery;

/// <summary>The figures at the top of a page, with their charts.</summary>
/// <param name="summary">The figures.</param>
internal sealed class GalleryOverview(GallerySummary summary)
{
    public Html Render()
    {
        string length = GalleryText.Length(summary.Seconds);
        Html html = new();
        html.Add($"""
            <section class="overview" aria-labelledby="overview">
            <h2 class="vh" id="overview">Overview</h2>
            <div class="panel">
            <dl class="figures">
            {Figure("Cost", summary.CostUnknown, VideoFormat.Cost(summary.Cost))}
            {Figure("Requested length", summary.SecondsUnknown, length)}
            <div><dt>Median latency</dt><dd>{(summary.Median is { } median ? GalleryText.Length(median) : "unknown")}</dd></div>
            <div><dt>Longest latency</dt><dd>{(summary.Slowest is { } slowest ? GalleryText.Length(slowest) : "unknown")}</dd></div>
            </dl>
            {GalleryCharts.Statuses(summary)}
            <ul class="legend" role="list">
            """);
        foreach ((string status, int count) in summary.Statuses)
        {
            html.Add($"""<li class="{GalleryText.StatusClass(status)}">{GalleryCharts.Icon(status)}<b>{count}</b> """);
            html.Add($"""<span dir="auto">{GalleryText.Status(status).ToLowerInvariant()}</span></li>""");
        }

        return html.Add($"</ul>\n</div>\n{Models()}</section>\n");
    }

    // If some values are unknown, the sum is a lower bound.
    private Html Figure(string name, int missing, string known)
    {
        string label = missing > 0 && missing < summary.Videos ? $"{name}, at least" : name;
        return new Html().Add($"<div><dt>{label}</dt><dd>{(missing == summary.Videos ? "unknown" : known)}</dd></div>");
    }

    private Html Models()
    {
        decimal highest = summary.Models.Max(model => model.Cost);
        decimal slowest = summary.Models.Max(model => Milliseconds(model.Slowest));
        Html head = new();
        head.Add($"""<th scope="col">Model</th><th scope="col" class="n">Videos</th><th scope="col" class="n">Failed</th>""");
        head.Add($"""<th scope="col">Cost</th><th scope="col">Median latency</th><th scope="col">Slowest</th>""");
        Html html = new();
        html.Add($"""
            <div class="panel">
            <div class="scroll" role="region" aria-label="By model" tabindex="0">
            <table><caption>By model</caption>
            <thead><tr>{head}</tr></thead>
            <tbody>

            """);
        foreach (ModelSummary model in summary.Models)
        {
            html.Add($"""<tr><th scope="row" dir="auto">{(model.Model.Length == 0 ? "unknown" : model.Model)}</th>""");
            html.Add($"""<td class="n">{model.Videos}</td><td class="n">{model.Failed}</td>""");
            html.Add(
                $"""<td class="chart">{VideoFormat.Sum(model.Cost, model.CostUnknown)}{GalleryCharts.Bar(model.Cost, highest)}</td>""");
            html.Add($"""<td class="chart">{(model.Median is { } median ? GalleryText.Length(median) : "unknown")}""");
            html.Add($"""{GalleryCharts.Bar(Milliseconds(model.Median), slowest, Milliseconds(model.Slowest))}</td>""");
            html.Add($"""<td>{(model.Slowest is { } longest ? GalleryText.Length(longest) : "unknown")}</td></tr>""");
            html.Add($"\n");
        }

        return html.Add($"</tbody></table></div>\n</div>\n");
    }

    private static decimal Milliseconds(double? seconds) => (decimal)Math.Clamp((seconds ?? 0) * 1000, 0, 1e15);
}
