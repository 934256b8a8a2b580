using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using Chuizi.Video.Client.Api;

namespace Chuizi.Video.Module.Session;

/// <summary>What the module knows of one runspace: its connection and its sandbox. Nothing is shared between runspaces.</summary>
internal sealed class ModuleSession
{
    public const string KeyVariable = "CHUIZI_API_KEY";
    public const string BaseAddressVariable = "CHUIZI_BASE_URL";

    private const int MostLedgers = 8;

    private static readonly ConditionalWeakTable<Runspace, ModuleSession> s_sessions = [];
    private static readonly List<RunningSandbox> s_sandboxes = [];

    private readonly List<string> _ledgers = [];
    private ApiConnection? _before;
    private RunningSandbox? _sandbox;

    /// <summary>The connection made by Connect- or Start-…Sandbox; null for none.</summary>
    public ApiConnection? Connection { get; set; }

    /// <summary>Where the sandbox of this runspace is; null where none runs.</summary>
    public Uri? SandboxAddress => _sandbox?.BaseAddress;

    /// <summary>The ledgers that were named in this runspace, the last one first; for who looks for a video of them.</summary>
    public IReadOnlyList<string> Ledgers => _ledgers;

    /// <summary>The clock of what is told from time to time.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>The clock of requests: of their delays, timeouts and limits. Tests set another.</summary>
    public TimeProvider RequestClock { get; set; } = TimeProvider.System;

    /// <summary>The session of the runspace that the calling cmdlet runs in; called on the pipeline thread.</summary>
    public static ModuleSession Current => Of(Runspace.DefaultRunspace);

    /// <summary>The session of a runspace.</summary>
    public static ModuleSession Of(Runspace owner) => s_sessions.GetValue(owner, runspace =>
    {
        ModuleSession session = new();
        runspace.StateChanged += (_, change) =>
        {
            if (change.RunspaceStateInfo.State is RunspaceState.Closed or RunspaceState.Broken)
            {
                session.StopSandbox();
            }
        };
        return session;
    });

    /// <summary>Whether any runspace of the process has a sandbox.</summary>
    public static bool IsSandboxRunning => AnySandbox() is not null;

    /// <summary>The connection for a pipeline that begins now: this runspace's, else the environment's.</summary>
    public PinnedConnection Pin() => new(Connection);

    /// <summary>Notes that a ledger was named.</summary>
    public void RememberLedger(string path)
    {
        _ledgers.Remove(path);
        _ledgers.Insert(0, path);
        _ledgers.RemoveRange(Math.Min(_ledgers.Count, MostLedgers), Math.Max(0, _ledgers.Count - MostLedgers));
    }

    /// <summary>
    /// A connection with the environment's key. While any sandbox runs in the process that key is not read: what is
    /// meant for a sandbox can never spend money, and the key never reaches the sandbox.
    /// </summary>
    /// <exception cref="ChuiziException">NotConnected, InvalidApiKey or InvalidBaseAddress.</exception>
    public static ApiConnection FromEnvironment(string? baseAddress)
    {
        RefuseWhileSandboxRuns();
        return ApiConnection.Create(
            Environment.GetEnvironmentVariable(KeyVariable),
            baseAddress ?? Environment.GetEnvironmentVariable(BaseAddressVariable));
    }

    /// <exception cref="ChuiziException">NotConnected: a sandbox runs in the process.</exception>
    public static void RefuseWhileSandboxRuns()
    {
        if (AnySandbox() is { } sandbox)
        {
            throw new ChuiziException(
                ChuiziErrorKind.NotConnected,
                "This runspace is not connected, and the environment's key is not used while a sandbox runs in the process "
                + $"(at {sandbox.BaseAddress}). To use that sandbox here: "
                + $"Connect-ChuiziVideo -BaseUri {sandbox.BaseAddress} -ApiKey <the ApiKey that Start-ChuiziVideoSandbox gave>.");
        }
    }

    /// <summary>Takes a started sandbox as this runspace's and connects to it.</summary>
    public void UseSandbox(RunningSandbox sandbox)
    {
        lock (s_sandboxes)
        {
            s_sandboxes.Add(sandbox);
        }

        _before = Connection;
        _sandbox = sandbox;
        Connection = ApiConnection.Create(sandbox.ApiKey, sandbox.BaseAddress.ToString());
    }

    /// <summary>Stops this runspace's sandbox and goes back to the connection from before; false where none runs.</summary>
    public bool StopSandbox()
    {
        if (_sandbox is not { } sandbox)
        {
            return false;
        }

        // Only a connection to the sandbox ends with it; one made since stays.
        if (Connection?.Origin == sandbox.BaseAddress.GetLeftPart(UriPartial.Authority))
        {
            Connection = _before;
        }

        _sandbox = null;
        _before = null;
        sandbox.Server.Dispose();
        lock (s_sandboxes)
        {
            s_sandboxes.Remove(sandbox);
        }

        return true;
    }

    /// <summary>Stops every sandbox of the process: the module goes.</summary>
    public static void StopAllSandboxes()
    {
        RunningSandbox[] running;
        lock (s_sandboxes)
        {
            running = [.. s_sandboxes];
            s_sandboxes.Clear();
        }

        foreach (RunningSandbox sandbox in running)
        {
            sandbox.Server.Dispose();
        }
    }

    private static RunningSandbox? AnySandbox()
    {
        lock (s_sandboxes)
        {
            return s_sandboxes.Count > 0 ? s_sandboxes[0] : null;
        }
    }
}
