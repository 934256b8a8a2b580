namespace Chuizi.Video.Client.Gallery;

/// <summary>The figures at the top of a page, with their charts.</summary>
/// <param name="summary">The figures.</param>
internal sealed class GalleryOverview(GallerySummary summary)
{
    public Html Render()
    {
        Html html = new();
        html.Add($"""
            <section class="overview" aria-labelledby="overview">
            <h2 class="vh" id="overview">Overview</h2>
            <dl class="figures">
            {Figure("Cost", summary.CostUnknown, DisplayText.Cost(summary.Cost))}
            {Figure("Requested length", summary.SecondsUnknown, GalleryText.Length(summary.Seconds))}
            {Figure("Median latency", summary.Median)}
            {Figure("Longest latency", summary.Slowest)}
            </dl>
            <div class="statuses">
            {GalleryCharts.Statuses(summary)}
            <ul class="legend" role="list">
            """);
        foreach ((string status, int count) in summary.Statuses)
        {
            html.Add($"""<li class="{GalleryText.StatusClass(status)}">{StatusIcons.Icon(status)}<b>{count}</b> """);
            html.Add($"""<span dir="auto">{GalleryText.Status(status).ToLowerInvariant()}</span></li>""");
        }

        return html.Add($"</ul>\n</div>\n{Models()}</section>\n");
    }

    // If some values are unknown, the sum is a lower bound. If all are, there is nothing to show.
    private Html Figure(string name, int missing, string known) => missing == summary.Videos
        ? new Html()
        : new Html().Add($"<div><dt>{(missing > 0 ? name + ", at least" : name)}</dt><dd>{known}</dd></div>");

    private static Html Figure(string name, double? seconds) => seconds is { } known
        ? new Html().Add($"<div><dt>{name}</dt><dd>{GalleryText.Length(known)}</dd></div>")
        : new Html();

    private Html Models()
    {
        decimal highest = summary.Models.Max(model => model.Cost);
        decimal slowest = summary.Models.Max(model => Milliseconds(model.Slowest));
        Html head = new();
        head.Add($"""<th scope="col">Model</th><th scope="col" class="n">Videos</th><th scope="col" class="n">Failed</th>""");
        head.Add($"""<th scope="col">Cost</th><th scope="col">Latency, median to longest</th>""");
        Html html = new();
        html.Add($"""
            <details class="models"><summary>By model</summary>
            <table><caption class="vh">By model</caption>
            <thead><tr>{head}</tr></thead>
            <tbody>

            """);
        foreach (ModelSummary model in summary.Models)
        {
            html.Add($"""<tr><th scope="row" dir="auto">{(model.Model.Length == 0 ? "unknown" : model.Model)}</th>""");
            html.Add($"""<td class="n">{model.Videos}</td><td class="n">{model.Failed}</td>""");
            html.Add(
                $"""<td class="chart">{DisplayText.Sum(model.Cost, model.CostUnknown)}{GalleryCharts.Bar(model.Cost, highest)}</td>""");
            html.Add($"""<td class="chart">{Latency(model)}""");
            html.Add($"""{GalleryCharts.Bar(Milliseconds(model.Median), slowest, Milliseconds(model.Slowest))}</td></tr>""");
            html.Add($"\n");
        }

        return html.Add($"</tbody></table></details>\n");
    }

    private static string Latency(ModelSummary model) => (model.Median, model.Slowest) switch
    {
        ({ } median, { } slowest) when GalleryText.Length(median) == GalleryText.Length(slowest) => GalleryText.Length(median),
        ({ } median, { } slowest) => $"{GalleryText.Length(median)} to {GalleryText.Length(slowest)}",
        _ => "unknown",
    };

    private static decimal Milliseconds(double? seconds) => (decimal)Math.Clamp((seconds ?? 0) * 1000, 0, 1e15);
}
