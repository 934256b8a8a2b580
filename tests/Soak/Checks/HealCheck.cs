using Chuizi.Video.Soak.Runs;

namespace Chuizi.Video.Soak.Checks;

/// <summary>Checks that without faults the same command finishes the batch.</summary>
internal static class HealCheck
{
    /// <summary>
    /// Whether every row has a final result: a file, a failure or an unknown outcome. Rows that the balance or a limit does not cover
    /// need none.
    /// </summary>
    public static bool IsHealed(Scene scene, out string open)
    {
        ILookup<string, Video> recorded = scene.Recorded(out _).ToLookup(video => video.Prompt ?? "");
        List<string> left = [];
        foreach (IGrouping<string, string> rows in scene.Plan.Prompts.GroupBy(prompt => prompt))
        {
            int settled = recorded[rows.Key].Count(IsSettled);
            int wanted = rows.Count() * scene.Plan.Takes;
            if (settled < wanted && !scene.Plan.IsShort)
            {
                left.Add(
                    $"'{rows.Key}': {settled} of {wanted}, {string.Join(", ", recorded[rows.Key].Select(video => $"{video.Status} {video.Path}"))}"
                );
            }
            else if (recorded[rows.Key].Any(video => video.Id is not null && !IsSettled(video)))
            {
                left.Add(
                    $"'{rows.Key}': paid, and {string.Join(", ", recorded[rows.Key].Select(video => $"{video.Status} {video.Path}"))}");
            }
        }

        open = string.Join("; ", left);
        return left.Count == 0;
    }

    /// <summary>Checks that a finished batch leaves no partial files.</summary>
    public static void CheckLeft(Scene scene)
    {
        string[] left =
        [
            .. Directory
                .EnumerateFiles(scene.Saved)
                .Where(path => !path.EndsWith(".mp4", StringComparison.Ordinal) && !path.EndsWith(".mp4.json", StringComparison.Ordinal))
                .Select(path => Path.GetFileName(path)!),
        ];
        if (left.Length > 0)
        {
            scene.Violate($"Left behind: {string.Join(", ", left)}.");
        }
    }

    private static bool IsSettled(Video video) => video.Status switch
    {
        VideoStatus.Succeeded => video.Path is { } path && File.Exists(path),
        VideoStatus.Failed or VideoStatus.Unknown => true,
        _ => false,
    };
}
