namespace Chuizi.Video.Client.Waiting;

/// <summary>The jobs that wait: for their time, or, when it has come, for their turn. Not synchronised.</summary>
internal sealed class JobQueue
{
    private readonly PriorityQueue<WaitingJob, TimeSpan> _waiting = new();
    private readonly PriorityQueue<WaitingJob, TimeSpan> _deadlines = new();
    private readonly LinkedList<WaitingJob> _ready = [];
    private readonly PollPace _pace = new();

    public int Count { get; private set; }

    /// <summary>Adds a job that is due at <paramref name="due"/>.</summary>
    public void Add(WaitingJob job, TimeSpan due)
    {
        Count++;
        job.IsQueued = true;
        job.Due = due;
        _waiting.Enqueue(job, due);
        if (!job.IsWatched)
        {
            job.IsWatched = true;
            _deadlines.Enqueue(job, job.Deadline);
        }
    }

    /// <summary>Takes the jobs whose time is over. Those that are being polled see to it themselves.</summary>
    public List<WaitingJob> TakeExpired(TimeSpan now)
    {
        List<WaitingJob> expired = [];
        while (_deadlines.TryPeek(out WaitingJob? job, out TimeSpan deadline) && deadline <= now)
        {
            _deadlines.Dequeue();
            job.IsWatched = false;
            if (job.IsQueued)
            {
                Remove(job);
                expired.Add(job);
            }
        }

        return expired;
    }

    /// <summary>Finds the jobs that are due; false where none may be looked at now.</summary>
    public bool Ripen(TimeSpan now, bool isPaced)
    {
        while (_waiting.TryPeek(out WaitingJob? job, out TimeSpan due) && (due <= now || !job.IsQueued))
        {
            _waiting.Dequeue();
            if (job.IsQueued)
            {
                job.Ready = _ready.AddLast(job);
            }
        }

        return _ready.Count > 0 && !(isPaced && IsHeldBack(now));
    }

    /// <summary>Takes the job that has been due for longest; where <paramref name="chance"/> is given, the first of those with the highest.</summary>
    public WaitingJob TakeReady(TimeSpan now, Func<WaitingJob, double>? chance)
    {
        WaitingJob job = chance is null ? _ready.First!.Value : _ready.MaxBy(chance)!;
        _pace.Take(now, job.Due);
        Remove(job);
        return job;
    }

    /// <summary>A job has come to that end.</summary>
    public void Reward(WaitOutcome outcome)
    {
        if (outcome.State is not null)
        {
            _pace.Earn();
        }
    }

    /// <summary>All that are left.</summary>
    public IEnumerable<WaitingJob> TakeAll()
    {
        Ripen(TimeSpan.MaxValue, isPaced: false);
        while (_ready.First is { } first)
        {
            Remove(first.Value);
            yield return first.Value;
        }
    }

    /// <summary>
    /// The time until a job is due, may go at the pace, or its time is over; null where there is none. Others that are due already need a
    /// turn, no time.
    /// </summary>
    public TimeSpan? Next(TimeSpan now, bool isPaced)
    {
        while (_waiting.TryPeek(out WaitingJob? job, out _) && !job.IsQueued)
        {
            _waiting.Dequeue();
        }

        TimeSpan next = TimeSpan.MaxValue;
        if (_waiting.TryPeek(out _, out TimeSpan due))
        {
            next = due;
        }

        if (Count > 0 && _deadlines.TryPeek(out _, out TimeSpan deadline))
        {
            next = Times.Earlier(next, deadline);
        }

        if (isPaced && _ready.First is { } first && IsHeldBack(now))
        {
            next = Times.Earlier(next, _pace.Next(now, first.Value.Due));
        }

        return next == TimeSpan.MaxValue ? null : Times.Later(next - now, TimeSpan.FromMilliseconds(1));
    }

    /// <summary>Whether those that are due wait for the pace; before the end of a job's time nobody does.</summary>
    private bool IsHeldBack(TimeSpan now) =>
        !_pace.Allows(now, _ready.First!.Value.Due) && !(_deadlines.TryPeek(out _, out TimeSpan deadline) && deadline - now <= PollPace.Patience + PollSchedule.First);

    private void Remove(WaitingJob job)
    {
        Count--;
        job.IsQueued = false;
        if (job.Ready is { } place)
        {
            _ready.Remove(place);
            job.Ready = null;
        }
    }
}
