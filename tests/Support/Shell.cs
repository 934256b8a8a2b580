using System.Management.Automation.Runspaces;

namespace Chuizi.Video.Tests.Support;

/// <summary>A runspace of the full engine with the built module, connected to a sandbox.</summary>
public sealed class Shell : IDisposable
{
    /// <summary>The default speed of the clock, so that the first poll comes after a tenth of a second.</summary>
    private const double Speed = 10;

    private readonly Runspace _runspace;
    private readonly bool _ownsSandbox;
    private PowerShell? _running;

    /// <summary>Opens a runspace with a sandbox and a folder of its own.</summary>
    /// <param name="options">The sandbox; by default one that finishes videos at once, with a clock that runs ten times as fast.</param>
    /// <param name="connect">Whether to connect to the sandbox.</param>
    /// <param name="host">The console; by default none, as in a job.</param>
    /// <param name="clock">The clock of its requests; by default the fast one, or the system's if options are set.</param>
    public Shell(SandboxOptions? options = null, bool connect = true, RecordingHost? host = null, TimeProvider? clock = null)
        : this(connect, host, clock ?? (options is null ? new FastClock(Speed) : TimeProvider.System), options)
    {
    }

    private Shell(bool connect, RecordingHost? host, TimeProvider clock, SandboxOptions? options)
        : this(
            SandboxServer.Start(options ?? new SandboxOptions { GenerationTime = TimeSpan.Zero, Balance = 1000, Clock = clock }),
            Directory.CreateTempSubdirectory("chuizi-tests-").FullName,
            connect,
            host,
            ownsSandbox: true,
            clock)
    {
    }

    /// <summary>Opens a runspace that is connected to the caller's sandbox, in the caller's folder.</summary>
    /// <param name="server">The sandbox.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="host">The console.</param>
    /// <param name="clock">The clock of its requests; by default the system's.</param>
    public Shell(SandboxServer server, string folder, RecordingHost host, TimeProvider? clock = null)
        : this(server, folder, connect: true, host, ownsSandbox: false, clock)
    {
    }

    private Shell(SandboxServer server, string folder, bool connect, RecordingHost? host, bool ownsSandbox, TimeProvider? clock = null)
    {
        Server = server;
        Folder = folder;
        _ownsSandbox = ownsSandbox;
        InitialSessionState state = InitialSessionState.CreateDefault2();
        state.ImportPSModule([Repository.Module]);
        state.ThrowOnRunspaceOpenError = true;
        _runspace = host is null ? RunspaceFactory.CreateRunspace(state) : RunspaceFactory.CreateRunspace(host, state);
        _runspace.Open();
        ModuleClock.Set(_runspace, "RequestClock", clock ?? TimeProvider.System);
        _runspace.SessionStateProxy.Path.SetLocation(WildcardPattern.Escape(folder));
        if (connect)
        {
            Run(
                    "param($key, $uri) Connect-ChuiziVideo -ApiKey $key -BaseUri $uri",
                    ("key", Server.ApiKey),
                    ("uri", Server.BaseAddress.ToString()))
                .ShouldBeClean();
            // The line that says what is connected is not part of what a test shows.
            host?.Take();
            Connected = Server.Requests.Count;
        }
    }

    /// <summary>The sandbox.</summary>
    public SandboxServer Server { get; }

    /// <summary>The current location. It is deleted on disposal if this object created it.</summary>
    public string Folder { get; }

    /// <summary>The runspace.</summary>
    public Runspace Runspace => _runspace;

    /// <summary>The number of requests that Connect-ChuiziVideo sent.</summary>
    public int Connected { get; }

    /// <summary>The requests sent after connecting.</summary>
    public IReadOnlyList<RecordedRequest> Requests => [.. Server.Requests.Skip(Connected)];

    /// <summary>The submissions.</summary>
    public IReadOnlyList<RecordedRequest> Posts => [.. Requests.Where(request => request.Method == "POST")];

    /// <summary>Replaces the module's clock for periodic reports in this runspace.</summary>
    public void SetClock(TimeProvider clock) => ModuleClock.Set(_runspace, "Clock", clock);

    /// <summary>Prepares a script for the caller to run.</summary>
    public PowerShell Begin(string script, params (string Name, object? Value)[] arguments)
    {
        PowerShell shell = PowerShell.Create();
        shell.Runspace = _runspace;
        shell.AddScript(script);
        foreach ((string name, object? value) in arguments)
        {
            shell.AddParameter(name, value);
        }

        return shell;
    }

    /// <summary>Runs a script to its end.</summary>
    public Outcome Run(string script, params (string Name, object? Value)[] arguments)
    {
        using PowerShell shell = Begin(script, arguments);
        return Run(shell);
    }

    /// <summary>Runs a command as at a prompt: the host shows its output and its errors.</summary>
    public Outcome RunAtPrompt(string command)
    {
        using PowerShell shell = Begin(command);
        shell.Commands.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        shell.AddCommand("Out-Default");
        return Run(shell);
    }

    /// <summary>Stops the running script, as Ctrl+C does, from any thread and without waiting.</summary>
    public void Stop()
    {
        try
        {
            Volatile.Read(ref _running)?.BeginStop(null, null);
        }
        catch (ObjectDisposedException)
        {
            // The script has just ended.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _runspace.Dispose();
        if (_ownsSandbox)
        {
            Server.Dispose();
            Directory.Delete(Folder, recursive: true);
        }
    }

    private Outcome Run(PowerShell shell)
    {
        PSDataCollection<PSObject> output = [];
        Volatile.Write(ref _running, shell);
        IAsyncResult run = shell.BeginInvoke<PSObject, PSObject>(null, output);
        Exception? thrown = null;
        bool hasEnded = run.AsyncWaitHandle.WaitOne(Eventually.Patience);
        if (hasEnded)
        {
            try
            {
                shell.EndInvoke(run);
            }
            catch (RuntimeException exception)
            {
                thrown = exception;
            }

            Volatile.Write(ref _running, null);
        }

        return new Outcome(
            [.. output.ReadAll()],
            [.. shell.Streams.Error],
            [.. shell.Streams.Warning.Select(warning => warning.Message)],
            [.. shell.Streams.Verbose.Select(line => line.Message)],
            [.. shell.Streams.Progress],
            [.. shell.Streams.Debug.Select(line => line.Message)],
            [.. shell.Streams.Information],
            thrown)
        { IsStuck = !hasEnded };
    }
}
