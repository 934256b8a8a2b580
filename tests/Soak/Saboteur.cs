using System.Net.Http.Json;
using Chuizi.Video.Soak.Runs;

namespace Chuizi.Video.Soak;

/// <summary>Breaks a promise between a run and its checks, as a bug in the module would.</summary>
internal static class Saboteur
{
    // Keeps the file from being closed by the garbage collector.
    private static readonly List<FileStream> s_leaked = [];

    /// <summary>Commits the sabotage, if the batch has what it needs.</summary>
    public static void Do(Sabotage sabotage, Scene scene)
    {
        RunRecord run = scene.Runs[^1];
        string? file = Directory.Exists(scene.Saved) ? Directory.GetFiles(scene.Saved, "*.mp4").FirstOrDefault() : null;
        switch (sabotage)
        {
            case Sabotage.PayTwice when scene.Server.Jobs is [{ } job, ..]:
                Submit(scene, job.Prompt);
                break;
            case Sabotage.LoseId
                when scene.Server.Jobs.FirstOrDefault(job => job.Status == "succeeded") is { } lost && File.Exists(scene.Ledger):
                File.WriteAllLines(
                    scene.Ledger,
                    File.ReadLines(scene.Ledger)
                        .Where(line =>
                            !line.Contains(lost.Id, StringComparison.Ordinal)
                            && !line.Contains($"\"{lost.Prompt}\"", StringComparison.Ordinal))
                        .ToArray());
                scene.Runs.ForEach(one => Forget(one, lost.Id));
                break;
            case Sabotage.HalveFile when file is not null:
                using (FileStream stream = new(file, FileMode.Open))
                {
                    stream.SetLength(stream.Length / 2);
                }

                break;
            case Sabotage.HideErrors:
                run.Errors.Clear();
                break;
            case Sabotage.LeakFile when File.Exists(scene.Ledger):
                s_leaked.Add(new FileStream(scene.Ledger, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
                break;
            case Sabotage.DropTask:
                Drop();
                break;
            case Sabotage.TellKey:
                run.Texts.Add($"Bearer {scene.Server.ApiKey}");
                break;
        }
    }

    private static void Submit(Scene scene, string prompt)
    {
        using HttpClient http = new();
        http.DefaultRequestHeaders.Authorization = new("Bearer", scene.Server.ApiKey);
        using HttpResponseMessage response = http.PostAsJsonAsync(
                scene.Server.BaseAddress + "/videos/generations",
                new { model = "google/veo-3.1-lite", prompt })
            .GetAwaiter()
            .GetResult();
    }

    private static void Forget(RunRecord run, string id)
    {
        run.Output.RemoveAll(video => video.Id == id);
        run.Texts.RemoveAll(text => text.Contains(id, StringComparison.Ordinal));
    }

    private static void Drop() =>
        Task.Run(() => throw new InvalidOperationException("Nobody looks at this.")).ContinueWith(_ => { }, TaskScheduler.Default).Wait();
}
