using System.Collections;
using Chuizi.Video.Soak.Plans;

namespace Chuizi.Video.Soak.Runs;

/// <summary>Runs a batch in a runspace of this process.</summary>
internal sealed class InProcessRuns : IBatchRuns
{
    private const string Pipeline = "$rows | New-ChuiziVideo @new | Wait-ChuiziVideo @wait | Save-ChuiziVideo @save";
    private const string Asking = "Get-ChuiziVideoAccount; Get-ChuiziVideoModel -Online";

    private readonly RecordingHost _host = new(width: 120);
    private readonly Scene _scene;
    private readonly Shell _shell;

    /// <summary>Opens the runspace, connected to the sandbox of the scene.</summary>
    public InProcessRuns(Scene scene)
    {
        _scene = scene;
        _shell = new Shell(scene.Server, scene.Home, _host);
        scene.ClientClock.Install(_shell.Runspace);
    }

    /// <inheritdoc/>
    public void Fault()
    {
        BatchPlan plan = _scene.Plan;
        if (plan.Asks)
        {
            Ask();
        }

        _scene.Watch.Arm(_scene.Acts(_shell.Stop));
        string end = plan.End switch
        {
            BatchEnd.Enough => " | Select-Object -First $after",
            BatchEnd.Throw => " | ForEach-Object { $_; $seen++; if ($seen -ge $after) { throw 'enough' } }",
            _ => "",
        };
        RunRecord record = Run(Pipeline + end, again: false);
        record.WasCut |= plan.End is BatchEnd.Enough or BatchEnd.Throw && record.Output.Count >= plan.EndAfter;
    }

    /// <inheritdoc/>
    public void Heal()
    {
        BatchPlan plan = _scene.Plan;
        _scene.Allow(plan.Resubmits, plan.RetriesFailed);
        Run(Pipeline, again: true);
    }

    /// <inheritdoc/>
    public void Settle() => _scene.Runs[^1].Texts.AddRange(_host.Take());

    /// <inheritdoc/>
    public void Dispose() => _shell.Dispose();

    private RunRecord Run(string pipeline, bool again)
    {
        BatchPlan plan = _scene.Plan;
        Hashtable first = Splat(plan.New);
        Hashtable wait = Splat(plan.Wait);
        if (plan.HasLedger)
        {
            first["Ledger"] = _scene.Ledger;
        }

        if (again)
        {
            first["Resubmit"] = plan.Resubmits;
            first["RetryFailed"] = plan.RetriesFailed;
            wait["Timeout"] = 3600;
        }

        Hashtable save = Splat(plan.Save);
        save["Destination"] = _scene.Saved;
        string preferences = plan.IsVerbose ? "$VerbosePreference = 'Continue'; $DebugPreference = 'Continue'; " : "";
        RunRecord record = Run(
            $"param($rows, $new, $wait, $save, $after) {preferences}{pipeline}",
            ("rows", Rows()), ("new", first), ("wait", wait), ("save", save), ("after", plan.EndAfter));
        _scene.Runs.Add(record);
        return record;
    }

    private RunRecord Run(string script, params (string Name, object? Value)[] arguments) =>
        RunRecord.Of(_shell.Run(script, arguments), _host.Take());

    /// <summary>Retrieves the account and the models. Each may give one error.</summary>
    private void Ask()
    {
        RunRecord record = Run(Asking);
        _scene.Runs.Add(new RunRecord { WasCut = true, IsStuck = record.IsStuck, Thrown = record.Thrown });
        _scene.Runs[^1].Texts.AddRange(record.Texts);
        if (record.Errors.Count > 2)
        {
            _scene.Violate($"Asking for the account and the models gave {record.Errors.Count} errors.");
        }
    }

    private PSObject[] Rows()
    {
        return [.. _scene.Plan.Prompts.Select(Row)];

        PSObject Row(string prompt, int index)
        {
            PSObject row = new();
            row.Properties.Add(new PSNoteProperty("Prompt", prompt));
            if (_scene.Plan.SignsImages)
            {
                string url = $"https://images.example/{index}.png?sv=1&sig={Scene.Signature}{Guid.NewGuid():N}";
                row.Properties.Add(new PSNoteProperty("Image", url));
            }

            if (_scene.Plan.NamesFiles)
            {
                row.Properties.Add(new PSNoteProperty("FileName", $"row {index + 1}"));
            }

            return row;
        }
    }

    private Hashtable Splat(IReadOnlyDictionary<string, object> parameters)
    {
        Hashtable splat = new(parameters.ToDictionary(pair => pair.Key, pair => pair.Value));
        if (_scene.Plan.StopsOnError)
        {
            splat["ErrorAction"] = "Stop";
        }

        return splat;
    }
}
