using System.Collections;
using Chuizi.Video.Soak.Plans;

namespace Chuizi.Video.Soak.Runs;

/// <summary>Runs a batch in a runspace of this process.</summary>
internal sealed class InProcessRuns(Scene scene) : IBatchRuns
{
    private const string Pipeline = "$rows | New-ChuiziVideo @new | Wait-ChuiziVideo @wait | Save-ChuiziVideo @save";
    private const string Asking = "Get-ChuiziVideoAccount; Get-ChuiziVideoModel -Online";

    private readonly SoakShell _shell = new(scene.Server, scene.ClientClock, scene.Home);

    /// <inheritdoc/>
    public void Fault()
    {
        BatchPlan plan = scene.Plan;
        if (plan.Asks)
        {
            Ask();
        }

        scene.Watch.Arm(scene.Acts(_shell.Stop));
        string end = plan.End switch
        {
            BatchEnd.Enough => " | Stop-Upstream $after",
            BatchEnd.Throw => " | ForEach-Object { $_; $seen++; if ($seen -ge $after) { throw 'enough' } }",
            _ => "",
        };
        RunRecord record = Run(Pipeline + end, again: false);
        record.WasCut |= plan.End is BatchEnd.Enough or BatchEnd.Throw && record.Output.Count >= plan.EndAfter;
    }

    /// <inheritdoc/>
    public void Heal()
    {
        BatchPlan plan = scene.Plan;
        scene.Allow(plan.Resubmits, plan.RetriesFailed);
        Run(Pipeline, again: true);
    }

    /// <inheritdoc/>
    public void Settle() => scene.Runs[^1].Texts.AddRange(_shell.TakeConsole());

    /// <inheritdoc/>
    public void Dispose() => _shell.Dispose();

    private RunRecord Run(string pipeline, bool again)
    {
        BatchPlan plan = scene.Plan;
        Hashtable first = Splat(plan.New);
        Hashtable wait = Splat(plan.Wait);
        if (plan.HasLedger)
        {
            first["Ledger"] = scene.Ledger;
        }

        if (again)
        {
            first["Resubmit"] = plan.Resubmits;
            first["RetryFailed"] = plan.RetriesFailed;
            wait["Timeout"] = 3600;
        }

        Hashtable save = Splat(plan.Save);
        save["Destination"] = scene.Saved;
        string preferences = plan.IsVerbose ? "$VerbosePreference = 'Continue'; $DebugPreference = 'Continue'; " : "";
        RunRecord record = _shell.Run(
            $"param($rows, $new, $wait, $save, $after) {preferences}{pipeline}",
            ("rows", Rows()), ("new", first), ("wait", wait), ("save", save), ("after", plan.EndAfter));
        scene.Runs.Add(record);
        return record;
    }

    /// <summary>Each of the two answers, or gives one error.</summary>
    private void Ask()
    {
        RunRecord record = _shell.Run(Asking);
        scene.Runs.Add(new RunRecord { WasCut = true, IsStuck = record.IsStuck, Thrown = record.Thrown });
        scene.Runs[^1].Texts.AddRange(record.Texts);
        if (record.Errors.Count > 2)
        {
            scene.Violate($"Asking for the account and the models gave {record.Errors.Count} errors.");
        }
    }

    private PSObject[] Rows()
    {
        return [.. scene.Plan.Prompts.Select(Row)];

        PSObject Row(string prompt, int index)
        {
            PSObject row = new();
            row.Properties.Add(new PSNoteProperty("Prompt", prompt));
            if (scene.Plan.NamesFiles)
            {
                row.Properties.Add(new PSNoteProperty("FileName", $"row {index + 1}"));
            }

            return row;
        }
    }

    private Hashtable Splat(IReadOnlyDictionary<string, object> parameters)
    {
        Hashtable splat = new(parameters.ToDictionary(pair => pair.Key, pair => pair.Value));
        if (scene.Plan.StopsOnError)
        {
            splat["ErrorAction"] = "Stop";
        }

        return splat;
    }
}
