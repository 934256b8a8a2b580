using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Chuizi.Video.Client.Submitting;

/// <summary>
/// Tracks the submissions in progress in this process. While there are any, process exit, SIGTERM and SIGHUP (a closed window) wait some
/// seconds for their responses, which contain the ids of billed jobs. Nothing new is sent meanwhile, and after SIGTERM or during process
/// exit nothing new is ever sent.
/// </summary>
internal static class InFlightSubmissions
{
    /// <summary>The longest time that the end of the process is delayed.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>How long a process must have survived SIGHUP before it sends again, because it ignores that signal (nohup).</summary>
    private static readonly TimeSpan s_survival = TimeSpan.FromSeconds(5);

    private static readonly object s_gate = new();
    private static readonly ManualResetEventSlim s_none = new(initialState: true);
    private static readonly List<PosixSignalRegistration> s_signals = [];
    private static TaskCompletionSource? s_ending;
    private static CancellationTokenSource s_end = new();
    private static long? s_firstWait;
    private static int s_waits;
    private static int s_count;

    /// <summary>
    /// Canceled when the process may be ending. Requests that have not been sent yet, such as a retry after 429, must not be sent then.
    /// </summary>
    public static CancellationToken Ending => Volatile.Read(ref s_end).Token;

    /// <summary>Whether the process has been told to end, so that nothing may be sent any more.</summary>
    public static bool IsFinal { get; private set; }

    /// <summary>Counts a submission until <see cref="Leave"/>. Waits while the process may be ending.</summary>
    /// <exception cref="OperationCanceledException">Canceled, or the process is ending.</exception>
    public static async Task EnterAsync(CancellationToken cancellationToken)
    {
        while (!TryEnter(out Task over))
        {
            await over.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the count of a submission: there is nothing left to send or to record.</summary>
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
            if (IsFinal)
            {
                throw new OperationCanceledException("The process is ending.");
            }

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
                    s_signals.Add(PosixSignalRegistration.Create(signal, _ => WaitForNone(isFinal: signal == PosixSignal.SIGTERM)));
                }
            }

            return true;
        }
    }

    private static void AtExit(object? sender, EventArgs arguments) => WaitForNone(isFinal: true);

    private static void WaitForNone(bool isFinal)
    {
        TimeSpan left;
        int wait;
        lock (s_gate)
        {
            IsFinal |= isFinal;
            wait = ++s_waits;
            s_ending ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (IsFinal)
            {
                // Those who wait to send learn that they may not.
                s_ending.TrySetResult();
            }

            // The signal and ProcessExit together must not wait longer than one of them.
            s_firstWait ??= Stopwatch.GetTimestamp();
            left = Patience - Stopwatch.GetElapsedTime(s_firstWait.Value);
        }

        Volatile.Read(ref s_end).Cancel();
        s_none.Wait(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        if (!isFinal)
        {
            _ = ResumeAsync(wait);
        }
    }

    private static async Task ResumeAsync(int wait)
    {
        await Task.Delay(s_survival).ConfigureAwait(false);
        lock (s_gate)
        {
            // After several signals, the process must have survived the last one.
            if (!IsFinal && wait == s_waits)
            {
                Volatile.Write(ref s_end, new CancellationTokenSource());
                s_ending?.TrySetResult();
                s_ending = null;
            }
        }
    }
}
