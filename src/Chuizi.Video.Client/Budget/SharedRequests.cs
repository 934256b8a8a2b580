using System.Security.Cryptography;

namespace Chuizi.Video.Client.Budget;

/// <summary>
/// The requests that all processes of the user on this machine make with a key. One process at a time reads those of the others in the
/// shared state, and writes its own; what it last read counts while the state is not available. Not thread-safe.
/// </summary>
internal sealed class SharedRequests(ISharedState state, ProcessUsage own)
{
    /// <summary>Part of the name of the file, so that versions with another format use another file.</summary>
    public const int Version = 1;

    private const int ChecksumLength = 16;

    /// <summary>While this process knows no limit, how often it checks whether another one does.</summary>
    private static readonly TimeSpan s_lookInterval = TimeSpan.FromSeconds(1);

    private List<ProcessUsage> _others = [];
    private TimeSpan _nextLook = TimeSpan.MinValue;

    /// <summary>The requests of the other processes in the window, with those of other clients that they noticed.</summary>
    public int Used => _others.Sum(process => process.Window.Used);

    /// <summary>The requests of the other processes in progress.</summary>
    public int UnderWay => _others.Sum(process => process.Window.UnderWay);

    /// <summary>The requests of other clients that the other processes noticed.</summary>
    public int Foreign => _others.Sum(process => process.Window.Foreign);

    /// <summary>The number of requests of one class of the other processes.</summary>
    public int UsedBy(RequestClass kind) => _others.Sum(process => process.Window.UsedBy(kind));

    /// <summary>Whether any of the other processes expects polls.</summary>
    public bool ExpectsPolls => _others.Exists(process => process.ExpectsPolls);

    /// <summary>The lowest limit that a user set in another process; null for none.</summary>
    public int? UserLimit => _others.Min(process => process.UserLimit);

    /// <summary>The lowest limit that the server reported to another process; null for none.</summary>
    public int? Stated => _others.Min(process => process.Stated);

    /// <summary>The lowest estimate of another process; null for none.</summary>
    public int? Estimate => _others.Min(process => process.Estimate);

    /// <summary>The longest pause after a refusal in another process.</summary>
    public TimeSpan BackoffUntil => _others.Select(process => process.BackoffUntil).DefaultIfEmpty().Max();

    /// <summary>When the next request of the others leaves the window, as far as is known now; null if none does.</summary>
    public TimeSpan? NextExpiry => _others.Min(process => process.Window.NextExpiry
        ?? (process.Window.Used > 0 ? process.Seen + RequestWindow.Length : null));

    /// <summary>The number of other processes that are expected to send more.</summary>
    public int Asking(TimeSpan now) => _others.Count(process => process.AskingUntil > now);

    /// <summary>The requests that the others need to reach their share.</summary>
    public int Owed(int share, TimeSpan now) => _others
        .Where(process => process.AskingUntil > now)
        .Sum(process => Math.Max(0, share - process.Window.Own));

    /// <summary>Removes what is older than 60 s.</summary>
    public void Slide(TimeSpan now)
    {
        _others.RemoveAll(process => now - process.Seen >= RequestWindow.Length);
        _others.ForEach(process => process.Window.Slide(now));
    }

    /// <summary>
    /// Runs an action between reading the others' requests and writing the own ones. Returns false, and runs nothing, if the state is not
    /// available; also while this process knows no limit, if it has looked in the last second, or there is no state yet.
    /// </summary>
    /// <param name="clock">Returns the time, once the state is locked.</param>
    /// <param name="isLimited">Whether this process must know of the others and they of it: a limit is known.</param>
    /// <param name="action">Gets the number of requests that the others have made since the last time.</param>
    public bool TryRun(Func<TimeSpan> clock, Func<bool> isLimited, Action<TimeSpan, long> action)
    {
        bool wasLimited = isLimited();
        if (!wasLimited)
        {
            TimeSpan now = clock();
            if (now < _nextLook)
            {
                return false;
            }

            _nextLook = now + s_lookInterval;
            if (!state.Exists)
            {
                return false;
            }
        }

        return state.TryUpdate(content =>
        {
            TimeSpan now = clock();
            long made = Replace(Parse(content), now);
            action(now, made);
            own.Seen = now;
            return wasLimited || isLimited() ? Format([.. _others, own]) : null;
        });
    }

    private long Replace(List<ProcessUsage>? read, TimeSpan now)
    {
        Slide(now);
        if (read is null)
        {
            return 0;
        }

        // Times that lie ahead are from before a restart of the machine.
        List<ProcessUsage> others = [.. read.Where(process => process.Id != own.Id && process.Seen <= now)];
        long made = others.Sum(process => _others.Find(before => before.Id == process.Id) is { } known
            ? Math.Max(0, process.Issued - known.Issued)
            : process.Window.Used);
        _others = others;
        Slide(now);
        return made;
    }

    /// <summary>
    /// The requests of all processes; null if the content is new or damaged. Each process then writes its requests again.
    /// </summary>
    private static List<ProcessUsage>? Parse(byte[] content)
    {
        try
        {
            if (content.Length <= ChecksumLength || !Checksum(content).SequenceEqual(content.AsSpan(0, ChecksumLength)))
            {
                return null;
            }

            using BinaryReader reader = new(new MemoryStream(content, ChecksumLength, content.Length - ChecksumLength));
            return [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => ProcessUsage.Read(reader))];
        }
        catch (Exception exception) when (exception is IOException or ArgumentException)
        {
            return null;
        }
    }

    private static byte[] Format(List<ProcessUsage> processes)
    {
        using MemoryStream stream = new();
        stream.SetLength(stream.Position = ChecksumLength);
        using BinaryWriter writer = new(stream);
        writer.Write(processes.Count);
        processes.ForEach(process => process.Write(writer));
        writer.Flush();
        byte[] content = stream.ToArray();
        Checksum(content).CopyTo(content);
        return content;
    }

    private static Span<byte> Checksum(byte[] content) => SHA256.HashData(content.AsSpan(ChecksumLength)).AsSpan(0, ChecksumLength);
}
