using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Chuizi.Video.Benchmarks.Peers;

namespace Chuizi.Video.Benchmarks.Measuring;

/// <summary>A runspace of the real engine that can import and run the built module.</summary>
internal sealed class ModuleHost : IDisposable
{
    private readonly Runspace _runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());

    public ModuleHost() => _runspace.Open();

    /// <summary>Imports a module, by default the one under test, and returns the time it took.</summary>
    public TimeSpan Import(string? path = null) => Time("param($path) Import-Module $path", ("path", path ?? Modules.Ours));

    /// <summary>Creates a host with the module under test, connected to a sandbox.</summary>
    public static ModuleHost For(SandboxProcess sandbox)
    {
        ModuleHost host = new();
        host.Import();
        host.Connect(sandbox.BaseAddress, sandbox.ApiKey);
        return host;
    }

    /// <summary>Connects to a sandbox.</summary>
    public void Connect(Uri address, string key) =>
        Time("param($key, $uri) Connect-ChuiziVideo $key -BaseUri $uri", ("key", key), ("uri", address.ToString()));

    /// <summary>Runs a script that must not fail, and returns its output as text.</summary>
    public IReadOnlyList<string> Read(string script)
    {
        using PowerShell shell = Make(script);
        List<string> output = [.. shell.Invoke().Select(value => value.ToString())];
        return shell.HadErrors ? throw new InvalidOperationException(shell.Streams.Error.FirstOrDefault()?.ToString()) : output;
    }

    /// <summary>Prepares a script for the caller to run.</summary>
    public PowerShell Make(string script)
    {
        PowerShell shell = PowerShell.Create(_runspace);
        shell.AddScript(script);
        return shell;
    }

    /// <summary>Runs a script that must not fail, and returns the time it took.</summary>
    public TimeSpan Time(string script, params (string Name, object Value)[] arguments)
    {
        using PowerShell shell = Make(script);
        foreach ((string name, object value) in arguments)
        {
            shell.AddParameter(name, value);
        }

        long start = Stopwatch.GetTimestamp();
        shell.Invoke();
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        return shell.HadErrors ? throw new InvalidOperationException(shell.Streams.Error.FirstOrDefault()?.ToString()) : elapsed;
    }

    /// <inheritdoc/>
    public void Dispose() => _runspace.Dispose();
}
