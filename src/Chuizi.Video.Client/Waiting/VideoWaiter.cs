using System.Threading.Channels;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Budget;

namespace Chuizi.Video.Client.Waiting;

/// <summary>
/// Waits for many jobs at once and gives them back in the order in which they end. One loop for all: a waiting job is an entry in a
/// queue and no more. A failed poll is no failed job: it is asked again until its time is over.
/// </summary>
internal sealed class VideoWaiter
{
    private readonly ChuiziClient _client;
    private readonly WaitOptions _options;
    private readonly TimeProvider _clock;
    private readonly long _start;
    private readonly object _gate = new();
    private readonly JobQueue _jobs = new();
    private readonly JobSchedule _schedule;
    private readonly PollTurn _turn;
    private readonly SortedDictionary<int, Video> _remaining = [];
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Channel<WaitOutcome> _outcomes = Channel.CreateUnbounded<WaitOutcome>(new() { SingleReader = true });
    private int _total;
    private int _done;
    private int _failed;
    private int _polling;
    private bool _complete;
    private Exception? _end;

    /// <summary>A waiter; nothing is asked before <see cref="RunAsync"/>.</summary>
    public VideoWaiter(ChuiziClient client, WaitOptions options)
    {
        _client = client;
        _options = options;
        _clock = client.Options.Clock;
        _start = _clock.GetTimestamp();
        _schedule = new JobSchedule(client, options);
        _turn = new PollTurn(client.Budget, Wake);
    }

    /// <summary>Told of a status word that nobody has documented, at each poll that meets it.</summary>
    public Action<string>? UnfamiliarStatus { get; init; }

    /// <summary>Told of a poll that failed and will be repeated.</summary>
    public Action<Video, ChuiziException>? PollFailed { get; init; }

    /// <summary>What has ended the run; null where nothing has.</summary>
    public ChuiziException? EndedBy => _end as ChuiziException;

    /// <summary>The videos whose waiting has ended. It ends when all have, and fails with what ends the run.</summary>
    public ChannelReader<WaitOutcome> Outcomes => _outcomes.Reader;

    /// <summary>How far it is.</summary>
    public WaitProgress Progress
    {
        get
        {
            lock (_gate)
            {
                TimeSpan next = Times.Earlier(_jobs.Next(Now, IsPaced) ?? TimeSpan.MaxValue, _turn.Next ?? TimeSpan.MaxValue);
                return new WaitProgress(_total, _done, _failed, _polling, _polling > 0 || next == TimeSpan.MaxValue ? TimeSpan.Zero : next);
            }
        }
    }

    /// <summary>The videos whose waiting has not ended, in the order in which they came.</summary>
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

    /// <summary>A user's interval and a known limit are paces of their own.</summary>
    private bool IsPaced => _options.PollInterval is null && _client.RequestsPerMinute is null;

    private TimeSpan Now => _clock.GetElapsedTime(_start);

    /// <summary>Adds a job; false where the run has ended already.</summary>
    /// <param name="video">With an id.</param>
    /// <param name="isNew">Whether it may have been submitted just now; a bare id is asked for at once.</param>
    public bool Add(Video video, bool isNew)
    {
        lock (_gate)
        {
            if (_end is not null)
            {
                return false;
            }

            WaitingJob job = WaitingJob.Of(video, _total++, isNew, Now, _clock.GetUtcNow().UtcDateTime, _options);
            _remaining.Add(job.Number, video);
            _jobs.Add(job, _schedule.FirstDue(job));
        }

        Wake();
        return true;
    }

    /// <summary>Says that no more jobs will come.</summary>
    public void Complete()
    {
        Volatile.Write(ref _complete, true);
        Wake();
    }

    /// <summary>Does the waiting, until all jobs have ended and <see cref="Complete"/> was called, or until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource run = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using ITimer timer = _clock.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            while (!StartWhatIsDue(run, out TimeSpan? next))
            {
                timer.Change(next ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                await _wake.Reader.ReadAsync(run.Token).ConfigureAwait(false);
            }

            _outcomes.Writer.TryComplete();
        }
        catch (OperationCanceledException exception)
        {
            // Either the caller's wish, or a poll has met what ends the run.
            while (Progress.Polling > 0)
            {
                await _wake.Reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
            }

            GiveBackTheRest();
            _outcomes.Writer.TryComplete(_end ?? exception);
        }
        finally
        {
            // After a defect of ours, which must not look like waiting for ever.
            _outcomes.Writer.TryComplete(new InvalidOperationException("The waiting broke off."));
            await run.CancelAsync().ConfigureAwait(false);
            lock (_gate)
            {
                _turn.Expect(polls: false);
                _turn.GiveBack();
            }
        }
    }

    /// <summary>Starts polls, as many as may be under way and as the request budget allows; true when there is nothing left to do.</summary>
    private bool StartWhatIsDue(CancellationTokenSource run, out TimeSpan? next)
    {
        List<(WaitingJob Job, RequestTicket Ticket)> due = [];
        List<WaitingJob> expired;
        lock (_gate)
        {
            TimeSpan now = Now;
            expired = _jobs.TakeExpired(now);
            while (_jobs.Ripen(now, IsPaced) && _polling < _options.ThrottleLimit && _turn.Take(run.Token) is { } ticket)
            {
                // Where polls are scarce, they go where an answer is likeliest.
                due.Add((_jobs.TakeReady(now, _client.RequestsPerMinute is null ? null : job => _schedule.Chance(job, now)), ticket));
                _polling++;
            }

            if (_polling >= _options.ThrottleLimit || !_jobs.Ripen(now, IsPaced))
            {
                _turn.GiveBack();
            }

            _turn.Expect(polls: _jobs.Count + _polling > 0);
            next = _jobs.Next(now, IsPaced);
        }

        expired.ForEach(Expire);
        foreach ((WaitingJob job, RequestTicket ticket) in due)
        {
            _ = PollAsync(job, ticket, run);
        }

        lock (_gate)
        {
            return _complete && _polling == 0 && _jobs.Count == 0;
        }
    }

    private async Task PollAsync(WaitingJob job, RequestTicket ticket, CancellationTokenSource run)
    {
        using RequestTicket turn = ticket;
        try
        {
            await Task.Yield();
            TimeSpan asked = Now;
            using CancellationTokenSource limit = new(Times.Later(job.Deadline - Now, TimeSpan.Zero), _clock);
            using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, run.Token);
            VideoState state = await _client.GetAsync(job.Id, ticket, linked.Token).ConfigureAwait(false);
            if (state.UnfamiliarStatus is { } word)
            {
                UnfamiliarStatus?.Invoke(word);
            }

            if (VideoStatus.IsTerminal(state.Status))
            {
                _schedule.Learn(job, state, Now);
                End(job, new WaitOutcome(job.Video, state, null), state.Status == VideoStatus.Failed);
            }
            else
            {
                job.LastSeen = asked;
                Queue(job, _schedule.NextDue(job, Now));
            }
        }
        catch (OperationCanceledException)
        {
            if (run.IsCancellationRequested)
            {
                Queue(job, TimeSpan.Zero);
            }
            else
            {
                Expire(job);
            }
        }
        catch (ChuiziException exception) when (exception.EndsTheRun)
        {
            await EndAsync(job, exception, run).ConfigureAwait(false);
        }
        catch (ChuiziException exception)
        {
            if (exception.IsTransient || (exception.Kind == ChuiziErrorKind.VideoNotFound && job.IsSettling(Now)))
            {
                PollFailed?.Invoke(job.Video, exception);
                Queue(job, _schedule.NextDue(job, Now));
            }
            else
            {
                End(job, new WaitOutcome(job.Video, null, exception), failed: true);
            }
        }
        catch (Exception exception)
        {
            // A defect of ours must not look like waiting for ever.
            await EndAsync(job, exception, run).ConfigureAwait(false);
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

    private void Queue(WaitingJob job, TimeSpan due)
    {
        lock (_gate)
        {
            _jobs.Add(job, due);
        }
    }

    private Task EndAsync(WaitingJob job, Exception exception, CancellationTokenSource run)
    {
        // The first of several: which one does not matter.
        Interlocked.CompareExchange(ref _end, exception, null);
        Queue(job, TimeSpan.Zero);
        return run.CancelAsync();
    }

    /// <summary>What ends the run ends no job: those that are left come back as they are.</summary>
    private void GiveBackTheRest()
    {
        foreach (WaitingJob job in EndedBy is not null ? _jobs.TakeAll() : [])
        {
            _outcomes.Writer.TryWrite(new WaitOutcome(job.Video, null, EndedBy));
        }
    }

    private void Expire(WaitingJob job) => End(job, WaitOutcome.TimedOut(job.Video, Now - job.Arrived), failed: true);

    private void End(WaitingJob job, WaitOutcome outcome, bool failed)
    {
        lock (_gate)
        {
            _remaining.Remove(job.Number);
            _jobs.Reward(outcome);
            _done++;
            _failed += failed ? 1 : 0;
        }

        _outcomes.Writer.TryWrite(outcome);
    }

    private void Wake() => _wake.Writer.TryWrite(true);
}
