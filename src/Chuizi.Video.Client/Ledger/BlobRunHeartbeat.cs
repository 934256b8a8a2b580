namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// Shows in a ledger in a blob that a run is alive: once the run has stored a line, another whenever it has stored none for a while, and a
/// last one when it ends, so that others notice the end at once. Also tells the run how many machines use the ledger.
/// </summary>
internal sealed class BlobRunHeartbeat : IDisposable
{
    /// <summary>Short enough that a failed attempt can be repeated within <see cref="BlobRunWatch.InEffect"/>.</summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(14);

    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(2);

    /// <summary>How often the ledger is read at least, to see who is alive.</summary>
    private static readonly TimeSpan s_readInterval = TimeSpan.FromSeconds(15);

    /// <summary>How long the end of a run waits for its last line. Without that line, others see the end later.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    private readonly LedgerRun _run;
    private readonly VideoLedger _ledger;
    private readonly BlobRunWatch _watch;
    private readonly ITimer _timer;
    private int _isBusy;
    private bool _hasWritten;
    private bool _hasEnded;

    /// <summary>Starts.</summary>
    /// <param name="run">The run.</param>
    /// <param name="ledger">The ledger.</param>
    /// <param name="watch">Knows when the run has last stored a line.</param>
    public BlobRunHeartbeat(LedgerRun run, VideoLedger ledger, BlobRunWatch watch)
    {
        (_run, _ledger, _watch) = (run, ledger, watch);
        _timer = watch.Clock.CreateTimer(_ => _ = BeatAsync(), null, s_tick, s_tick);
    }

    /// <summary>Ends, with a last line.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        Share(1, isLast: true);
        if (_hasWritten || _watch.SinceWrite(_run.Name) is not null)
        {
            try
            {
                Task.Run(() => AppendAsync(LedgerStep.Ended)).Wait(s_patience);
            }
            catch (AggregateException)
            {
                // The ledger cannot be written. Others see that the run adds no more lines.
            }
        }
    }

    private void Share(int machines, bool isLast = false)
    {
        lock (_timer)
        {
            if (!_hasEnded)
            {
                _hasEnded = isLast;
                _run.MachinesCounted?.Invoke(machines);
            }
        }
    }

    private Task AppendAsync(string step) => _ledger.AppendAsync(new LedgerRecord { Step = step, Run = _run.Name });

    private async Task BeatAsync()
    {
        if (Interlocked.Exchange(ref _isBusy, 1) == 1)
        {
            return;
        }

        try
        {
            TimeSpan? silence = _watch.SinceWrite(_run.Name);
            _hasWritten |= silence is not null;
            // Without a time, the ledger was replaced since the last line.
            if (_hasWritten && (silence is null || silence >= s_silence))
            {
                await AppendAsync(LedgerStep.Alive).ConfigureAwait(false);
            }

            if (_run.MachinesCounted is not null)
            {
                if (_watch.SinceRead >= s_readInterval)
                {
                    await _ledger.ReadAsync(book => book.Records).ConfigureAwait(false);
                }

                Share(_watch.CountMachines());
            }
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
