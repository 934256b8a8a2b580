namespace Chuizi.Video.Client.Saving;

/// <summary>Measures downloads; any number may share one.</summary>
/// <param name="clock">What the rate is measured with; the system's where none is given.</param>
internal sealed class DownloadMeter(TimeProvider? clock = null)
{
    /// <summary>What the rate is of: short enough to follow a change, long enough to stand still otherwise.</summary>
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(99);
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(0.5);

    private readonly object _gate = new();
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly HashSet<FileMeter> _active = [];
    private readonly Queue<(long Time, long Bytes)> _samples = new();
    private long _bytes;
    private long _knownLength;
    private int _knownFiles;
    private long _finished;
    private int _finishedFiles;

    /// <summary>Bytes that came, those of broken attempts included.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>How far the downloads are; to be called now and then, since the rate is that of the last ten seconds of calls.</summary>
    /// <param name="unfinished">Files that are not finished, those under way among them; null where nobody knows how many.</param>
    public DownloadProgress Read(int? unfinished)
    {
        lock (_gate)
        {
            long now = _clock.GetTimestamp();
            long came = Bytes;
            while (_samples.TryPeek(out (long Time, long Bytes) oldest) && _samples.Count > 1 && _clock.GetElapsedTime(oldest.Time, now) > s_window)
            {
                _samples.Dequeue();
            }

            double? rate = null;
            if (_samples.TryPeek(out (long Time, long Bytes) first) && _clock.GetElapsedTime(first.Time, now) is { } time && time >= s_shortest)
            {
                rate = (came - first.Bytes) / time.TotalSeconds;
            }

            _samples.Enqueue((now, came));
            long had = _finished + _active.Sum(file => file.Had);
            long? expected = null;
            if (unfinished is { } all)
            {
                // Those of unknown length are taken to be like the known ones.
                int guessed = Math.Max(0, all - _active.Count) + _active.Count(file => file.Length is null);
                expected = guessed > 0 && _knownFiles == 0
                    ? null
                    : _finished + _active.Sum(file => Math.Max(file.Had, file.Length ?? 0)) + (guessed > 0 ? guessed * (_knownLength / _knownFiles) : 0);
            }

            return new DownloadProgress
            {
                Bytes = had,
                Expected = expected,
                Rate = rate,
                TimeLeft = rate > 0 && expected is { } whole ? TimeSpan.FromSeconds(Math.Min((whole - had) / rate.Value, s_longest.TotalSeconds)) : null,
                Files = _finishedFiles + _active.Sum(file => file.Length > 0 ? Math.Min(1, (double)file.Had / file.Length.Value) : 0),
            };
        }
    }

    /// <summary>Begins with a file.</summary>
    internal FileMeter Begin()
    {
        FileMeter file = new(this);
        lock (_gate)
        {
            _active.Add(file);
        }

        return file;
    }

    internal void Add(int count) => Interlocked.Add(ref _bytes, count);

    internal void AddLength(long length)
    {
        lock (_gate)
        {
            _knownFiles++;
            _knownLength += length;
        }
    }

    internal void End(FileMeter file, bool isWhole)
    {
        lock (_gate)
        {
            _active.Remove(file);
            _finished += isWhole ? file.Had : 0;
            _finishedFiles += isWhole ? 1 : 0;
        }
    }
}
