using System.Diagnostics;
using System.Globalization;
using Chuizi.Video.EngineHost.Hosting;
using Chuizi.Video.Soak.Plans;

namespace Chuizi.Video.Soak.Runs;

/// <summary>Runs a batch in processes of its own, which are killed and asked to end.</summary>
internal sealed class ChildRuns : IBatchRuns
{
    private static readonly string s_host = Path.ChangeExtension(typeof(EngineSession).Assembly.Location, ".dll");
    private static readonly string s_dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private static readonly bool s_hasLimits = OperatingSystem.IsLinux() && File.Exists("/usr/bin/prlimit");

    private readonly Scene _scene;

    /// <summary>Writes the list and the script.</summary>
    public ChildRuns(Scene scene)
    {
        _scene = scene;
        BatchPlan plan = scene.Plan;
        string name = plan.NamesFiles ? ",FileName" : "";
        File.WriteAllLines(Of("list.csv"), plan.Prompts.Select((prompt, index) => plan.NamesFiles ? $"{prompt},row {index + 1}" : prompt).Prepend("Prompt" + name));
        File.WriteAllText(Of("batch.ps1"), $$"""
            param([string] $Module, [string] $Key, [string] $Uri, [string] $Soak, [string] $Speed, [string] $Again)
            Import-Module $Module
            $null = [Reflection.Assembly]::LoadFrom($Soak)
            $null = [Chuizi.Video.Soak.Runs.FastClock]::Install($Speed)
            Connect-ChuiziVideo $Key -BaseUri $Uri
            {{(plan.IsVerbose ? "$VerbosePreference = 'Continue'; $DebugPreference = 'Continue'" : "")}}
            $switches = @{}
            $timeout = {{plan.Wait["Timeout"]}}
            if ($Again -eq 'again') {
                $timeout = 3600
                $switches = @{ Resubmit = ${{plan.Resubmits}}; RetryFailed = ${{plan.RetriesFailed}} }
            }

            Import-Csv list.csv | New-ChuiziVideo -Ledger run.jsonl @switches {{Line(plan.New)}} | Wait-ChuiziVideo -Timeout $timeout {{Line(plan.Wait.Where(pair => pair.Key != "Timeout"))}} | Save-ChuiziVideo out {{Line(plan.Save)}}
            """);
    }

    /// <inheritdoc/>
    public void Fault()
    {
        Mishap[] deaths = [.. _scene.Plan.Mishaps.Where(mishap => mishap.Kind >= MishapKind.Kill)];
        for (int start = 0; start < _scene.Plan.Starts && _scene.Violations.Count == 0; start++)
        {
            Run(deaths[start], start > 0);
        }
    }

    /// <inheritdoc/>
    public void Heal() => Run(null, again: true);

    /// <inheritdoc/>
    public void Settle()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private void Run(Mishap? death, bool again)
    {
        if (again)
        {
            _scene.Allow(_scene.Plan.Resubmits, _scene.Plan.RetriesFailed);
        }

        RunRecord record = new() { WasCut = true };
        _scene.Runs.Add(record);
        using Process process = Start(death is not null, again);
        if (death is not null)
        {
            _scene.Watch.Arm(_scene.Acts(() => { }).Append((death.Request, () => Send(death.Kind, process))));
        }

        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(s_patience))
        {
            process.Kill();
            record.IsStuck = true;
        }

        record.Texts.Add(output.GetAwaiter().GetResult());
        record.Texts.Add(errors.GetAwaiter().GetResult());
    }

    private Process Start(bool isLimited, bool again)
    {
        BatchPlan plan = _scene.Plan;
        List<string> command =
        [
            s_dotnet, s_host, "batch.ps1", Built.Module, _scene.Server.ApiKey, _scene.Server.BaseAddress.ToString(),
            typeof(ChildRuns).Assembly.Location, _scene.Speed.ToString(CultureInfo.InvariantCulture), again ? "again" : "first",
        ];
        if (isLimited && plan.LongestFile > 0 && s_hasLimits)
        {
            command.InsertRange(0, ["/usr/bin/prlimit", string.Create(CultureInfo.InvariantCulture, $"--fsize={plan.LongestFile}"), "--"]);
            _scene.Happened.Add(MishapKind.FullDisk);
        }

        ProcessStartInfo start = new(command[0], command[1..]) { WorkingDirectory = _scene.Home, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        // Which maps its code through a file of gigabytes.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        return Process.Start(start)!;
    }

    private void Send(MishapKind kind, Process process)
    {
        _scene.Happened.Add(kind);
        string signal = kind switch { MishapKind.Kill => "KILL", MishapKind.Terminate => "TERM", _ => "INT" };
        using Process kill = Process.Start("kill", ["-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private string Of(string name) => Path.Combine(_scene.Home, name);

    private static string Line(IEnumerable<KeyValuePair<string, object>> parameters) => string.Join(' ', parameters.Select(pair =>
        pair.Value is bool ? "-" + pair.Key : string.Create(CultureInfo.InvariantCulture, $"-{pair.Key} {pair.Value}")));
}
