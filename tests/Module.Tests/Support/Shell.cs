using System.Management.Automation.Runspaces;
using Chuizi.Video.EngineHost.Hosting;

namespace Chuizi.Video.Module.Tests.Support;

/// <summary>A runspace of the real engine with the built module, and a sandbox that it is connected to.</summary>
internal sealed class Shell : IDisposable
{
    private readonly Runspace _runspace;

    /// <summary>Opens it.</summary>
    /// <param name="options">The sandbox; one that is done at once where none are given.</param>
    /// <param name="connect">Whether it is connected.</param>
    /// <param name="console">The console it has; none, as in a job, where none is given.</param>
    public Shell(SandboxOptions? options = null, bool connect = true, ITerminal? console = null)
    {
        Server = SandboxServer.Start(options ?? new SandboxOptions { GenerationTime = TimeSpan.Zero, Balance = 1000 });
        InitialSessionState state = InitialSessionState.CreateDefault2();
        state.ImportPSModule([Repository.Module]);
        state.Commands.Add(new SessionStateCmdletEntry("Stop-Upstream", typeof(StopUpstreamCommand), null));
        state.ThrowOnRunspaceOpenError = true;
        _runspace = console is null ? RunspaceFactory.CreateRunspace(state) : RunspaceFactory.CreateRunspace(new EngineHost.Hosting.EngineHost(console), state);
        _runspace.Open();
        Folder = Directory.CreateTempSubdirectory("chuizi-tests-").FullName;
        Run("param($folder) $null = $ExecutionContext.SessionState.Path.SetLocation($folder)", ("folder", Folder)).ShouldBeClean();
        if (connect)
        {
            Run("param($key, $uri) Connect-ChuiziVideo -ApiKey $key -BaseUri $uri", ("key", Server.ApiKey), ("uri", Server.BaseAddress.ToString())).ShouldBeClean();
            Connected = Server.Requests.Count;
        }
    }

    public SandboxServer Server { get; }

    /// <summary>A folder of this test's own, which is the current location.</summary>
    public string Folder { get; }

    /// <summary>Requests made by connecting, which tests do not count.</summary>
    public int Connected { get; }

    /// <summary>The requests since connecting.</summary>
    public IReadOnlyList<RecordedRequest> Requests => [.. Server.Requests.Skip(Connected)];

    /// <summary>The submissions.</summary>
    public IReadOnlyList<RecordedRequest> Posts => [.. Requests.Where(request => request.Method == "POST")];

    /// <summary>Gives the module another clock in this runspace, for what it tells from time to time.</summary>
    public void SetClock(TimeProvider clock)
    {
        // The module is the built one, loaded by the engine, so that the tests cannot refer to it.
        Type session = AppDomain.CurrentDomain.GetAssemblies().Single(assembly => assembly.GetName().Name == "Chuizi.Video").GetType("Chuizi.Video.Module.Session.ModuleSession", throwOnError: true)!;
        session.GetProperty("Clock")!.SetValue(session.GetMethod("Of")!.Invoke(null, [_runspace]), clock);
    }

    public PowerShell Begin(string script, params (string Name, object? Value)[] arguments)
    {
        PowerShell shell = PowerShell.Create(_runspace);
        shell.AddScript(script);
        foreach ((string name, object? value) in arguments)
        {
            shell.AddParameter(name, value);
        }

        return shell;
    }

    public Outcome Run(string script, params (string Name, object? Value)[] arguments)
    {
        using PowerShell shell = Begin(script, arguments);
        PSDataCollection<PSObject> output = [];
        Exception? thrown = null;
        try
        {
            shell.Invoke(null, output);
        }
        catch (RuntimeException exception)
        {
            thrown = exception;
        }

        return new Outcome(
            [.. output],
            [.. shell.Streams.Error],
            [.. shell.Streams.Warning.Select(warning => warning.Message)],
            [.. shell.Streams.Verbose.Select(line => line.Message)],
            [.. shell.Streams.Progress],
            [.. shell.Streams.Debug.Select(line => line.Message)],
            [.. shell.Streams.Information],
            thrown);
    }

    public void Dispose()
    {
        _runspace.Dispose();
        Server.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
