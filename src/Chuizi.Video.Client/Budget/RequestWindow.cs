namespace Chuizi.Video.Client.Budget;

/// <summary>
/// The sliding window as we see it: requests under way, and those that ended in the last 60 s. The server counted each somewhere
/// between its start and its end, so this never holds less of ours than the server's window. Not synchronised.
/// </summary>
internal sealed class RequestWindow
{
    /// <summary>The server's window (API contract, layer 2).</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(60);

    /// <summary>Requests that end so close together are one entry, which bounds their number.</summary>
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(100);

    private readonly int[] _counts = new int[3];
    private readonly Queue<Entry> _ended = new();
    private Entry? _last;

    /// <summary>Requests under way.</summary>
    public int UnderWay { get; private set; }

    /// <summary>All that it holds.</summary>
    public int Used => _counts.Sum();

    /// <summary>When the oldest entry leaves it.</summary>
    public TimeSpan? NextExpiry => _ended.TryPeek(out Entry? oldest) ? oldest.Expires : null;

    /// <summary>How many of one kind it holds.</summary>
    public int UsedBy(RequestClass kind) => _counts[(int)kind];

    /// <summary>A request takes its place.</summary>
    public void Begin(RequestClass kind)
    {
        _counts[(int)kind]++;
        UnderWay++;
    }

    /// <summary>A request was not counted by the server.</summary>
    public void Return(RequestClass kind)
    {
        _counts[(int)kind]--;
        UnderWay--;
    }

    /// <summary>A request has ended, and leaves 60 s later.</summary>
    public void End(RequestClass kind, TimeSpan now)
    {
        UnderWay--;
        Remember(kind, 1, now);
    }

    /// <summary>Requests that somebody else made with the key.</summary>
    public void AddForeign(int count, TimeSpan now)
    {
        _counts[(int)RequestClass.Other] += count;
        Remember(RequestClass.Other, count, now);
    }

    /// <summary>Lets go of what is older than 60 s.</summary>
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
