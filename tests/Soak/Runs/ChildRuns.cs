using System.Globalization;
using Chuizi.Video.Soak.Plans;

namespace Chuizi.Video.Soak.Runs;

/// <summary>Runs a batch in child processes, which are killed or receive signals to end.</summary>
internal sealed class ChildRuns : IBatchRuns
{
    private static readonly bool s_hasLimits = OperatingSystem.IsLinux() && File.Exists("/usr/bin/prlimit");

    private readonly Scene _scene;

    /// <summary>Writes the script.</summary>
    public ChildRuns(Scene scene)
    {
        _scene = scene;
        BatchPlan plan = scene.Plan;
        string call = plan switch
        {
            { IsUnattended: true } => $$"""
                Invoke-ChuiziVideoBatch @list out -Ledger $Ledger {{Line(plan.New.Where(pair => pair.Key == "MaxCost"))}} @deadline {{Line(plan.Save.Where(pair => pair.Key == "Force"))}}
                exit $LASTEXITCODE
                """,
            { Form: ListForm.Objects } => $$"""
                Import-Csv $list.Path | New-ChuiziVideo -Ledger $Ledger @switches {{Line(plan.New)}} @deadline |
                    Wait-ChuiziVideo -Timeout $timeout {{Line(plan.Wait.Where(pair => pair.Key != "Timeout"))}} @deadline |
                    Save-ChuiziVideo out {{Line(plan.Save)}}
                """,
            _ => $$"""
                New-ChuiziVideo @list -Ledger $Ledger @switches {{Line(plan.New)}} @deadline |
                    Wait-ChuiziVideo -Timeout $timeout {{Line(plan.Wait.Where(pair => pair.Key != "Timeout"))}} @deadline |
                    Save-ChuiziVideo out {{Line(plan.Save)}}
                """,
        };
        File.WriteAllText(
            Path.Combine(scene.Home, "batch.ps1"),
            $$"""
            param([string] $Module, [string] $Key, [string] $Uri, [string] $Support, [string] $Speed, [string] $ListPath, [string] $Ledger, [string] $Again)
            $PSStyle.OutputRendering = 'PlainText'
            Import-Module $Module
            Add-Type -LiteralPath $Support
            $null = [Chuizi.Video.Tests.Support.FastClock]::Install($Speed)
            Connect-ChuiziVideo $Key -BaseUri $Uri
            {{(plan.IsVerbose ? "$VerbosePreference = 'Continue'; $DebugPreference = 'Continue'" : "")}}
            $list = @{ Path = $ListPath{{(plan.Form == ListForm.Windows1252 ? "; Encoding = '1252'" : "")}} }
            $deadline = @{ {{(plan.Deadline is { } seconds ? $"Deadline = {seconds}" : "")}} }
            $switches = @{}
            $timeout = {{plan.Wait["Timeout"]}}
            if ($Again -eq 'again') {
                $timeout = 3600
                $deadline = @{}
                $switches = @{ Resubmit = ${{plan.Resubmits}}; RetryFailed = ${{plan.RetriesFailed}} }
            }

            {{call}}
            """);
    }

    /// <inheritdoc/>
    public void Fault()
    {
        BatchPlan plan = _scene.Plan;
        Mishap[] deaths = [.. plan.Mishaps.Where(mishap => mishap.Kind >= MishapKind.Kill)];
        for (int start = 0; start < plan.Starts && _scene.Violations.Count == 0; start++)
        {
            // Of several workers, one survives.
            Run(deaths[(start * plan.Workers)..][..Math.Max(1, plan.Workers - 1)], plan.Workers, start > 0);
        }
    }

    /// <inheritdoc/>
    public void Heal() => Run([], workers: 1, again: true);

    /// <inheritdoc/>
    public void Settle()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    /// <summary>Runs the batch in some processes at the same time, of which the first die.</summary>
    private void Run(Mishap[] deaths, int workers, bool again)
    {
        if (again)
        {
            _scene.Allow(_scene.Plan.Resubmits, _scene.Plan.RetriesFailed, workers);
        }

        string list = _scene.WriteList();
        ChildProcess[] processes =
        [
            .. Enumerable.Range(0, workers).Select(worker => Start(list, isLimited: worker < deaths.Length, again)),
        ];
        try
        {
            _scene.Watch.Arm(
                [
                    .. _scene.Acts(() => { }),
                    .. deaths.Select((death, worker) => (death.Request, (Action)(() => Send(death.Kind, processes[worker])))),
                ]);
            foreach (ChildProcess process in processes)
            {
                _scene.Runs.Add(End(process));
            }
        }
        finally
        {
            foreach (ChildProcess process in processes)
            {
                process.Dispose();
            }
        }
    }

    private static RunRecord End(ChildProcess process)
    {
        RunRecord record = new() { WasCut = true };
        try
        {
            ChildResult result = process.WaitForEnd();
            record.Texts.AddRange([result.Output, result.Errors]);
        }
        catch (TimeoutException exception)
        {
            record.IsStuck = true;
            record.Texts.Add(exception.Message);
        }

        return record;
    }

    private ChildProcess Start(string list, bool isLimited, bool again)
    {
        BatchPlan plan = _scene.Plan;
        List<string> command =
        [
            .. PowerShellExecutable.Command, "-NoProfile", "-NonInteractive", "-File", "batch.ps1",
            Repository.Module, _scene.Server.ApiKey, _scene.Server.BaseAddress.ToString(), typeof(FastClock).Assembly.Location,
            _scene.Speed.ToString(CultureInfo.InvariantCulture), list, _scene.LedgerArgument, again ? "again" : "first",
        ];
        if (isLimited && plan.LongestFile > 0 && s_hasLimits)
        {
            command.InsertRange(0, ["/usr/bin/prlimit", string.Create(CultureInfo.InvariantCulture, $"--fsize={plan.LongestFile}"), "--"]);
            _scene.Happened.Add(MishapKind.FullDisk);
        }

        // With W^X the runtime maps code through a file of several gigabytes, which exceeds the limit on file size.
        ChildProcess process = ChildProcess.Start(command, _scene.Home, start => start.Environment["DOTNET_EnableWriteXorExecute"] = "0");
        process.Input.Close();
        return process;
    }

    private void Send(MishapKind kind, ChildProcess process)
    {
        _scene.Happened.Add(kind);
        process.Signal(kind switch { MishapKind.Kill => "KILL", MishapKind.Terminate => "TERM", _ => "INT" });
    }

    private static string Line(IEnumerable<KeyValuePair<string, object>> parameters) => string.Join(' ', parameters.Select(pair =>
        pair.Value is bool ? "-" + pair.Key : string.Create(CultureInfo.InvariantCulture, $"-{pair.Key} {pair.Value}")));
}
