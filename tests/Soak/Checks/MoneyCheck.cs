using Chuizi.Video.Soak.Runs;

namespace Chuizi.Video.Soak.Checks;

/// <summary>Checks that no row is billed twice or in spite of what was said, no billed id is lost, and the limits hold.</summary>
internal static class MoneyCheck
{
    /// <summary>Compares the jobs of the sandbox with the output of the runs and the ledger.</summary>
    public static void Check(Scene scene)
    {
        IReadOnlyList<SandboxJob> jobs = scene.Server.Jobs;
        foreach (IGrouping<string, SandboxJob> accepted in jobs.GroupBy(job => job.Prompt))
        {
            int allowed = scene.Allowed.GetValueOrDefault(accepted.Key);
            if (accepted.Count() > allowed)
            {
                scene.Violate(
                    $"Paid twice: '{accepted.Key}' was accepted {accepted.Count()} times, and {allowed} were asked for: {string.Join(", ", accepted.Select(job => job.Id))}."
                );
            }
        }

        decimal spent = jobs.Where(job => !job.Prompt.Contains("forbidden", StringComparison.Ordinal)).Sum(job => job.Cost);
        if (scene.Plan.MaxCost is { } ceiling && spent > ceiling)
        {
            scene.Violate($"Over -MaxCost: {spent} USD of {ceiling} USD were spent.");
        }

        if (scene.Budget is { } budget && spent > budget)
        {
            scene.Violate($"Over the monthly budget: {spent} USD of {budget} USD were spent.");
        }

        CheckSkipped(scene, jobs);
        CheckIds(scene, jobs);
    }

    /// <summary>Checks that what the last run reported as not submitted was not submitted.</summary>
    private static void CheckSkipped(Scene scene, IReadOnlyList<SandboxJob> jobs)
    {
        RunRecord run = scene.Runs[^1];
        // An error may name the same row as the output.
        ILookup<string, Video> output = Skipped(run.Output);
        ILookup<string, Video> named = Skipped(run.Errors.SelectMany(error => RowCheck.VideosOf(error.TargetObject)).Distinct());
        foreach (string prompt in output.Concat(named).Select(rows => rows.Key).Distinct())
        {
            int skipped = Math.Max(output[prompt].Count(), named[prompt].Count());
            int accepted = jobs.Count(job => job.Prompt == prompt);
            if (accepted > scene.Allowed.GetValueOrDefault(prompt) - skipped)
            {
                scene.Violate(
                    $"Not skipped: {skipped} of the rows '{prompt}' were reported as not submitted, but {accepted} were accepted.");
            }
        }

        static ILookup<string, Video> Skipped(IEnumerable<Video> videos) => videos
            .Where(video => video is { Status: VideoStatus.Skipped, Id: null, Prompt: not null })
            .ToLookup(video => video.Prompt!);
    }

    private static void CheckIds(Scene scene, IReadOnlyList<SandboxJob> jobs)
    {
        IReadOnlyList<Video> recorded = scene.Recorded(out IReadOnlyList<string> damage);
        foreach (string line in damage)
        {
            scene.Violate($"The ledger is damaged: {line}");
        }

        string ledger = File.Exists(scene.Ledger) ? ProcessWatch.ReadText(scene.Ledger) : "";
        HashSet<string> emitted = [.. scene.Runs.SelectMany(run => run.Output).Select(video => video.Id).OfType<string>()];
        HashSet<string> unknown =
        [
            .. scene.Resubmitted,
            .. scene
                .Runs.SelectMany(run => run.Output)
                .Concat(recorded)
                .Where(video => video.Status == VideoStatus.Unknown)
                .Select(video => video.Prompt!),
        ];
        // A call that is cut short without a ledger loses the ids of its pending submissions.
        bool isGivenUp = !scene.Plan.HasLedger && scene.Runs.Exists(run => run.WasCut);
        foreach (SandboxJob job in jobs)
        {
            bool isKnown =
                emitted.Contains(job.Id)
                || ledger.Contains($"\"{job.Id}\"", StringComparison.Ordinal)
                || scene.Runs.Exists(run => run.Says(job.Id));
            if (!isKnown && !unknown.Contains(job.Prompt) && !isGivenUp)
            {
                scene.Violate(
                    $"Lost: '{job.Prompt}' was accepted as {job.Id}, and neither ledger nor output has it, nor are they unknown.");
            }
        }
    }
}
