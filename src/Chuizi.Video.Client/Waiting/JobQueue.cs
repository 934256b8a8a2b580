namespace Chuizi.Video.Client.Waiting;

/// <summary>The jobs that wait: for their time, or, when it has come, for a free request. Not synchronised.</summary>
internal sealed class JobQueue
{
    /// <summary>How often jobs that wait for a free request are checked for their time being over.</summary>
    private static readonly TimeSpan s_crowdedCheck = TimeSpan.FromMilliseconds(250);

    private readonly PriorityQueue<WaitingJob, TimeSpan> _waiting = new();
    private readonly Queue<WaitingJob> _ready = new();

    public int Count => _waiting.Count + _ready.Count;

    /// <summary>Adds a job that is due at <paramref name="due"/>, or when its time is over.</summary>
    public void Add(WaitingJob job, TimeSpan due) => _waiting.Enqueue(job, Times.Earlier(due, job.Deadline));

    /// <summary>Takes the jobs whose time is over, and at most <paramref name="free"/> of those that are due.</summary>
    public (List<WaitingJob> Due, List<WaitingJob> Expired) Take(TimeSpan now, int free)
    {
        while (_waiting.TryPeek(out _, out TimeSpan due) && due <= now)
        {
            _ready.Enqueue(_waiting.Dequeue());
        }

        List<WaitingJob> start = [];
        List<WaitingJob> expired = [];
        for (int count = _ready.Count; count > 0; count--)
        {
            WaitingJob job = _ready.Dequeue();
            if (now >= job.Deadline)
            {
                expired.Add(job);
            }
            else if (start.Count < free)
            {
                start.Add(job);
            }
            else
            {
                _ready.Enqueue(job);
            }
        }

        return (start, expired);
    }

    /// <summary>All that are left.</summary>
    public IEnumerable<WaitingJob> TakeAll()
    {
        while (_waiting.TryDequeue(out WaitingJob? job, out _) || _ready.TryDequeue(out job))
        {
            yield return job;
        }
    }

    /// <summary>The time until something is to be done; null where nothing is.</summary>
    public TimeSpan? Next(TimeSpan now)
    {
        TimeSpan? next = _waiting.TryPeek(out _, out TimeSpan soonest) ? Times.Later(soonest - now, TimeSpan.FromMilliseconds(1)) : null;
        return _ready.Count == 0 ? next : next is { } other ? Times.Earlier(other, s_crowdedCheck) : s_crowdedCheck;
    }
}
