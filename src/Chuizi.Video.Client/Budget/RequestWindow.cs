namespace Chuizi.Video.Client.Budget;

/// <summary>
/// The client's view of the sliding window: requests in progress, and those that ended in the last 60 s. The server counted each of them
/// between its start and its end, so this never counts fewer of our requests than the server does. Not thread-safe.
/// </summary>
internal sealed class RequestWindow
{
    /// <summary>The length of the server's window (API contract, layer 2).</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(60);

    /// <summary>Requests that end this close together share one entry, which bounds the number of entries.</summary>
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(100);

    private readonly int[] _counts = new int[3];
    private readonly Queue<Entry> _ended = new();
    private Entry? _last;

    /// <summary>The number of requests in progress.</summary>
    public int UnderWay { get; private set; }

    /// <summary>The number of requests in the window.</summary>
    public int Used => _counts.Sum();

    /// <summary>When the oldest entry expires; null if the window is empty.</summary>
    public TimeSpan? NextExpiry => _ended.TryPeek(out Entry? oldest) ? oldest.Expires : null;

    /// <summary>The number of requests of one class in the window.</summary>
    public int UsedBy(RequestClass kind) => _counts[(int)kind];

    /// <summary>Counts a request that is about to be sent.</summary>
    public void Begin(RequestClass kind)
    {
        _counts[(int)kind]++;
        UnderWay++;
    }

    /// <summary>Removes a request that the server did not count.</summary>
    public void Return(RequestClass kind)
    {
        _counts[(int)kind]--;
        UnderWay--;
    }

    /// <summary>Records that a request has ended. It leaves the window 60 s later.</summary>
    public void End(RequestClass kind, TimeSpan now)
    {
        UnderWay--;
        Remember(kind, 1, now);
    }

    /// <summary>Adds requests that other clients made with the key.</summary>
    public void AddForeign(int count, TimeSpan now)
    {
        _counts[(int)RequestClass.Other] += count;
        Remember(RequestClass.Other, count, now);
    }

    /// <summary>Removes entries that are older than 60 s.</summary>
    public void Slide(TimeSpan now)
    {
        while (_ended.TryPeek(out Entry? oldest) && oldest.Expires <= now)
        {
            _ended.Dequeue();
            for (int kind = 0; kind < _counts.Length; kind++)
            {
                _counts[kind] -= oldest.Counts[kind];
            }
        }
    }

    private void Remember(RequestClass kind, int count, TimeSpan now)
    {
        if (_last is null || now - _last.Start >= s_step)
        {
            _ended.Enqueue(_last = new Entry(now));
        }

        _last.Counts[(int)kind] += count;
        _last.Expires = now + Length;
    }

    private sealed class Entry(TimeSpan start)
    {
        public TimeSpan Start { get; } = start;

        public TimeSpan Expires { get; set; }

        public int[] Counts { get; } = new int[3];
    }
}
