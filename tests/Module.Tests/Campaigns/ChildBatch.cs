using System.Globalization;

namespace Chuizi.Video.Module.Tests.Campaigns;

/// <summary>The user's pipeline over a CSV file, in a separate PowerShell process that can be killed.</summary>
internal sealed class ChildBatch : IDisposable
{
    /// <summary>The number of requests that a process of worker.ps1 submits at once.</summary>
    public const int WorkerThrottle = 2;

    private readonly string _folder;
    private readonly SandboxServer _server;

    /// <summary>Writes a list of distinct prompts, and the scripts, to an existing folder.</summary>
    /// <param name="server">The sandbox.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="options">Further parameters of New-ChuiziVideo.</param>
    /// <param name="ledger">The ledger.</param>
    /// <param name="speed">How fast the clock of the process is.</param>
    public ChildBatch(SandboxServer server, string folder, int rows, string options = "", string ledger = "run.jsonl", int speed = 1)
    {
        _server = server;
        _folder = folder;
        Prompts = [.. Enumerable.Range(1, rows).Select(row => row.ToString("'Prompt' 000", CultureInfo.InvariantCulture))];
        File.WriteAllLines(
            Path.Combine(folder, "list.csv"),
            Prompts.Select((prompt, index) => $"{prompt},4,{index + 1}").Prepend("Prompt,Duration,FileName"));
        Write("connect.ps1", $$"""
            param([string] $Module, [string] $Key, [string] $Uri)
            $PSStyle.OutputRendering = 'PlainText'
            Import-Module $Module
            Connect-ChuiziVideo $Key -BaseUri $Uri
            if ({{speed}} -gt 1) {
                Add-Type -LiteralPath '{{typeof(FastClock).Assembly.Location}}'
                $null = [Chuizi.Video.Tests.Support.FastClock]::Install('{{speed}}')
            }
            """);
        Write("batch.ps1", $$"""
            param([string] $Module, [string] $Key, [string] $Uri)
            . ./connect.ps1 $Module $Key $Uri
            Import-Csv list.csv | New-ChuiziVideo -Ledger '{{ledger}}' {{options}} | Wait-ChuiziVideo | Save-ChuiziVideo out
            """);
        Write("worker.ps1", $$"""
            param([string] $Module, [string] $Key, [string] $Uri)
            . ./connect.ps1 $Module $Key $Uri
            $PSDefaultParameterValues['New-ChuiziVideo:ThrottleLimit'] = {{WorkerThrottle}}
            Invoke-ChuiziVideoBatch list.csv out -Ledger '{{ledger}}'
            exit $LASTEXITCODE
            """);
    }

    public IReadOnlyList<string> Prompts { get; }

    public string Ledger => Path.Combine(_folder, "run.jsonl");

    public string Saved => Path.Combine(_folder, "out");

    /// <summary>The most recently started process.</summary>
    public ChildProcess? Running { get; private set; }

    public void Write(string name, string script) => File.WriteAllText(Path.Combine(_folder, name), script);

    /// <summary>Starts a script in the folder.</summary>
    public ChildProcess Start(string script = "batch.ps1")
    {
        Running?.Dispose();
        return Running = StartAnother(script);
    }

    /// <summary>Starts a script in the folder beside those that run. The caller disposes of it.</summary>
    public ChildProcess StartAnother(string script = "batch.ps1")
    {
        ChildProcess process = ChildProcess.StartScript(
            script, [Repository.Module, _server.ApiKey, _server.BaseAddress.ToString()], _folder);
        process.Input.Close();
        return process;
    }

    /// <summary>Waits until the process ends, and returns what it wrote.</summary>
    public string AwaitEnd() => Running!.WaitForEnd().Text;

    public void Dispose() => Running?.Dispose();
}
