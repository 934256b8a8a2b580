using System.Collections;
using Chuizi.Video.Soak.Plans;

namespace Chuizi.Video.Soak.Runs;

/// <summary>Runs a batch in a runspace of this process.</summary>
internal sealed class InProcessRuns : IBatchRuns
{
    private const string Waiting = " | Wait-ChuiziVideo @wait | Save-ChuiziVideo @save";
    private const string OfObjects = "$rows | New-ChuiziVideo @new" + Waiting;
    private const string OfList = "New-ChuiziVideo @new" + Waiting;
    private const string Unattended = "Invoke-ChuiziVideoBatch @batch";
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
        RunRecord record = Run(end, again: false);
        record.WasCut |= plan.End is BatchEnd.Enough or BatchEnd.Throw && record.Output.Count >= plan.EndAfter;
    }

    /// <summary>Rejects videos.</summary>
    public void Judge(IReadOnlyList<Video> rejected)
    {
        RunRecord record = Run(
            "param($ids, $ledger) $ids | Set-ChuiziVideo -Verdict Rejected -Ledger $ledger",
            ("ids", rejected.Select(video => video.Id).ToArray()), ("ledger", _scene.LedgerArgument));
        _scene.Runs.Add(record);
        foreach (ErrorRecord error in record.Errors)
        {
            _scene.Violate($"A verdict was not recorded: {error}");
        }
    }

    /// <summary>Submits a new take of each row whose videos are all rejected.</summary>
    public void Retake() => Run("", again: true, retakes: true);

    /// <inheritdoc/>
    public void Heal()
    {
        BatchPlan plan = _scene.Plan;
        _scene.Allow(plan.Resubmits, plan.RetriesFailed);
        Run("", again: true);
    }

    /// <inheritdoc/>
    public void Settle() => _scene.Runs[^1].Texts.AddRange(_host.Take());

    /// <inheritdoc/>
    public void Dispose() => _shell.Dispose();

    private RunRecord Run(string end, bool again, bool retakes = false)
    {
        BatchPlan plan = _scene.Plan;
        Hashtable first = Splat(plan.New);
        Hashtable wait = Splat(plan.Wait);
        Hashtable save = Splat(plan.Save);
        if (plan.HasLedger)
        {
            first["Ledger"] = _scene.LedgerArgument;
        }

        if (!again && plan.Deadline is { } seconds)
        {
            first["Deadline"] = wait["Deadline"] = seconds;
        }

        if (retakes)
        {
            first["RetryRejected"] = true;
            first.Remove("TakeCount");
        }
        else if (again)
        {
            first["Resubmit"] = plan.Resubmits;
            first["RetryFailed"] = plan.RetriesFailed;
        }

        if (again)
        {
            wait["Timeout"] = 3600;
        }

        if (plan.Form != ListForm.Objects)
        {
            first["Path"] = _scene.WriteList();
        }

        if (plan.Form == ListForm.Windows1252)
        {
            first["Encoding"] = "1252";
        }

        if (plan.Summarizes)
        {
            save["Summary"] = true;
        }

        save["Destination"] = _scene.Saved;
        string pipeline = plan.IsUnattended ? Unattended : plan.Form == ListForm.Objects ? OfObjects : OfList;
        string preferences = plan.IsVerbose ? "$VerbosePreference = 'Continue'; $DebugPreference = 'Continue'; " : "";
        RunRecord record = Run(
            $"param($rows, $new, $wait, $save, $batch, $after) {preferences}{pipeline}{end}",
            ("rows", Rows()), ("new", first), ("wait", wait), ("save", save), ("batch", Batch(first, save)), ("after", plan.EndAfter));
        _scene.Runs.Add(record);
        return record;
    }

    /// <summary>The parameters of Invoke-ChuiziVideoBatch.</summary>
    private static Hashtable Batch(Hashtable first, Hashtable save)
    {
        Hashtable batch = [];
        foreach ((Hashtable from, string name) in new[]
            {
                (first, "Path"), (first, "Encoding"), (first, "Ledger"), (first, "MaxCost"), (first, "Deadline"), (first, "ErrorAction"),
                (save, "Destination"), (save, "Force"),
            })
        {
            if (from.ContainsKey(name))
            {
                batch[name] = from[name];
            }
        }

        return batch;
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
        return [.. BatchList.Rows(_scene.Plan).Select(Row)];

        static PSObject Row(IReadOnlyDictionary<string, string> columns)
        {
            PSObject row = new();
            foreach ((string name, string text) in columns)
            {
                row.Properties.Add(new PSNoteProperty(name, text));
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
