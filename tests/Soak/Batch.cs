using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Soak.Checks;
using Chuizi.Video.Soak.Plans;
using Chuizi.Video.Soak.Runs;

namespace Chuizi.Video.Soak;

/// <summary>One batch from its plan to the last check: run with faults, then rerun without faults until it is finished.</summary>
internal sealed class Batch(Scene scene, ProcessWatch watch, Tally tally, Sabotage sabotage)
{
    private const int MostHeals = 4;

    /// <summary>Whether the sabotage was possible in this batch.</summary>
    public bool IsSabotaged { get; private set; }

    /// <summary>Runs and checks the batch, and returns the violations.</summary>
    public IReadOnlyList<string> Run()
    {
        BatchPlan plan = scene.Plan;
        using (IBatchRuns runs = plan.IsChild ? new ChildRuns(scene) : new InProcessRuns(scene))
        {
            foreach (SandboxFault fault in plan.Faults)
            {
                scene.Server.Faults.Add(fault);
            }

            runs.Fault();
            Settle(runs);
            if (sabotage != Sabotage.None)
            {
                IsSabotaged = Saboteur.Do(sabotage, scene);
            }

            RowCheck.Check(scene);
            CheckAll();
            if (plan.HasLedger && scene.Violations.Count == 0)
            {
                Heal(runs);
            }

            if (runs is InProcessRuns judged && plan is { Rejects: > 0, IsShort: false } && scene.Violations.Count == 0)
            {
                Judge(judged);
            }
        }

        CheckProcess();
        tally.Count(scene);
        return scene.Violations;
    }

    private void Heal(IBatchRuns runs)
    {
        string open = "";
        for (int heals = 0; heals < MostHeals && scene.Violations.Count == 0; heals++)
        {
            scene.Age();
            runs.Heal();
            Settle(runs);
            RowCheck.Check(scene);
            if (HealCheck.IsHealed(scene, out open))
            {
                break;
            }
        }

        if (open.Length > 0)
        {
            string told = string.Join(
                Environment.NewLine,
                scene
                    .Runs[^1]
                    .Errors.Select(error => error.ToString())
                    .Concat(scene.Runs[^1].Warnings)
                    .Concat(scene.Plan.IsChild ? scene.Runs[^1].Texts : []));
            scene.Violate($"Not healed by {MostHeals} reruns: {open}. The last run reported: {told}");
        }

        CheckAll();
        if (scene.Violations.Count == 0 && Directory.Exists(scene.Saved))
        {
            HealCheck.CheckLeft(scene);
        }

        // A rerun of a finished batch must not send requests.
        if (
            scene is
            {
                Violations.Count: 0,
                Plan: { IsChild: false, Resubmits: false, RetriesFailed: false, IsShort: false }
            })
        {
            int work = Work;
            runs.Heal();
            if (Work != work)
            {
                scene.Violate($"A rerun of a finished batch sent {Work - work} requests.");
            }
        }
    }

    /// <summary>Rejects some videos. Each row whose videos are all rejected gets one new take, and no other row does.</summary>
    private void Judge(InProcessRuns runs)
    {
        int number = 0;
        Video[] recorded = [.. scene.Recorded(out _).OrderBy(video => video.Row).ThenBy(video => video.Take)];
        Video[] rejected =
        [
            .. recorded.Where(video => video is { Status: VideoStatus.Succeeded, Id: not null } && number++ % scene.Plan.Rejects == 0),
        ];
        if (rejected.Length == 0)
        {
            return;
        }

        runs.Judge(rejected);
        Dictionary<string, int> wanted = scene.Server.Jobs.GroupBy(job => job.Prompt).ToDictionary(jobs => jobs.Key, jobs => jobs.Count());
        foreach (IGrouping<int?, Video> row in recorded.GroupBy(video => video.Row))
        {
            if (row.Any(rejected.Contains) && row.All(video => rejected.Contains(video) || video.Status == VideoStatus.Failed))
            {
                string prompt = row.First().Prompt!;
                wanted[prompt]++;
                scene.Allowed[prompt]++;
                scene.Retaken++;
            }
        }

        if (sabotage == Sabotage.LoseVerdict && scene.Retaken > 0)
        {
            Saboteur.LoseVerdicts(scene);
            IsSabotaged = true;
        }

        // The second run has nothing to do, because nobody has rejected the new takes.
        for (int run = 0; run < 2 && scene.Violations.Count == 0; run++)
        {
            runs.Retake();
            Settle(runs);
            foreach ((string prompt, int count) in wanted)
            {
                int accepted = scene.Server.Jobs.Count(job => job.Prompt == prompt);
                if (accepted != count)
                {
                    scene.Violate($"Takes: '{prompt}' was accepted {accepted} times after its verdicts, and {count} were due.");
                }
            }
        }

        CheckAll();
    }

    private int Work =>
        scene.Server.Requests.Count(request =>
            request.Route is SandboxRoute.Submit or SandboxRoute.Poll or SandboxRoute.Media
            && !request.Headers.ContainsKey("X-Sandbox-Fault")
            && request.Headers.ContainsKey("User-Agent"));

    private void CheckAll()
    {
        scene.Refresh();
        MoneyCheck.Check(scene);
        FileCheck.Check(scene);
        SecretCheck.Check(scene);
    }

    /// <summary>Waits for requests that outlive their run, and removes the remaining faults and mishaps.</summary>
    private void Settle(IBatchRuns runs)
    {
        scene.Watch.Arm([]);
        // The sandbox may hold the requests of a killed process for as long as a fault says.
        if (!ProcessWatch.Eventually(() => (scene.Plan.IsChild || scene.Server.ActiveRequests == 0) && !IsSending(), Eventually.Patience))
        {
            scene.Violate($"Stuck: {scene.Server.ActiveRequests} requests are still in progress long after the run ended.");
        }

        scene.Calm();
        runs.Settle();
    }

    private bool IsSending()
    {
        try
        {
            scene.Refresh();
            return File.Exists(scene.Ledger) && new FileInfo(scene.Ledger).Length > 0
                && LedgerListing.Read(scene.Ledger, out _).Any(entry => entry.Video is { Id: null, Status: VideoStatus.Processing });
        }
        catch (ChuiziException)
        {
            // Another process is writing the ledger.
            return true;
        }
    }

    private void CheckProcess()
    {
        // What the sabotage leaks stays open however long anyone waits.
        foreach (string file in ProcessWatch.OpenFilesUnder(scene.Home, sabotage == Sabotage.LeakFile ? TimeSpan.Zero : null))
        {
            scene.Violate($"Leaked: '{Path.GetFileName(file)}' is still open.");
        }

        foreach (string exception in watch.TakeUnobserved())
        {
            scene.Violate($"Unhandled task exception: {exception}");
        }
    }
}
