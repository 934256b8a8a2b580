namespace Chuizi.Video.Client.Waiting;

/// <summary>
/// The jobs that are not being polled now: those that are not due yet, and those that are due and wait for their poll. Not thread-safe.
/// </summary>
internal sealed class JobQueue(PollTiming timing)
{
    private static readonly TimeSpan s_shortestWait = TimeSpan.FromMilliseconds(1);

    /// <summary>The jobs in the queue, with the time when each is due.</summary>
    private readonly Dictionary<WaitingJob, TimeSpan> _due = [];

    /// <summary>Jobs that are not ready yet. An expired job stays here until it would be due.</summary>
    private readonly PriorityQueue<WaitingJob, TimeSpan> _waiting = new();

    /// <summary>Jobs that are due, in the order in which they became due.</summary>
    private readonly LinkedList<WaitingJob> _ready = [];

    /// <summary>Jobs whose deadline has not passed, including those being polled.</summary>
    private readonly PriorityQueue<WaitingJob, TimeSpan> _deadlines = new();
    private readonly HashSet<WaitingJob> _watched = [];

    public int Count => _due.Count;

    /// <summary>Adds a new or polled job that is due at <paramref name="due"/>.</summary>
    public void Enqueue(WaitingJob job, TimeSpan due)
    {
        _due.Add(job, due);
        _waiting.Enqueue(job, due);
        if (_watched.Add(job))
        {
            _deadlines.Enqueue(job, job.Deadline);
        }
    }

    /// <summary>Forgets a job that has ended, so that it does not stay in memory until its deadline.</summary>
    public void Forget(WaitingJob job)
    {
        const int Few = 64;
        _watched.Remove(job);
        if (_deadlines.Count > Few && _deadlines.Count > 2 * _watched.Count)
        {
            (WaitingJob, TimeSpan)[] open = [.. _deadlines.UnorderedItems.Where(item => _watched.Contains(item.Element))];
            _deadlines.Clear();
            _deadlines.EnqueueRange(open);
            _deadlines.TrimExcess();
        }
    }

    /// <summary>Removes the jobs whose deadline has passed, except those being polled: their polls end at the deadline.</summary>
    public List<WaitingJob> DequeueExpired(TimeSpan now)
    {
        List<WaitingJob> expired = [];
        while (_deadlines.TryPeek(out WaitingJob? job, out TimeSpan deadline) && deadline <= now)
        {
            _deadlines.Dequeue();
            _watched.Remove(job);
            if (_due.Remove(job))
            {
                _ready.Remove(job);
                expired.Add(job);
            }
        }

        return expired;
    }

    /// <summary>
    /// The job to poll next: the one that became due first or, if requests are limited, the one most likely to have ended. Null if no job
    /// is due or may be polled now.
    /// </summary>
    public WaitingJob? PeekReady(TimeSpan now)
    {
        MoveDueToReady(now);
        return _ready.First is not { } first || IsHeldBack(first.Value, now) ? null
            : timing.IsLimited ? _ready.MaxBy(ready => timing.ChanceOfEnd(ready, now)) : first.Value;
    }

    /// <summary>Removes a job that is polled now.</summary>
    public void Dequeue(WaitingJob job, TimeSpan now)
    {
        timing.CountPoll(now, _due[job]);
        _ready.Remove(job);
        _due.Remove(job);
    }

    /// <summary>Removes all jobs.</summary>
    public List<WaitingJob> DequeueAll()
    {
        MoveDueToReady(TimeSpan.MaxValue);
        List<WaitingJob> all = [.. _ready];
        _ready.Clear();
        _due.Clear();
        return all;
    }

    /// <summary>
    /// The time until a job becomes due, the pace allows a poll, or a deadline passes; null if nothing is scheduled. Ready jobs that the
    /// pace does not hold back are ignored: they wait for a free poll, not for a time.
    /// </summary>
    public TimeSpan? TimeUntilNext(TimeSpan now)
    {
        while (_waiting.TryPeek(out WaitingJob? job, out _) && !_due.ContainsKey(job))
        {
            _waiting.Dequeue();
        }

        TimeSpan next = TimeSpan.MaxValue;
        if (_waiting.TryPeek(out _, out TimeSpan due))
        {
            next = due;
        }

        if (Count > 0 && _deadlines.TryPeek(out _, out TimeSpan deadline) && deadline < next)
        {
            next = deadline;
        }

        if (_ready.First is { } first && IsHeldBack(first.Value, now))
        {
            TimeSpan allowed = timing.NextAllowed(now, _due[first.Value]);
            next = allowed < next ? allowed : next;
        }

        TimeSpan wait = next - now;
        return next == TimeSpan.MaxValue ? null : wait > s_shortestWait ? wait : s_shortestWait;
    }

    private void MoveDueToReady(TimeSpan now)
    {
        while (_waiting.TryPeek(out WaitingJob? job, out TimeSpan due) && (due <= now || !_due.ContainsKey(job)))
        {
            _waiting.Dequeue();
            if (_due.ContainsKey(job))
            {
                _ready.AddLast(job);
            }
        }
    }

    /// <summary>Whether the pace delays the ready jobs. It does not shortly before a deadline, so that no last poll is missed.</summary>
    private bool IsHeldBack(WaitingJob first, TimeSpan now) =>
        !timing.AllowsPoll(now, _due[first])
        && !(_deadlines.TryPeek(out _, out TimeSpan deadline) && deadline - now <= PollTiming.LongestHold + PollTiming.FirstPoll);
}
