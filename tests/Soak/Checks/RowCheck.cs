using System.Collections;
using Chuizi.Video.Soak.Runs;

namespace Chuizi.Video.Soak.Checks;

/// <summary>Checks that each row of a complete run has a file or exactly one error.</summary>
internal static class RowCheck
{
    private static readonly string[] s_ends =
    [
        "NotConnected",
        "InvalidBaseAddress",
        "InvalidApiKey",
        "InsufficientBalance",
        "AccessDenied",
        "DailyLimitExceeded",
        "UnknownPrice",
        "LedgerUnavailable",
        "InvalidLedger",
    ];

    /// <summary>Checks the last run.</summary>
    public static void Check(Scene scene)
    {
        RunRecord run = scene.Runs[^1];
        if (scene.Runs.Exists(one => one.IsStuck))
        {
            scene.Violate("Stuck: the run did not come back.");
        }

        if (run.WasCut)
        {
            return;
        }

        if (scene.Plan.Summarizes)
        {
            CheckSummary(scene, run);
            return;
        }

        List<ErrorRecord> all = [.. run.Errors.Where(error => !IsExtra(error))];
        ILookup<string, ErrorRecord> named = all.SelectMany(error => PromptsOf(error.TargetObject).Select(prompt => (prompt, error)))
            .ToLookup(pair => pair.prompt, pair => pair.error);
        // An error that ends the call is reported once for all rows. In a script it ends the statement, but is in the error stream.
        bool isEnded = run.Thrown is not null || all.Exists(error => s_ends.Contains(IdOf(error)) && !PromptsOf(error.TargetObject).Any());
        int failures = 0;
        foreach (IGrouping<string, string> rows in scene.Plan.Prompts.GroupBy(prompt => prompt))
        {
            Video[] output = [.. run.Output.Where(video => video.Prompt == rows.Key)];
            int good = output.Count(video => video is { Status: VideoStatus.Succeeded, Path: { } path } && File.Exists(path));
            int bad = output.Length - good;
            int missing = (rows.Count() * scene.Plan.Takes) - output.Length;
            failures += bad + missing;
            if (scene.Plan.StopsOnError)
            {
                continue;
            }

            int before = run.Warnings.Exists(text => text.StartsWith("Failed in an earlier run", StringComparison.Ordinal))
                ? output.Count(video => video.Status == VideoStatus.Failed)
                : 0;
            int told = named[rows.Key].Count();
            if (told + before < bad + missing && !isEnded)
            {
                scene.Violate(
                    $"Unreported: {bad + missing} of the rows '{rows.Key}' have no file ({string.Join(", ", output.Select(video => video.Status))}), and {told} errors name them."
                );
            }

            if (told > bad + missing)
            {
                scene.Violate(
                    $"Duplicate: {bad + missing} of the rows '{rows.Key}' have no file, and {told} errors name them: {string.Join(" | ", named[rows.Key].Select(error => $"{IdOf(error)}: {error}"))}"
                );
            }
        }

        if (
            failures > 0
            && run.Errors.Count == 0
            && !run.Warnings.Exists(text => text.StartsWith("Failed in an earlier run", StringComparison.Ordinal)))
        {
            scene.Violate($"Unreported: {failures} rows have no file and no error.");
        }
    }

    /// <summary>Checks that a summary counts each video once, and claims no file that does not exist.</summary>
    private static void CheckSummary(Scene scene, RunRecord run)
    {
        bool isTold = run.Errors.Count + run.Warnings.Count > 0;
        if (run.Summary is not { } summary)
        {
            if (!isTold)
            {
                scene.Violate("Summary: the run returned no summary and no error.");
            }

            return;
        }

        int files = Directory.Exists(scene.Saved) ? Directory.GetFiles(scene.Saved, "*.mp4").Length : 0;
        int sum = summary.Succeeded + summary.Failed + summary.Processing + summary.Unknown + summary.Skipped;
        bool isRight = sum == summary.Total
            && (summary.Total == scene.Plan.Videos || summary.ExitCode == 1)
            && summary.Saved <= Math.Min(files, summary.Succeeded)
            && (summary.ExitCode == 0) == (summary.Saved == scene.Plan.Videos)
            && (summary.ExitCode == 0 || isTold);
        if (!isRight)
        {
            scene.Violate(
                $"Summary: '{summary}' with exit code {summary.ExitCode}, but {scene.Plan.Videos} videos were asked for and {files} files exist.");
        }
    }

    /// <summary>Whether an error is about a row that has its video, but whose id or sidecar could not be written.</summary>
    private static bool IsExtra(ErrorRecord error) =>
        error.ToString().Contains("could not be recorded in the ledger", StringComparison.Ordinal)
        || error.ToString().Contains(".mp4.json", StringComparison.Ordinal);

    private static string IdOf(ErrorRecord error) => error.FullyQualifiedErrorId.Split(',')[0];

    /// <summary>The videos that an error names.</summary>
    public static IEnumerable<Video> VideosOf(object? target) => (target is PSObject wrapped ? wrapped.BaseObject : target) switch
    {
        Video video => [video],
        IEnumerable many and not string => many.Cast<object?>().SelectMany(VideosOf),
        _ => [],
    };

    private static IEnumerable<string> PromptsOf(object? target) => VideosOf(target).Select(video => video.Prompt).OfType<string>();
}
