using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// A run that submits rows or continues with them, and the table of the runs of this process. While a run is active, its ledger shows that
/// it is alive: an intent without a response is then in progress, and otherwise abandoned.
/// </summary>
internal sealed class LedgerRun : IDisposable
{
    /// <summary>The length of the part of a name that is the same for all runs of a machine.</summary>
    internal const int MachineLength = 6;

    private static readonly ConcurrentDictionary<string, LedgerRun> s_running = new(StringComparer.Ordinal);

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IDisposable? _signOfLife;
    private int _entries;
    private int _users = 1;

    public LedgerRun() => s_running[Name] = this;

    /// <summary>The unique name of the run. The runs of a machine have the same start.</summary>
    public string Name { get; } = OfThisMachine + Guid.NewGuid().ToString("N")[..14];

    /// <summary>
    /// Called with the number of machines, including this one, that use the ledger, and with 1 when the run has ended; on any thread,
    /// several times a minute. Not called for a ledger in a file.
    /// </summary>
    public Action<int>? MachinesCounted { get; init; }

    /// <summary>The start of the names of all runs of this machine.</summary>
    internal static string OfThisMachine { get; } = Convert.ToHexString(
        SHA256.HashData(Encoding.UTF8.GetBytes(Environment.MachineName)), 0, MachineLength / 2).ToLowerInvariant();

    /// <summary>Whether the run sends nothing more, and only waits for responses.</summary>
    public bool IsStopped { get; set; }

    /// <summary>Whether the run has no user any more.</summary>
    public bool HasEnded => Volatile.Read(ref _users) <= 0;

    /// <summary>Whether a text can be the name of a run.</summary>
    public static bool IsName(string text) => text.All(char.IsAsciiHexDigit);

    /// <summary>Whether a run is active in this process.</summary>
    public static bool IsRunningHere(string run) => s_running.ContainsKey(run);

    /// <summary>Returns a unique name for the next submission.</summary>
    public string NextEntry() => $"{Name}-{Interlocked.Increment(ref _entries)}";

    /// <summary>Makes other processes see that the run is alive. Called before each intent is written.</summary>
    /// <param name="hold">Shows that the run is alive until the result is disposed.</param>
    public void Hold(Func<IDisposable> hold)
    {
        lock (_ended)
        {
            // A run that has ended must not look alive again.
            _signOfLife ??= HasEnded ? null : hold();
        }
    }

    /// <summary>Whether a run is still active, in this process or another.</summary>
    public static bool IsAlive(LedgerStore ledger, string? run) =>
        run is not null && IsName(run) && (IsRunningHere(run) || ledger.IsAlive(run));

    /// <summary>
    /// Completes when the requests of a run have ended, if it was stopped in this process; otherwise at once.
    /// </summary>
    public static Task EndOf(string? run) =>
        run is not null && s_running.TryGetValue(run, out LedgerRun? running) && running.IsStopped
            ? running._ended.Task
            : Task.CompletedTask;

    /// <summary>Adds a user of the run. The run ends when each of its users has called <see cref="Dispose"/> once.</summary>
    public LedgerRun Share()
    {
        Interlocked.Increment(ref _users);
        return this;
    }

    /// <summary>Records that all requests have their responses, and that no more are sent.</summary>
    public void EndRequests() => _ended.TrySetResult();

    /// <summary>Ends the run, if there is no other user.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            EndRequests();
            _signOfLife?.Dispose();
            s_running.TryRemove(Name, out _);
        }
    }
}
