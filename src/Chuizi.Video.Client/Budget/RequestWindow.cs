namespace Chuizi.Video.Client.Budget;

/// <summary>
/// The client's view of the sliding window: requests in progress, and those that ended in the last 60 s. The server counted each of them
/// between its start and its end, so this never counts fewer of our requests than the server does. Also its form in the state that
/// processes share. Not thread-safe.
/// </summary>
internal sealed class RequestWindow
{
    /// <summary>The length of the server's window (API contract, layer 2).</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(60);

    /// <summary>Requests that end this close together share one entry, which bounds the number of entries.</summary>
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(100);

    /// <summary>The index of requests that other clients made with the key, after those of the classes.</summary>
    private const int ForeignIndex = 3;

    private readonly int[] _counts = new int[ForeignIndex + 1];
    private readonly Queue<Entry> _ended = new();
    private Entry? _last;

    /// <summary>The number of requests in progress.</summary>
    public int UnderWay { get; private set; }

    /// <summary>The number of requests in the window.</summary>
    public int Used => _counts.Sum();

    /// <summary>The number of requests of other clients in the window.</summary>
    public int Foreign => _counts[ForeignIndex];

    /// <summary>The number of requests in the window without those of other clients.</summary>
    public int Own => Used - Foreign;

    /// <summary>When the oldest entry expires; null if no request has ended, because those in progress have no entry yet.</summary>
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
        Remember((int)kind, 1, now);
    }

    /// <summary>Adds requests that other clients made with the key.</summary>
    public void AddForeign(int count, TimeSpan now)
    {
        _counts[ForeignIndex] += count;
        Remember(ForeignIndex, count, now);
    }

    /// <summary>Removes entries that are older than 60 s.</summary>
    public void Slide(TimeSpan now)
    {
        while (_ended.TryPeek(out Entry? oldest) && oldest.Expires <= now)
        {
            _ended.Dequeue();
            for (int index = 0; index < _counts.Length; index++)
            {
                _counts[index] -= oldest.Counts[index];
            }
        }
    }

    /// <summary>Reads a window that another process wrote. Requests in progress are those in no entry.</summary>
    /// <exception cref="IOException">It ends too early.</exception>
    public static RequestWindow Read(BinaryReader reader)
    {
        RequestWindow window = new();
        ReadCounts(window._counts);
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            Entry entry = new(default) { Expires = new TimeSpan(reader.ReadInt64()) };
            ReadCounts(entry.Counts);
            window._ended.Enqueue(entry);
        }

        window.UnderWay = window.Used - window._ended.Sum(entry => entry.Counts.Sum());
        return window;

        void ReadCounts(int[] counts)
        {
            for (int index = 0; index < counts.Length; index++)
            {
                counts[index] = reader.ReadInt32();
            }
        }
    }

    /// <summary>Writes the window for other processes.</summary>
    public void Write(BinaryWriter writer)
    {
        Array.ForEach(_counts, writer.Write);
        writer.Write(_ended.Count);
        foreach (Entry entry in _ended)
        {
            writer.Write(entry.Expires.Ticks);
            Array.ForEach(entry.Counts, writer.Write);
        }
    }

    private void Remember(int index, int count, TimeSpan now)
    {
        if (_last is null || now - _last.Start >= s_step)
        {
            _ended.Enqueue(_last = new Entry(now));
        }

        _last.Counts[index] += count;
        _last.Expires = now + Length;
    }

    private sealed class Entry(TimeSpan start)
    {
        public TimeSpan Start { get; } = start;

        public TimeSpan Expires { get; set; }

        public int[] Counts { get; } = new int[ForeignIndex + 1];
    }
}
