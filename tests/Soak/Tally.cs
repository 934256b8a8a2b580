using System.Globalization;
using System.Text;
using System.Text.Json;
using Chuizi.Video.Soak.Runs;

namespace Chuizi.Video.Soak;

/// <summary>Counts what a campaign did, for the report.</summary>
internal sealed class Tally
{
    private readonly SortedDictionary<string, SortedDictionary<string, int>> _counts = new(StringComparer.Ordinal);

    /// <summary>The number of batches so far.</summary>
    public int Batches { get; private set; }

    /// <summary>Counts a batch.</summary>
    public void Count(Scene scene)
    {
        Batches++;
        Plans.BatchPlan plan = scene.Plan;
        Add("batches", plan.IsChild ? $"in {plan.Workers} processes at a time" : $"in process, end: {plan.End}");
        Add("lists", plan.Form.ToString());
        foreach ((bool isDrawn, string name) in new[]
            {
                (plan.Takes > 1, "several takes"),
                (scene.Retaken > 0, "new takes after verdicts"),
                (plan.IsUnattended, "Invoke-ChuiziVideoBatch"),
                (plan.Summarizes, "-Summary"),
                (plan.Deadline is not null, "-Deadline"),
                (plan.MaxCost is not null, "-MaxCost"),
                (scene.Budget is not null, "monthly budget"),
                (plan.SignsImages, "signed images"),
                (plan.HasLedger, scene.LedgerSecret is null ? "ledger in a file" : "ledger in a blob"),
            })
        {
            Add("what batches used", name, isDrawn ? 1 : 0);
        }

        Add("in all", "runs, reruns included", scene.Runs.Count);
        Add("in all", "rows", scene.Plan.Prompts.Count);
        Add("in all", "requests", scene.Server.Requests.Count);
        Add("in all", "jobs paid", scene.Server.Jobs.Count);
        Add("in all", "videos saved", Directory.Exists(scene.Saved) ? Directory.GetFiles(scene.Saved, "*.mp4").Length : 0);
        foreach (
            RecordedRequest request in scene.Server.Requests.Where(request =>
                request.Fault is not null && !request.Headers.ContainsKey("X-Sandbox-Fault")))
        {
            Add("faults injected", $"{request.Fault} on {request.Route}");
            Add("faults by kind", request.Fault!);
        }

        foreach (Plans.MishapKind kind in scene.Happened)
        {
            Add("mishaps", kind.ToString());
        }

        foreach (ErrorRecord error in scene.Runs.SelectMany(run => run.Errors))
        {
            Add("errors reported", error.FullyQualifiedErrorId.Split(',')[0]);
        }
    }

    /// <summary>Counts a violation.</summary>
    public void CountViolation(string what) => Add("violations", what.Split(':')[0]);

    /// <summary>Adds to a count.</summary>
    public void Add(string group, string name, int count = 1)
    {
        if (!_counts.TryGetValue(group, out SortedDictionary<string, int>? counts))
        {
            _counts[group] = counts = new(StringComparer.Ordinal);
        }

        counts[name] = counts.GetValueOrDefault(name) + count;
    }

    /// <summary>The counts as markdown, one table per group.</summary>
    public string ToMarkdown(string heading)
    {
        StringBuilder text = new(heading + "\n");
        foreach ((string group, SortedDictionary<string, int> counts) in _counts)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n| {group} | {counts.Values.Sum()} |\n| --- | ---: |\n");
            foreach ((string name, int count) in counts)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {name} | {count} |\n");
            }
        }

        return text.ToString();
    }

    /// <summary>The counts as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(_counts);
}
