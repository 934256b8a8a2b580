using System.Globalization;
using Chuizi.Video.Soak.Plans;

namespace Chuizi.Video.Soak.Runs;

/// <summary>Runs a batch in child processes, which are killed or receive signals to end.</summary>
internal sealed class ChildRuns : IBatchRuns
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private static readonly bool s_hasLimits = OperatingSystem.IsLinux() && File.Exists("/usr/bin/prlimit");

    private const string SignedImage =
        $$"""-Image { "https://images.example/$([uri]::EscapeDataString($_.Prompt)).png?sv=1&sig={{Scene.Signature}}$([guid]::NewGuid())" }""";

    private readonly Scene _scene;

    /// <summary>Writes the list and the script.</summary>
    public ChildRuns(Scene scene)
    {
        _scene = scene;
        BatchPlan plan = scene.Plan;
        string name = plan.NamesFiles ? ",FileName" : "";
        File.WriteAllLines(
            Of("list.csv"),
            plan.Prompts.Select((prompt, index) => plan.NamesFiles ? $"{prompt},row {index + 1}" : prompt).Prepend("Prompt" + name));
        File.WriteAllText(
            Of("batch.ps1"),
            $$"""
            param([string] $Module, [string] $Key, [string] $Uri, [string] $Support, [string] $Speed, [string] $Again)
            $PSStyle.OutputRendering = 'PlainText'
            Import-Module $Module
            Add-Type -LiteralPath $Support
            $null = [Chuizi.Video.Tests.Support.FastClock]::Install($Speed)
            Connect-ChuiziVideo $Key -BaseUri $Uri
            {{(plan.IsVerbose ? "$VerbosePreference = 'Continue'; $DebugPreference = 'Continue'" : "")}}
            $switches = @{}
            $timeout = {{plan.Wait["Timeout"]}}
            if ($Again -eq 'again') {
                $timeout = 3600
                $switches = @{ Resubmit = ${{plan.Resubmits}}; RetryFailed = ${{plan.RetriesFailed}} }
            }

            Import-Csv list.csv | New-ChuiziVideo -Ledger run.jsonl @switches {{Line(plan.New)}} {{(plan.SignsImages ? SignedImage : "")}} |
                Wait-ChuiziVideo -Timeout $timeout {{Line(plan.Wait.Where(pair => pair.Key != "Timeout"))}} |
                Save-ChuiziVideo out {{Line(plan.Save)}}
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
        using ChildProcess process = Start(death is not null, again);
        if (death is not null)
        {
            _scene.Watch.Arm(_scene.Acts(() => { }).Append((death.Request, () => Send(death.Kind, process))));
        }

        try
        {
            ChildResult result = process.WaitForEnd(s_patience);
            record.Texts.AddRange([result.Output, result.Errors]);
        }
        catch (TimeoutException exception)
        {
            record.IsStuck = true;
            record.Texts.Add(exception.Message);
        }
    }

    private ChildProcess Start(bool isLimited, bool again)
    {
        BatchPlan plan = _scene.Plan;
        List<string> command =
        [
            .. PowerShellExecutable.Command, "-NoProfile", "-NonInteractive", "-File", "batch.ps1",
            Repository.Module, _scene.Server.ApiKey, _scene.Server.BaseAddress.ToString(), typeof(FastClock).Assembly.Location,
            _scene.Speed.ToString(CultureInfo.InvariantCulture), again ? "again" : "first",
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

    private string Of(string name) => Path.Combine(_scene.Home, name);

    private static string Line(IEnumerable<KeyValuePair<string, object>> parameters) => string.Join(' ', parameters.Select(pair =>
        pair.Value is bool ? "-" + pair.Key : string.Create(CultureInfo.InvariantCulture, $"-{pair.Key} {pair.Value}")));
}
