using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;

namespace Chuizi.Video.Module.Session;

/// <summary>
/// The state of one runspace: its connection, its sandbox, the ledgers that it used, and what tests replace. Runspaces share none of it.
/// </summary>
internal sealed class ModuleSession
{
    public const string KeyVariable = "CHUIZI_API_KEY";
    public const string BaseAddressVariable = "CHUIZI_BASE_URL";

    private const int MostLedgers = 8;

    private static readonly ConditionalWeakTable<Runspace, ModuleSession> s_sessions = [];

    private readonly List<string> _ledgers = [];
    private ApiConnection? _before;
    private RunningSandbox? _sandbox;

    /// <summary>The connection from Connect-ChuiziVideo or Start-ChuiziVideoSandbox; null for none.</summary>
    public ApiConnection? Connection { get; set; }

    /// <summary>The address of this runspace's sandbox; null if none is running.</summary>
    public Uri? SandboxAddress => _sandbox?.BaseAddress;

    /// <summary>The ledgers that were used in this runspace, most recent first. Completion looks for ids in them.</summary>
    public IReadOnlyList<string> Ledgers => _ledgers;

    /// <summary>The ledgers used in this runspace, and all files of the default ledger if it can be used; most recent first.</summary>
    public IReadOnlyList<string> RecentLedgers
    {
        get
        {
            try
            {
                return [.. _ledgers, .. DefaultLedger.All(Environment.GetEnvironmentVariable(DefaultLedger.Variable))];
            }
            catch (ChuiziException)
            {
                return _ledgers;
            }
        }
    }

    /// <summary>Called with each video that a summary counts; null for nothing.</summary>
    public Action<Video>? Ended { get; set; }

    /// <summary>Called with the level and the text of each warning and line of the cmdlets; null for nothing.</summary>
    public Action<string, string>? Logged { get; set; }

    /// <summary>Opens a page in the browser. Tests replace it.</summary>
    public Action<string> Browse { get; set; } = DefaultBrowser.Open;

    /// <summary>The clock for periodic progress output.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>The clock for requests: delays, timeouts and rate limits. Tests replace it.</summary>
    public TimeProvider RequestClock { get; set; } = TimeProvider.System;

    /// <summary>The session of the calling cmdlet's runspace. Call it only on the pipeline thread.</summary>
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

    /// <summary>
    /// The connection for a pipeline that is starting: that of the runspace, otherwise one with the key from the environment.
    /// </summary>
    public PinnedConnection Pin() => new(Connection);

    /// <summary>Remembers a ledger that was used.</summary>
    public void RememberLedger(string path)
    {
        _ledgers.Remove(path);
        _ledgers.Insert(0, path);
        _ledgers.RemoveRange(Math.Min(_ledgers.Count, MostLedgers), Math.Max(0, _ledgers.Count - MostLedgers));
    }

    /// <summary>
    /// A connection with the key from the environment. While any sandbox is running in the process, the key is not used: a script meant for
    /// the sandbox must never spend money, and the sandbox must never receive the key.
    /// </summary>
    /// <exception cref="ChuiziException">NotConnected, InvalidApiKey or InvalidBaseAddress.</exception>
    public static ApiConnection FromEnvironment(string? baseAddress)
    {
        RunningSandbox.RefuseWhileAnyRuns();
        return ApiConnection.Create(
            Environment.GetEnvironmentVariable(KeyVariable),
            baseAddress ?? Environment.GetEnvironmentVariable(BaseAddressVariable));
    }

    /// <summary>Registers a started sandbox for this runspace and connects to it.</summary>
    public void UseSandbox(RunningSandbox sandbox)
    {
        sandbox.Register();
        _before = Connection;
        _sandbox = sandbox;
        Connection = ApiConnection.Create(sandbox.ApiKey, sandbox.BaseAddress.ToString());
    }

    /// <summary>Stops this runspace's sandbox and restores the previous connection; false if none is running.</summary>
    public bool StopSandbox()
    {
        if (_sandbox is not { } sandbox)
        {
            return false;
        }

        // A connection made after the sandbox started stays.
        if (Connection?.Origin == sandbox.BaseAddress.GetLeftPart(UriPartial.Authority))
        {
            Connection = _before;
        }

        _sandbox = null;
        _before = null;
        sandbox.Stop();
        return true;
    }
}
