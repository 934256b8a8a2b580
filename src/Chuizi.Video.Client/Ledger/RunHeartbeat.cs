namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// Shows in a shared ledger that a run is alive: a line whenever the run has stored none for a while, and one when it ends, so that
/// another run need not wait to see that.
/// </summary>
internal sealed class RunHeartbeat : IDisposable
{
    /// <summary>Leaves a failed attempt the time to be repeated, within <see cref="RunWatch.InEffect"/>.</summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(14);

    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(2);

    /// <summary>The last line is worth this much waiting. Without it the next run waits a minute.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    private readonly string _run;
    private readonly RunWatch _watch;
    private readonly Func<LedgerRecord, Task> _append;
    private readonly ITimer _timer;
    private int _isBusy;

    /// <summary>Starts.</summary>
    /// <param name="run">The run.</param>
    /// <param name="watch">Knows when the run has last stored a line.</param>
    /// <param name="append">Stores a line.</param>
    public RunHeartbeat(string run, RunWatch watch, Func<LedgerRecord, Task> append)
    {
        (_run, _watch, _append) = (run, watch, append);
        _timer = watch.Clock.CreateTimer(_ => _ = BeatAsync(), null, s_tick, s_tick);
    }

    /// <summary>Ends, with a last line.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        if (_watch.SinceWrite(_run) is not null)
        {
            try
            {
                Task.Run(() => _append(Line(LedgerStep.Ended))).Wait(s_patience);
            }
            catch (AggregateException)
            {
                // The ledger cannot be written. Others see that the run adds no more lines.
            }
        }
    }

    private LedgerRecord Line(string step) => new() { Step = step, Run = _run };

    private async Task BeatAsync()
    {
        if (_watch.SinceWrite(_run) is not { } silence || silence < s_silence || Interlocked.Exchange(ref _isBusy, 1) == 1)
        {
            return;
        }

        try
        {
            await _append(Line(LedgerStep.Alive)).ConfigureAwait(false);
        }
        catch (ChuiziException)
        {
            // Before the run sends a request, it makes sure that it has stored a line.
        }
        finally
        {
            Volatile.Write(ref _isBusy, 0);
        }
    }
}
