using Chuizi.Video.Client.Ledger;

namespace Chuizi.Video.Module.Session;

/// <summary>
/// A sandbox in this process, which knows all that are running. It references no type of the sandbox assembly, so that Connect-ChuiziVideo
/// does not load it.
/// </summary>
internal sealed record RunningSandbox(IDisposable Server, Uri BaseAddress, string ApiKey)
{
    private static readonly List<RunningSandbox> s_all = [];

    /// <summary>Whether one is running in any runspace of the process.</summary>
    public static bool Exists => Any is not null;

    private static RunningSandbox? Any
    {
        get
        {
            lock (s_all)
            {
                return s_all.Count > 0 ? s_all[0] : null;
            }
        }
    }

    /// <summary>Refuses the key in the environment while a sandbox is running in the process.</summary>
    /// <exception cref="ChuiziException">NotConnected: one is running.</exception>
    public static void RefuseWhileAnyRuns()
    {
        if (Any is { } sandbox)
        {
            throw new ChuiziException(
                ChuiziErrorKind.NotConnected,
                "This runspace is not connected. The API key in the environment is not used while a sandbox is running in the process "
                + $"(at {sandbox.BaseAddress}). To use the sandbox here, run: "
                + $"Connect-ChuiziVideo -BaseUri {sandbox.BaseAddress} -ApiKey <the ApiKey that Start-ChuiziVideoSandbox returned>.");
        }
    }

    /// <summary>Adds it to those that are running. The ledger of an earlier one at the same address is deleted.</summary>
    public void Register()
    {
        lock (s_all)
        {
            s_all.Add(this);
        }

        ForgetLedger();
    }

    /// <summary>Stops it and deletes its ledger.</summary>
    public void Stop()
    {
        Server.Dispose();
        ForgetLedger();
        lock (s_all)
        {
            s_all.Remove(this);
        }
    }

    /// <summary>Stops every sandbox of the process, because the module is being removed, and deletes their ledgers.</summary>
    public static void StopAll()
    {
        RunningSandbox[] running;
        lock (s_all)
        {
            running = [.. s_all];
            s_all.Clear();
        }

        foreach (RunningSandbox sandbox in running)
        {
            sandbox.Server.Dispose();
            sandbox.ForgetLedger();
        }
    }

    /// <summary>Deletes its ledger, because a new sandbox knows none of the videos, and those that old sandboxes left behind.</summary>
    private void ForgetLedger() => DefaultLedger.ForgetSandbox(
        Environment.GetEnvironmentVariable(DefaultLedger.Variable), BaseAddress, DateTime.UtcNow);
}
