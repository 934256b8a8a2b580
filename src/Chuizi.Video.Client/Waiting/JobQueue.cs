namespace Chuizi.Video.Client.Waiting;

/// <summary>The jobs that wait: for their time, or, when it has come, for their turn. Not synchronised.</summary>
internal sealed class JobQueue
{
    private readonly PriorityQueue<WaitingJob, TimeSpan> _waiting = new();
    private readonly PriorityQueue<WaitingJob, TimeSpan> _deadlines = new();
    private readonly LinkedList<WaitingJob> _ready = [];

    public int Count { get; private set; }

    /// <summary>Adds a job that is due at <paramref name="due"/>.</summary>
    public void Add(WaitingJob job, TimeSpan due)
    {
        Count++;
        job.IsQueued = true;
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

    /// <summary>Finds the jobs that are due; false where there are none.</summary>
    public bool Ripen(TimeSpan now)
    {
        while (_waiting.TryPeek(out WaitingJob? job, out TimeSpan due) && (due <= now || !job.IsQueued))
        {
            _waiting.Dequeue();
            if (job.IsQueued)
            {
                job.Ready = _ready.AddLast(job);
            }
        }

        return _ready.Count > 0;
    }

    /// <summary>Takes the job that has been due for longest; where <paramref name="chance"/> is given, the first of those with the highest.</summary>
    public WaitingJob TakeReady(Func<WaitingJob, double>? chance)
    {
        WaitingJob job = chance is null ? _ready.First!.Value : _ready.MaxBy(chance)!;
        Remove(job);
        return job;
    }

    /// <summary>All that are left.</summary>
    public IEnumerable<WaitingJob> TakeAll()
    {
        Ripen(TimeSpan.MaxValue);
        while (_ready.First is { } first)
        {
            Remove(first.Value);
            yield return first.Value;
        }
    }

    /// <summary>The time until a job is due or its time is over; null where there is none. Those that are due already need a turn, no time.</summary>
    public TimeSpan? Next(TimeSpan now)
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

        return next == TimeSpan.MaxValue ? null : Times.Later(next - now, TimeSpan.FromMilliseconds(1));
    }

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
