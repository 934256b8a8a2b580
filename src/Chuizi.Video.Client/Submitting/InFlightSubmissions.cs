using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Chuizi.Video.Client.Submitting;

/// <summary>
/// The submissions under way in this process. As long as there are any, the process's end and SIGTERM or SIGHUP (a window closed) wait
/// some seconds for their answers, which hold the paid jobs' ids; meanwhile nothing new is sent.
/// </summary>
internal static class InFlightSubmissions
{
    /// <summary>The longest that the end of the process is held up.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly object s_gate = new();
    private static readonly ManualResetEventSlim s_none = new(initialState: true);
    private static readonly List<PosixSignalRegistration> s_signals = [];
    private static TaskCompletionSource? s_ending;
    private static CancellationTokenSource s_end = new();
    private static long? s_firstWait;
    private static int s_count;

    /// <summary>Cancelled when the process may be ending: what has not left yet, such as a repetition after 429, is to stay.</summary>
    public static CancellationToken Ending => Volatile.Read(ref s_end).Token;

    /// <summary>Counts one, until <see cref="Leave"/>; waits while the process may be ending.</summary>
    public static async Task EnterAsync(CancellationToken cancellationToken)
    {
        while (!TryEnter(out Task over))
        {
            await over.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Its answer is recorded.</summary>
    public static void Leave()
    {
        lock (s_gate)
        {
            if (--s_count == 0)
            {
                AppDomain.CurrentDomain.ProcessExit -= AtExit;
                s_signals.ForEach(signal => signal.Dispose());
                s_signals.Clear();
                s_none.Set();
            }
        }
    }

    private static bool TryEnter(out Task over)
    {
        lock (s_gate)
        {
            over = s_ending?.Task ?? Task.CompletedTask;
            if (s_ending is not null)
            {
                return false;
            }

            // Whoever sends again lives on, whatever signal there was.
            s_firstWait = null;
            if (s_count++ == 0)
            {
                s_none.Reset();
                AppDomain.CurrentDomain.ProcessExit += AtExit;
                // Not SIGINT: that is Ctrl+C, after which the prompt is back at once.
                foreach (PosixSignal signal in (ReadOnlySpan<PosixSignal>)[PosixSignal.SIGTERM, PosixSignal.SIGHUP])
                {
                    s_signals.Add(PosixSignalRegistration.Create(signal, _ => WaitForNone()));
                }
            }

            return true;
        }
    }

    private static void AtExit(object? sender, EventArgs arguments) => WaitForNone();

    private static void WaitForNone()
    {
        TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TimeSpan left;
        lock (s_gate)
        {
            s_ending ??= over;
            // .NET 8 raises ProcessExit after SIGTERM too: the two together wait no longer than one.
            s_firstWait ??= Stopwatch.GetTimestamp();
            left = Patience - Stopwatch.GetElapsedTime(s_firstWait.Value);
        }

        Volatile.Read(ref s_end).Cancel();
        s_none.Wait(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        lock (s_gate)
        {
            // Whoever ignores the signal (nohup) lives on, and may send.
            Volatile.Write(ref s_end, new CancellationTokenSource());
            s_ending?.TrySetResult();
            s_ending = null;
        }
    }
}
