using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Chuizi.Video.Client.Submitting;

/// <summary>
/// Tracks the submissions in progress in this process. While there are any, process exit, SIGTERM and SIGHUP (a closed window) wait some
/// seconds for their responses, which contain the ids of billed jobs. Nothing new is sent meanwhile.
/// </summary>
internal static class InFlightSubmissions
{
    /// <summary>The longest time that the end of the process is delayed.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly object s_gate = new();
    private static readonly ManualResetEventSlim s_none = new(initialState: true);
    private static readonly List<PosixSignalRegistration> s_signals = [];
    private static TaskCompletionSource? s_ending;
    private static CancellationTokenSource s_end = new();
    private static long? s_firstWait;
    private static int s_count;

    /// <summary>
    /// Canceled when the process may be ending. Requests that have not been sent yet, such as a retry after 429, must not be sent then.
    /// </summary>
    public static CancellationToken Ending => Volatile.Read(ref s_end).Token;

    /// <summary>Counts a submission until <see cref="Leave"/>. Waits while the process may be ending.</summary>
    public static async Task EnterAsync(CancellationToken cancellationToken)
    {
        while (!TryEnter(out Task over))
        {
            await over.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the count of a submission, whose response is recorded.</summary>
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

            // A new submission shows that the process survived any earlier signal.
            s_firstWait = null;
            if (s_count++ == 0)
            {
                s_none.Reset();
                AppDomain.CurrentDomain.ProcessExit += AtExit;
                // Not SIGINT: that is Ctrl+C, which must return to the prompt immediately.
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
            // .NET 8 raises ProcessExit after SIGTERM as well. Both together must not wait longer than one.
            s_firstWait ??= Stopwatch.GetTimestamp();
            left = Patience - Stopwatch.GetElapsedTime(s_firstWait.Value);
        }

        Volatile.Read(ref s_end).Cancel();
        s_none.Wait(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        lock (s_gate)
        {
            // A process that ignores the signal (nohup) keeps running, and may send again.
            Volatile.Write(ref s_end, new CancellationTokenSource());
            s_ending?.TrySetResult();
            s_ending = null;
        }
    }
}
