namespace Chuizi.Video.Client.Gallery;

/// <summary>Search, filters, groups, sort order and review. Hidden until the page's script runs.</summary>
/// <param name="summary">The figures of the batch.</param>
/// <param name="columns">The columns to filter and group by.</param>
/// <param name="items">The videos.</param>
internal sealed class GalleryToolbar(GallerySummary summary, FilterColumns columns, IReadOnlyList<GalleryItem> items)
{
    private static readonly (string Value, string Text)[] s_orders =
    [
        ("order", "Batch order"),
        ("created", "Newest first"),
        ("cost", "Most expensive first"),
        ("length", "Longest first"),
        ("latency", "Slowest first"),
        ("rating", "Best rating first"),
        ("name", "File name"),
        ("model", "Model"),
        ("status", "Failures first"),
    ];

    private static readonly (string Keys, string Text)[] s_keys =
    [
        ("← → ↑ ↓", "Move between videos"),
        ("Enter", "Open the large view"),
        ("K", "Keep"),
        ("X", "Reject"),
        ("1–5", "Rate"),
        ("0", "Clear the rating"),
        ("N", "Write a note"),
        ("U", "Undo the decision"),
        ("C", "Compare the takes"),
        ("Space", "Play or pause"),
        ("/", "Search"),
        ("Esc", "Close or leave"),
    ];

    public Html Render()
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
            html.Add($"""<fieldset class="chips"><legend class="vh">Show only these statuses</legend>""");
            foreach ((string status, int count) in summary.Statuses)
            {
                html.Add($"""<label class="chip {GalleryText.StatusClass(status)}">""");
                html.Add($"""<input type="checkbox" name="status" value="{status}">{StatusIcons.Icon(status)}""");
                html.Add($"""<span dir="auto">{GalleryText.Status(status)}</span> <b>{count}</b></label>""");
            }

            html.Add($"</fieldset>\n");
        }

        html.Add($"{Models()}{Columns()}{Groups()}");
        html.Add($"""<label class="pick"><span>Sort</span> <select id="sort">""");
        foreach ((string value, string text) in s_orders)
        {
            html.Add($"""<option value="{value}">{text}</option>""");
        }

        html.Add($"""
            </select></label>
            <label class="pick size"><span>Size</span> <input type="range" id="size" min="8" max="32" step="1"></label>
            <p class="count" id="count" role="status"></p>
            </div>
            <section class="review" aria-label="Review" hidden>
            <p id="judged" role="status"></p>
            <fieldset class="chips"><legend class="vh">Show only these decisions</legend>

            """);
        foreach ((string verdict, string text) in new[] { ("None", "Undecided"), ("Kept", "Kept"), ("Rejected", "Rejected") })
        {
            html.Add($"""<label class="chip {verdict}"><input type="checkbox" name="verdict" value="{verdict}">""");
            html.Add($"""<span>{text}</span> <b id="count-{verdict}"></b></label>""");
        }

        html.Add($"""
            </fieldset>
            <button type="button" id="save">Save decisions.json</button>
            <button type="button" id="copy">Copy list of kept files</button>
            <details class="menu keys"><summary>Keys</summary><dl>

            """);
        foreach ((string keys, string text) in s_keys)
        {
            html.Add($"<div><dt><kbd>{keys}</kbd></dt><dd>{text}</dd></div>");
        }

        return html.Add($"""
            </dl></details>
            </section>

            """);
    }

    private Html Models()
    {
        Html html = new();
        if (summary.Models.Count > 1)
        {
            html.Add($"""<label class="pick"><span class="vh">Model</span> <select id="model"><option value="all">All models</option>""");
            foreach (ModelSummary model in summary.Models)
            {
                string name = model.Model.Length == 0 ? "unknown" : model.Model;
                html.Add($"""<option dir="auto" value="={model.Model}">{name} ({model.Videos})</option>""");
            }

            html.Add($"</select></label>\n");
        }

        return html;
    }

    private Html Columns()
    {
        Html html = new();
        if (columns.All.Count > 0)
        {
            html.Add($"""<details class="menu" id="columns"><summary>Columns</summary><div>""");
            foreach (FilterColumn column in columns.All)
            {
                html.Add($"""<label><span dir="auto">{column.Name}</span> <select name="column"><option value="all">All</option>""");
                for (int number = 0; number < column.Values.Count; number++)
                {
                    html.Add($"""<option dir="auto" value="{number}">{column.Values[number].Text} """);
                    html.Add($"""({column.Values[number].Count})</option>""");
                }

                if (column.Blank > 0)
                {
                    html.Add($"""<option value="-">blank ({column.Blank})</option>""");
                }

                html.Add($"</select></label>");
            }

            html.Add($"</div></details>\n");
        }

        return html;
    }

    private Html Groups()
    {
        Html html = new();
        html.Add($"""<label class="pick"><span>Group</span> <select id="group"><option value="none">None</option>""");
        if (items.Any(item => item.Video.Take is not null))
        {
            html.Add($"""<option value="row">Row (takes)</option>""");
        }

        html.Add($"""<option value="model">Model</option><option value="status">Status</option>""");
        html.Add($"""<option value="verdict">Decision</option>""");
        for (int number = 0; number < columns.All.Count; number++)
        {
            html.Add($"""<option dir="auto" value="{number}">{columns.All[number].Name}</option>""");
        }

        return html.Add($"</select></label>\n");
    }
}
