using System.Net.Http.Json;
using Chuizi.Video.Soak.Runs;

namespace Chuizi.Video.Soak;

/// <summary>Breaks a promise between a run and its checks, as a bug in the module would.</summary>
internal static class Saboteur
{
    // Keeps the file from being closed by the garbage collector.
    private static readonly List<FileStream> s_leaked = [];

    /// <summary>The violation that must follow a sabotage.</summary>
    public static string Expected(Sabotage sabotage) => sabotage switch
    {
        Sabotage.PayTwice or Sabotage.ChangePrompt => "Paid twice",
        Sabotage.Overspend => "Over the monthly budget",
        Sabotage.DenySubmission => "Not skipped",
        Sabotage.LoseId => "Lost",
        Sabotage.LoseVerdict => "Takes",
        Sabotage.HalveFile => "Half a file",
        Sabotage.HideErrors => "Unreported",
        Sabotage.Exaggerate => "Summary",
        Sabotage.LeakFile => "Leaked",
        Sabotage.DropTask => "Unhandled task exception",
        Sabotage.TellKey => "A stream tells the key",
        Sabotage.LogKey => "list.csv.log holds the key",
        Sabotage.TellSignature => "A stream tells the signature of the ledger",
        _ => "",
    };

    /// <summary>Commits the sabotage, and returns whether the batch has what it needs.</summary>
    public static bool Do(Sabotage sabotage, Scene scene)
    {
        RunRecord run = scene.Runs[^1];
        string? file = Directory.Exists(scene.Saved) ? Directory.GetFiles(scene.Saved, "*.mp4").FirstOrDefault() : null;
        SandboxJob? job = scene.Server.Jobs.FirstOrDefault(one => one.Status == "succeeded");
        string log = Path.Combine(scene.ListFolder, "list.csv.log");
        switch (sabotage)
        {
            case Sabotage.PayTwice when job is not null:
                for (int more = scene.Allowed[job.Prompt]; more > 0; more--)
                {
                    Submit(scene, job.Prompt);
                }

                return true;
            case Sabotage.ChangePrompt when job is not null:
                Submit(scene, job.Prompt.Replace("à", "Ã ", StringComparison.Ordinal));
                return true;
            case Sabotage.Overspend when job is not null && scene.Budget is { } budget:
                for (decimal spent = 0; spent <= budget; spent += job.Cost)
                {
                    Submit(scene, job.Prompt);
                }

                return true;
            case Sabotage.DenySubmission when run.Output.Find(video => video.Id is not null && !video.Prompt!.Contains("forbidden")) is { } denied:
                run.Output.Add(new Video { Prompt = denied.Prompt, Status = VideoStatus.Skipped });
                return true;
            case Sabotage.LoseId when job is not null && scene.Plan.HasLedger && File.Exists(scene.Ledger):
                scene.ChangeLedger(lines => lines.Where(line =>
                    !line.Contains(job.Id, StringComparison.Ordinal)
                    && !line.Contains($"\"{job.Prompt[.."Prompt 000".Length]} ", StringComparison.Ordinal)));
                scene.Runs.ForEach(one => Forget(one, job.Id));
                return true;
            case Sabotage.HalveFile when file is not null:
                using (FileStream stream = new(file, FileMode.Open))
                {
                    stream.SetLength(stream.Length / 2);
                }

                return true;
            case Sabotage.HideErrors when run is { WasCut: false, Summary: null, Thrown: null, Errors.Count: > 0 }
                && !run.Warnings.Exists(text => text.StartsWith("Failed in an earlier run", StringComparison.Ordinal)):
                run.Errors.Clear();
                return true;
            case Sabotage.Exaggerate when run is { WasCut: false, Summary: { } summary }:
                summary.Saved++;
                return true;
            case Sabotage.LeakFile when File.Exists(scene.Ledger):
                s_leaked.Add(new FileStream(scene.Ledger, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
                return true;
            case Sabotage.DropTask:
                Drop();
                return true;
            case Sabotage.TellKey:
                run.Texts.Add($"Bearer {scene.Server.ApiKey}");
                return true;
            case Sabotage.LogKey when File.Exists(log):
                File.AppendAllText(log, scene.Server.ApiKey);
                return true;
            case Sabotage.TellSignature when scene.LedgerSecret is { } signature:
                run.Texts.Add($"https://storage.example/run.jsonl?sig={signature}");
                return true;
            default:
                return false;
        }
    }

    /// <summary>Removes the verdicts from the ledger.</summary>
    public static void LoseVerdicts(Scene scene) =>
        scene.ChangeLedger(lines => lines.Where(line => !line.Contains("\"verdict\"", StringComparison.Ordinal)));

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
        run.Objects.RemoveAll(text => text.Contains(id, StringComparison.Ordinal));
    }

    private static void Drop() =>
        Task.Run(() => throw new InvalidOperationException("Nobody looks at this.")).ContinueWith(_ => { }, TaskScheduler.Default).Wait();
}
