using System.Diagnostics;
using System.Globalization;
using Chuizi.Video.EngineHost.Hosting;

namespace Chuizi.Video.Module.Tests.Campaigns;

/// <summary>The user's pipeline over a CSV file in a process of its own, which can be killed.</summary>
internal sealed class ChildBatch : IDisposable
{
    private static readonly string s_host = Path.ChangeExtension(typeof(EngineSession).Assembly.Location, ".dll");
    private static readonly string s_dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private readonly string _folder;
    private readonly SandboxServer _server;

    /// <summary>A list of prompts that are all different, in a folder that is there.</summary>
    public ChildBatch(SandboxServer server, string folder, int rows, string options = "")
    {
        _server = server;
        _folder = folder;
        Prompts = [.. Enumerable.Range(1, rows).Select(row => row.ToString("'Prompt' 000", CultureInfo.InvariantCulture))];
        File.WriteAllLines(Path.Combine(folder, "list.csv"), Prompts.Select((prompt, index) => $"{prompt},4,{index + 1}").Prepend("Prompt,Duration,FileName"));
        Write("connect.ps1", """
            param([string] $Module, [string] $Key, [string] $Uri)
            Import-Module $Module
            Connect-ChuiziVideo $Key -BaseUri $Uri
            """);
        Write("batch.ps1", $$"""
            param([string] $Module, [string] $Key, [string] $Uri)
            . ./connect.ps1 $Module $Key $Uri
            Import-Csv list.csv | New-ChuiziVideo -Ledger run.jsonl {{options}} | Wait-ChuiziVideo | Save-ChuiziVideo out
            """);
    }

    public IReadOnlyList<string> Prompts { get; }

    public string Ledger => Path.Combine(_folder, "run.jsonl");

    public string Saved => Path.Combine(_folder, "out");

    /// <summary>The process that runs; its streams are read to their end, so that it never waits for a reader.</summary>
    public Process? Running { get; private set; }

    /// <summary>What it has written, when it has ended.</summary>
    public Task<string> Output { get; private set; } = Task.FromResult("");

    public void Write(string name, string script) => File.WriteAllText(Path.Combine(_folder, name), script);

    /// <summary>Starts a script of the folder.</summary>
    public Process Start(string script = "batch.ps1")
    {
        Running?.Dispose();
        ProcessStartInfo start = new(s_dotnet, [s_host, script, Repository.Module, _server.ApiKey, _server.BaseAddress.ToString()])
        {
            WorkingDirectory = _folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Running = Process.Start(start)!;
        Task<string> output = Running.StandardOutput.ReadToEndAsync();
        Task<string> errors = Running.StandardError.ReadToEndAsync();
        Output = Task.Run(async () => await output + await errors);
        return Running;
    }

    /// <summary>Waits for the end of the process, however it comes.</summary>
    public string AwaitEnd()
    {
        Eventually.Is(() => Running!.HasExited, "the end of the process");
        return Output.GetAwaiter().GetResult();
    }

    /// <summary>Sends a signal.</summary>
    public void Signal(string name)
    {
        using Process kill = Process.Start("kill", ["-" + name, Running!.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (Running is { HasExited: false } running)
        {
            running.Kill();
            running.WaitForExit();
        }

        Running?.Dispose();
    }
}
