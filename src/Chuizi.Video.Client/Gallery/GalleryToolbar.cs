namespace Chuizi.Video.Client.Gallery;

/// <summary>Search, filters and sort order. Hidden until the page's script runs.</summary>
internal static class GalleryToolbar
{
    private static readonly (string Value, string Text)[] s_orders =
    [
        ("order", "Batch order"),
        ("created", "Newest first"),
        ("cost", "Most expensive first"),
        ("latency", "Slowest first"),
        ("model", "Model"),
        ("status", "Failures first"),
    ];

    public static Html Render(GallerySummary summary)
    {
        Html field = new();
        field.Add($"""<input type="search" id="find" placeholder="Search" autocomplete="off" spellcheck="false" """);
        field.Add($"""aria-keyshortcuts="/"><kbd aria-hidden="true">/</kbd>""");
        Html html = new();
        html.Add($"""
            <div class="tools" role="search" aria-label="Find videos" hidden>
            <label class="find"><span class="vh">Search prompts, ids, files, columns and errors</span>{field}</label>

            """);
        if (summary.Statuses.Count > 1)
        {
            html.Add($"""<fieldset class="chips"><legend class="vh">Show only</legend>""");
            foreach ((string status, int count) in summary.Statuses)
            {
                html.Add($"""<label class="chip {GalleryText.StatusClass(status)}">""");
                html.Add($"""<input type="checkbox" name="status" value="{status}">{GalleryCharts.Icon(status)}""");
                html.Add($"""<span dir="auto">{GalleryText.Status(status)}</span> <b>{count}</b></label>""");
            }

            html.Add($"</fieldset>\n");
        }

        if (summary.Models.Count > 1)
        {
            html.Add($"""<label class="pick"><span>Model</span> <select id="model"><option value="all">All models</option>""");
            foreach (ModelSummary model in summary.Models)
            {
                string name = model.Model.Length == 0 ? "unknown" : model.Model;
                html.Add($"""<option dir="auto" value="={model.Model}">{name} ({model.Videos})</option>""");
            }

            html.Add($"</select></label>\n");
        }

        html.Add($"""<label class="pick"><span>Sort</span> <select id="sort">""");
        foreach ((string value, string text) in s_orders)
        {
            html.Add($"""<option value="{value}">{text}</option>""");
        }

        return html.Add($"""
            </select></label>
            <p class="count" id="count" role="status"></p>
            </div>

            """);
    }
}
