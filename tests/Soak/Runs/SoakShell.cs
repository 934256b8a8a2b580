using System.Management.Automation.Runspaces;
using Chuizi.Video.EngineHost.Hosting;
using Chuizi.Video.Module.Tests.Support;

namespace Chuizi.Video.Soak.Runs;

/// <summary>A runspace of the real engine with the built module, and what its scripts leave behind.</summary>
internal sealed class SoakShell : IDisposable
{
    /// <summary>No run takes as long, however its clocks go.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly QuietTerminal _terminal = new();
    private readonly Runspace _runspace;
    private PowerShell? _running;

    /// <summary>Opens it, and connects it.</summary>
    public SoakShell(SandboxServer server, FastClock clock, string folder)
    {
        InitialSessionState state = EngineSession.MakeState();
        state.ImportPSModule([Built.Module]);
        state.Commands.Add(new SessionStateCmdletEntry("Stop-Upstream", typeof(StopUpstreamCommand), null));
        state.ThrowOnRunspaceOpenError = true;
        _runspace = RunspaceFactory.CreateRunspace(new EngineHost.Hosting.EngineHost(_terminal), state);
        _runspace.Open();
        RunRecord connected = Run(
            "param($folder, $key, $uri) $null = $ExecutionContext.SessionState.Path.SetLocation($folder); Connect-ChuiziVideo $key -BaseUri $uri",
            ("folder", folder), ("key", server.ApiKey), ("uri", server.BaseAddress.ToString()));
        if (connected.Errors.Count > 0)
        {
            throw new InvalidOperationException($"It is not connected: {connected.Errors[0]}");
        }

        clock.Install(_runspace);
    }

    /// <summary>Runs a script to its end, however that comes.</summary>
    public RunRecord Run(string script, params (string Name, object? Value)[] arguments)
    {
        RunRecord record = new();
        using PowerShell shell = PowerShell.Create(_runspace);
        shell.AddScript(script);
        foreach ((string name, object? value) in arguments)
        {
            shell.AddParameter(name, value);
        }

        PSDataCollection<PSObject> output = [];
        Volatile.Write(ref _running, shell);
        IAsyncResult run = shell.BeginInvoke<PSObject, PSObject>(null, output);
        if (!run.AsyncWaitHandle.WaitOne(s_patience))
        {
            record.IsStuck = true;
            return record;
        }

        try
        {
            shell.EndInvoke(run);
        }
        catch (Exception exception) when (exception is RuntimeException)
        {
            record.Thrown = exception;
        }

        Volatile.Write(ref _running, null);
        Collect(shell, output, record);
        return record;
    }

    /// <summary>Ctrl+C, from any thread.</summary>
    public void Stop()
    {
        try
        {
            Volatile.Read(ref _running)?.BeginStop(null, null);
        }
        catch (ObjectDisposedException)
        {
            // It had just ended.
        }
    }

    /// <summary>What the console was told since the last run; requests that outlive their call may still tell something.</summary>
    public IReadOnlyList<string> TakeConsole() => _terminal.Take();

    /// <inheritdoc/>
    public void Dispose() => _runspace.Dispose();

    private void Collect(PowerShell shell, PSDataCollection<PSObject> output, RunRecord record)
    {
        record.Output.AddRange(output.Select(value => value?.BaseObject).OfType<Video>());
        record.Errors.AddRange(shell.Streams.Error);
        if (record.Thrown is RuntimeException { ErrorRecord: { } terminating } thrown)
        {
            record.WasCut = thrown is PipelineStoppedException && thrown is not ActionPreferenceStopException;
            if (!record.WasCut)
            {
                record.Errors.Add(terminating);
            }
        }

        record.Warnings.AddRange(shell.Streams.Warning.Select(warning => warning.Message));
        record.Texts.AddRange(record.Errors.SelectMany(error => (string[])[error.ToString(), error.Exception.ToString(), error.ErrorDetails?.RecommendedAction ?? "", error.TargetObject?.ToString() ?? ""]));
        record.Texts.AddRange(record.Warnings);
        record.Texts.AddRange(shell.Streams.Verbose.Select(line => line.Message));
        record.Texts.AddRange(shell.Streams.Debug.Select(line => line.Message));
        record.Texts.AddRange(shell.Streams.Information.Select(line => line.ToString()));
        record.Texts.AddRange(shell.Streams.Progress.Select(line => line.ToString()));
        record.Texts.AddRange(output.Select(value => value is null ? "" : PSSerializer.Serialize(value, 2)));
        record.Texts.AddRange(_terminal.Take());
    }
}
