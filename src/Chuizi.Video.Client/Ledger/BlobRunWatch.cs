using System.Collections.Concurrent;
using System.Text;

namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// Finds out by the lines of a ledger in a blob which runs of other processes are alive; there is one watch for each blob in a process. A
/// run adds a line at least every 20 s; a reader that has seen no new line of a run for 60 s considers it dead. Each side uses its own
/// monotonic clock, so the clocks of the machines do not matter. Thread-safe.
/// </summary>
/// <param name="clock">The clock.</param>
internal sealed class BlobRunWatch(TimeProvider clock)
{
    /// <summary>A run may send a request only this long after a line of its own was stored.</summary>
    public static readonly TimeSpan InEffect = TimeSpan.FromSeconds(20);

    /// <summary>A run without a new line for this long is dead.</summary>
    public static readonly TimeSpan UntilDead = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Rows of a run without a new line for this long can be submitted again, if the user accepts that they may be billed twice.
    /// </summary>
    public static readonly TimeSpan UntilQuiet = TimeSpan.FromSeconds(180);

    private static readonly ConcurrentDictionary<string, BlobRunWatch> s_all = new(StringComparer.Ordinal);

    private readonly Dictionary<string, Trace> _runs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long At, DateTimeOffset Time)> _written = new(StringComparer.Ordinal);
    private long _readAt = clock.GetTimestamp();
    private int _reads;
    private string? _created;

    /// <summary>The clock.</summary>
    public TimeProvider Clock => clock;

    /// <summary>The current time, as a timestamp of the clock.</summary>
    public long Now => clock.GetTimestamp();

    /// <summary>The watch of a ledger.</summary>
    /// <param name="address">The address of the ledger.</param>
    /// <param name="clock">The clock, if there is no watch yet; null for that of the system.</param>
    public static BlobRunWatch Of(string address, TimeProvider? clock = null) =>
        s_all.GetOrAdd(address, _ => new BlobRunWatch(clock ?? TimeProvider.System));

    /// <summary>Takes note of a line that was read.</summary>
    /// <param name="number">Its number in the ledger. A line that was read before shows nothing new.</param>
    /// <param name="line">The line.</param>
    public void Saw(int number, ReadOnlySpan<byte> line)
    {
        if (RunOf(line) is not { } run)
        {
            return;
        }

        lock (_runs)
        {
            Trace? known = _runs.GetValueOrDefault(run);
            if (known is null || number > known.Number)
            {
                bool hasEnded = line.StartsWith("{\"step\":\"ended\""u8);
                bool isActive = known is not null && (known.IsActive || _reads > known.Reads);
                _runs[run] = new Trace(number, Now, hasEnded, isActive, _reads);
            }
        }
    }

    /// <summary>Takes note that all lines have been read.</summary>
    /// <param name="started">When reading began.</param>
    public void HasRead(long started)
    {
        lock (_runs)
        {
            _readAt = Math.Max(_readAt, started);
            _reads++;
        }
    }

    /// <summary>Forgets the runs if the ledger is another one than before.</summary>
    /// <param name="created">When the ledger was created, as text; null if that is not known.</param>
    public void Expect(string? created)
    {
        lock (_runs)
        {
            if (created is not null && _created is not null && created != _created)
            {
                Clear();
            }

            _created = created ?? _created;
        }
    }

    /// <summary>Forgets the runs, because the ledger was replaced.</summary>
    public void Clear()
    {
        lock (_runs)
        {
            _runs.Clear();
            _written.Clear();
        }
    }

    /// <summary>Takes note of stored lines of this process.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="started">When the first attempt to store them began.</param>
    public void Wrote(ReadOnlySpan<byte> lines, long started)
    {
        lock (_runs)
        {
            while (!lines.IsEmpty)
            {
                int end = lines.IndexOf((byte)'\n');
                if (RunOf(end < 0 ? lines : lines[..end]) is { } run)
                {
                    _written[run] = (started, clock.GetUtcNow() - clock.GetElapsedTime(started));
                }

                lines = end < 0 ? [] : lines[(end + 1)..];
            }
        }
    }

    /// <summary>
    /// The time since a run of this process has stored a line; null if it never has. The time of day counts as well, if more of it has
    /// passed: on some systems the monotonic clock stops while the machine sleeps.
    /// </summary>
    public TimeSpan? SinceWrite(string run)
    {
        lock (_runs)
        {
            if (!_written.TryGetValue(run, out (long At, DateTimeOffset Time) written))
            {
                return null;
            }

            TimeSpan elapsed = clock.GetElapsedTime(written.At);
            TimeSpan byDay = clock.GetUtcNow() - written.Time;
            return byDay > elapsed ? byDay : elapsed;
        }
    }

    /// <summary>Whether a run of another process is alive, as of the last time that the ledger was read.</summary>
    public bool IsAlive(string run) => IsWithin(run, UntilDead);

    /// <summary>Whether a request that a run of another process has sent may still be in progress.</summary>
    public bool MaySend(string run) => IsWithin(run, UntilQuiet);

    /// <summary>
    /// Whether it is not certain yet that a run is alive or has no request in progress, because its lines may be those of a dead run.
    /// </summary>
    public bool IsUncertain(string run)
    {
        lock (_runs)
        {
            return IsWithin(run, UntilQuiet) && _runs[run] is { IsActive: false };
        }
    }

    /// <summary>The number of machines with a run that is alive, including this one.</summary>
    public int CountMachines()
    {
        lock (_runs)
        {
            return _runs.Keys.Where(run => run.Length > LedgerRun.MachineLength && IsWithin(run, UntilDead))
                .Select(run => run[..LedgerRun.MachineLength])
                .Append(LedgerRun.OfThisMachine)
                .Distinct(StringComparer.Ordinal)
                .Count();
        }
    }

    /// <summary>The time since the ledger was read.</summary>
    public TimeSpan SinceRead
    {
        get
        {
            lock (_runs)
            {
                return clock.GetElapsedTime(_readAt);
            }
        }
    }

    private bool IsWithin(string run, TimeSpan time)
    {
        lock (_runs)
        {
            return _runs.TryGetValue(run, out Trace? trace) && !trace.HasEnded
                && (_readAt <= trace.At || clock.GetElapsedTime(trace.At, _readAt) < time);
        }
    }

    /// <summary>The run in a line. Quotation marks within values are escaped, so the name of the field is found only as such.</summary>
    private static string? RunOf(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> field = ",\"run\":\""u8;
        int start = line.IndexOf(field);
        if (start < 0)
        {
            return null;
        }

        line = line[(start + field.Length)..];
        int end = line.IndexOf((byte)'"');
        string name = end is > 0 and <= 64 ? Encoding.ASCII.GetString(line[..end]) : "";
        return name.Length > 0 && LedgerRun.IsName(name) ? name : null;
    }

    /// <summary>What is known of a run.</summary>
    /// <param name="Number">The number of its last line.</param>
    /// <param name="At">When that line was read.</param>
    /// <param name="HasEnded">Whether it says that the run has ended.</param>
    /// <param name="IsActive">Whether the run has written since this process began to read.</param>
    /// <param name="Reads">How often the ledger had been read before that line.</param>
    private sealed record Trace(int Number, long At, bool HasEnded, bool IsActive, int Reads);
}
