using System.Threading.Channels;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Budget;
using Chuizi.Video.Client.Ledger;

namespace Chuizi.Video.Client.Waiting;

/// <summary>
/// Waits for many jobs at once and returns them in the order in which they end. One loop serves all jobs: a waiting job is only an entry in
/// a queue. A failed poll is not a failed job: the job is polled again until its deadline.
/// </summary>
internal sealed class VideoWaiter
{
    /// <summary>The time between the polls of a job that has ended without a URL.</summary>
    private static readonly TimeSpan s_urlGap = TimeSpan.FromSeconds(2);

    /// <summary>The chance from which a poll is not delayed to save requests.</summary>
    private const double LikelyEnd = 0.5;

    private readonly ChuiziClient _client;
    private readonly WaitOptions _options;
    private readonly TimeProvider _clock;
    private readonly long _start;
    private readonly object _gate = new();
    private readonly PollTiming _timing;
    private readonly JobQueue _jobs;
    private readonly PollTicketSource _tickets;
    private readonly ClaimFollower _claims = new();
    private readonly SortedDictionary<int, Video> _remaining = [];
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Channel<WaitOutcome> _outcomes = Channel.CreateUnbounded<WaitOutcome>(new() { SingleReader = true });
    // The open jobs of each model: their number, and when the youngest began.
    private readonly Dictionary<string, (int Count, TimeSpan Start)> _open = new(StringComparer.Ordinal);
    private decimal _cost;
    private int _total;
    private int _done;
    private int _failed;
    private int _polling;
    private bool _complete;
    private Exception? _end;

    /// <summary>Creates a waiter, which starts polling with <see cref="RunAsync"/>.</summary>
    public VideoWaiter(ChuiziClient client, WaitOptions options)
    {
        _client = client;
        _options = options;
        _clock = client.Options.Clock;
        _start = _clock.GetTimestamp();
        _timing = new PollTiming(client, options);
        _jobs = new JobQueue(_timing);
        _tickets = new PollTicketSource(client.Budget, Wake);
    }

    /// <summary>Called with an undocumented status word of the API, at each poll that returns one.</summary>
    public Action<string>? UnfamiliarStatus { get; init; }

    /// <summary>Called when a poll has failed and will be repeated.</summary>
    public Action<Video, ChuiziException>? PollFailed { get; init; }

    /// <summary>The error that ended the run early; null if there was none.</summary>
    public ChuiziException? EndedBy => _end as ChuiziException;

    /// <summary>
    /// The videos that are no longer waited for. The channel completes after the last one, or fails with the error that ended the run.
    /// </summary>
    public ChannelReader<WaitOutcome> Outcomes => _outcomes.Reader;

    /// <summary>The current progress.</summary>
    public WaitProgress Progress
    {
        get
        {
            lock (_gate)
            {
                TimeSpan? next = _jobs.TimeUntilNext(Now);
                bool isLimited = false;
                if (_tickets.Next is { } ticket && !(next < ticket))
                {
                    isLimited = true;
                    next = ticket;
                }

                return new WaitProgress(_total, _done, _failed, _polling, _polling > 0 ? TimeSpan.Zero : next ?? TimeSpan.Zero)
                {
                    Cost = _cost,
                    TimeLeft = _timing.TimeLeft(_open, Now),
                    Limit = isLimited && _polling == 0 ? _client.RequestsPerMinute : null,
                };
            }
        }
    }

    /// <summary>The videos that are still waited for, in the order in which they were added.</summary>
    public IReadOnlyList<Video> Remaining
    {
        get
        {
            lock (_gate)
            {
                return [.. _remaining.Values];
            }
        }
    }

    private TimeSpan Now => _clock.GetElapsedTime(_start);

    /// <summary>Adds a job. Returns false if the run has already ended.</summary>
    /// <param name="video">A video with an id.</param>
    /// <param name="isNew">Whether it may have been submitted just now; a bare id is polled at once.</param>
    public bool Add(Video video, bool isNew)
    {
        lock (_gate)
        {
            if (_end is not null)
            {
                return false;
            }

            WaitingJob job = new(video, _total++, isNew, Now, _clock.GetUtcNow().UtcDateTime, _options);
            _remaining.Add(job.Number, video);
            Open(job);
            _jobs.Enqueue(job, _timing.FirstDue(job));
        }

        Wake();
        return true;
    }

    /// <summary>Follows the row of a video that a run elsewhere has claimed. Returns false if the run has already ended.</summary>
    public bool Follow(Video video, ClaimedRow row)
    {
        lock (_gate)
        {
            if (_end is not null)
            {
                return false;
            }

            WaitingJob job = new(video, _total++, isNew: false, Now, _clock.GetUtcNow().UtcDateTime, _options);
            _remaining.Add(job.Number, video);
            _claims.Add(job, row);
        }

        Wake();
        return true;
    }

    /// <summary>Declares that no more jobs will be added.</summary>
    public void Complete()
    {
        Volatile.Write(ref _complete, true);
        Wake();
    }

    /// <summary>Polls until all jobs have ended and <see cref="Complete"/> was called, or until canceled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource run = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using ITimer timer = _clock.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            while (!StartDuePolls(run, out TimeSpan? next))
            {
                timer.Change(next ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                await _wake.Reader.ReadAsync(run.Token).ConfigureAwait(false);
            }

            _outcomes.Writer.TryComplete();
        }
        catch (OperationCanceledException exception)
        {
            // The caller canceled, or a poll failed in a way that ends the run.
            while (Progress.Polling > 0 || IsChecking)
            {
                await _wake.Reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
            }

            ReturnRemaining();
            _outcomes.Writer.TryComplete(_end ?? exception);
        }
        finally
        {
            // Only has an effect after a bug here, which must not leave the reader waiting forever.
            _outcomes.Writer.TryComplete(new InvalidOperationException("Waiting was interrupted."));
            await run.CancelAsync().ConfigureAwait(false);
            lock (_gate)
            {
                _tickets.Expect(polls: false, isLikely: false);
                _tickets.ReturnUnused();
            }
        }
    }

    /// <summary>Starts as many polls as the throttle and the request budget allow. Returns true if nothing remains to be done.</summary>
    private bool StartDuePolls(CancellationTokenSource run, out TimeSpan? next)
    {
        List<(WaitingJob Job, RequestTicket Ticket)> due = [];
        List<WaitingJob> expired;
        IReadOnlyList<(WaitingJob, ClaimedRow)>? claims;
        lock (_gate)
        {
            TimeSpan now = Now;
            expired = _jobs.DequeueExpired(now);
            WaitingJob? ready;
            while ((ready = _jobs.PeekReady(now)) is not null && _polling < _options.ThrottleLimit)
            {
                _tickets.Expect(polls: true, _timing.IsLimited && _timing.ChanceOfEnd(ready, now) >= LikelyEnd);
                if (_tickets.TryTake(run.Token) is not { } ticket)
                {
                    break;
                }

                _jobs.Dequeue(ready, now);
                due.Add((ready, ticket));
                _polling++;
            }

            if (_polling >= _options.ThrottleLimit || ready is null)
            {
                _tickets.ReturnUnused();
                _tickets.Expect(polls: _jobs.Count + _polling > 0, isLikely: false);
            }

            next = _jobs.TimeUntilNext(now);
            claims = _claims.Begin(now, out TimeSpan? check);
            next = check < next || next is null ? check : next;
        }

        if (claims is not null)
        {
            _ = CheckClaimsAsync(claims, run);
        }

        expired.ForEach(Expire);
        foreach ((WaitingJob job, RequestTicket ticket) in due)
        {
            _ = PollAsync(job, ticket, run);
        }

        lock (_gate)
        {
            return _complete && _polling == 0 && _jobs.Count == 0 && _claims is { Count: 0, IsChecking: false };
        }
    }

    private async Task PollAsync(WaitingJob job, RequestTicket ticket, CancellationTokenSource run)
    {
        using RequestTicket owned = ticket;
        try
        {
            await Task.Yield();
            TimeSpan asked = Now;
            TimeSpan left = job.Deadline - asked;
            using CancellationTokenSource deadline = new(left > TimeSpan.Zero ? left : TimeSpan.Zero, _clock);
            using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, run.Token);
            VideoState state = await _client.GetAsync(job.Id, ticket, linked.Token).ConfigureAwait(false);
            if (state.UnfamiliarStatus is { } word)
            {
                UnfamiliarStatus?.Invoke(word);
            }

            if (state is { Status: VideoStatus.Succeeded, Url: null } && job.WaitsForUrl(asked))
            {
                Enqueue(job, Now + s_urlGap);
            }
            else if (VideoStatus.IsTerminal(state.Status))
            {
                _timing.Learn(job, state, Now);
                End(job, new WaitOutcome(job.Video, state, null), state.Status == VideoStatus.Failed);
            }
            else
            {
                job.SeenRunning(asked);
                Enqueue(job, _timing.NextDue(job, Now));
            }
        }
        catch (OperationCanceledException)
        {
            if (run.IsCancellationRequested)
            {
                Enqueue(job, TimeSpan.Zero);
            }
            else
            {
                Expire(job);
            }
        }
        catch (ChuiziException exception) when (exception.EndsTheRun)
        {
            await StopRunAsync(job, exception, run).ConfigureAwait(false);
        }
        catch (ChuiziException exception)
        {
            if (exception.IsTransient || (exception.Kind == ChuiziErrorKind.VideoNotFound && job.IsSettling(Now)))
            {
                PollFailed?.Invoke(job.Video, exception);
                Enqueue(job, _timing.NextDue(job, Now));
            }
            else
            {
                WaitOutcome outcome = exception.Kind == ChuiziErrorKind.VideoNotFound
                    && (job.Entry?.IdSource ?? VideoIdSource.Of(job.Video)) is { } source
                        ? WaitOutcome.Unknown(job.Video, job.Id, source, exception)
                        : new WaitOutcome(job.Video, null, exception);
                End(job, outcome, failed: true);
            }
        }
        catch (Exception exception)
        {
            // A bug here must not leave the caller waiting forever.
            await StopRunAsync(job, exception, run).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _polling--;
            }

            Wake();
        }
    }

    /// <summary>Whether the ledger is being read for rows that runs elsewhere have claimed.</summary>
    internal bool IsChecking
    {
        get
        {
            lock (_gate)
            {
                return _claims.IsChecking;
            }
        }
    }

    /// <summary>Looks into the ledger for rows that runs elsewhere have claimed.</summary>
    private async Task CheckClaimsAsync(IReadOnlyList<(WaitingJob Job, ClaimedRow Row)> rows, CancellationTokenSource run)
    {
        try
        {
            await Task.Yield();
            (IReadOnlyList<(WaitingJob Job, WaitOutcome Outcome)> ended, IReadOnlyList<WaitingJob> taken) =
                await ClaimFollower.CheckAsync(rows, Now).WaitAsync(run.Token).ConfigureAwait(false);
            foreach ((WaitingJob job, WaitOutcome outcome) in ended)
            {
                lock (_gate)
                {
                    _claims.Remove(job);
                }

                End(job, outcome, outcome.Failure is not null || outcome.Entry is { Status: VideoStatus.Failed });
            }

            foreach (WaitingJob job in taken)
            {
                lock (_gate)
                {
                    _claims.Remove(job);
                    Open(job);
                    _jobs.Enqueue(job, _timing.FirstDue(job));
                }
            }
        }
        catch (OperationCanceledException) when (run.IsCancellationRequested)
        {
            // The call ends, and a ledger that does not respond must not hold it up.
        }
        catch (ChuiziException exception)
        {
            // The ledger may be readable again later.
            PollFailed?.Invoke(rows[0].Job.Video, exception);
            foreach ((WaitingJob job, _) in rows.Where(row => Now >= row.Job.Deadline))
            {
                lock (_gate)
                {
                    _claims.Remove(job);
                }

                Expire(job);
            }
        }
        catch (Exception exception)
        {
            // A bug here must not leave the caller waiting forever.
            Interlocked.CompareExchange(ref _end, exception, null);
            await run.CancelAsync().ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _claims.Ended(Now);
            }

            Wake();
        }
    }

    private void Open(WaitingJob job)
    {
        (int Count, TimeSpan Start) open = _open.GetValueOrDefault(job.Model ?? "", (0, TimeSpan.MinValue));
        TimeSpan start = job.HasAge ? Now - job.AgeAt(Now) : Now;
        _open[job.Model ?? ""] = (open.Count + 1, start > open.Start ? start : open.Start);
        job.IsOpen = true;
    }

    private void Enqueue(WaitingJob job, TimeSpan due)
    {
        lock (_gate)
        {
            _jobs.Enqueue(job, due);
        }
    }

    private Task StopRunAsync(WaitingJob job, Exception exception, CancellationTokenSource run)
    {
        // Of several polls that fail at once, the first is reported.
        Interlocked.CompareExchange(ref _end, exception, null);
        Enqueue(job, TimeSpan.Zero);
        return run.CancelAsync();
    }

    /// <summary>An error that ends the run does not end the jobs: the remaining ones are returned unchanged.</summary>
    private void ReturnRemaining()
    {
        IReadOnlyList<WaitingJob> rest;
        lock (_gate)
        {
            rest = EndedBy is null ? [] : [.. _jobs.DequeueAll(), .. _claims.RemoveAll()];
        }

        foreach (WaitingJob job in rest)
        {
            _outcomes.Writer.TryWrite(WithEntry(job, new WaitOutcome(job.Video, null, EndedBy)));
        }
    }

    private void Expire(WaitingJob job) => End(job, WaitOutcome.TimedOut(job.Video, job.Id, Now - job.Arrived), failed: true);

    /// <summary>Adds to an outcome what the ledger said of the job, if this run continues with the job of another.</summary>
    private static WaitOutcome WithEntry(WaitingJob job, WaitOutcome outcome) =>
        job.Entry is { } entry ? outcome with { Entry = entry, IsOwn = true } : outcome;

    private void End(WaitingJob job, WaitOutcome outcome, bool failed)
    {
        outcome = WithEntry(job, outcome);
        lock (_gate)
        {
            _remaining.Remove(job.Number);
            _jobs.Forget(job);
            if (outcome.State is not null)
            {
                _timing.CountEnd();
            }

            if (job.IsOpen)
            {
                (int Count, TimeSpan Start) open = _open[job.Model ?? ""];
                _open[job.Model ?? ""] = open with { Count = open.Count - 1 };
            }

            // Costs are not trusted: huge amounts must not overflow the sum.
            _cost += (outcome.State?.Cost ?? outcome.Entry?.Cost) is { } cost and < 1_000_000 ? cost : 0;
            _done++;
            _failed += failed ? 1 : 0;
        }

        _outcomes.Writer.TryWrite(outcome);
    }

    private void Wake() => _wake.Writer.TryWrite(true);
}
