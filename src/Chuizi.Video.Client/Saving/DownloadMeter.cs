namespace Chuizi.Video.Client.Saving;

/// <summary>Measures any number of downloads together. Thread-safe.</summary>
/// <param name="clock">The clock for the rate; the system's clock if omitted.</param>
internal sealed class DownloadMeter(TimeProvider? clock = null)
{
    /// <summary>The period over which the rate is measured: short enough to follow changes, long enough not to flicker.</summary>
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_longestTimeLeft = TimeSpan.FromDays(99);
    private static readonly TimeSpan s_shortestSample = TimeSpan.FromSeconds(0.5);

    private readonly object _gate = new();
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly HashSet<FileMeter> _active = [];
    private readonly Queue<(long Time, long Bytes)> _samples = new();
    private long _received;
    private long _knownLength;
    private int _knownFiles;
    private long _finishedBytes;
    private int _finishedFiles;

    /// <summary>The number of bytes received, including those of interrupted transfers.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _received;
            }
        }
    }

    /// <summary>The progress of the downloads. Call this regularly, because the rate is measured between calls.</summary>
    /// <param name="unfinished">The number of files that are not finished, including those in progress; null if not known.</param>
    public DownloadProgress Read(int? unfinished)
    {
        lock (_gate)
        {
            double? rate = TakeSample();
            long bytes = _finishedBytes + _active.Sum(file => file.Present);
            long? expected = Expected(unfinished);
            return new DownloadProgress
            {
                Bytes = bytes,
                Expected = expected,
                Rate = rate,
                TimeLeft = rate > 0 && expected is { } all
                    ? TimeSpan.FromSeconds(Math.Min((all - bytes) / rate.Value, s_longestTimeLeft.TotalSeconds))
                    : null,
                Files = _finishedFiles + _active.Sum(file => file.Length > 0 ? Math.Min(1, (double)file.Present / file.Length.Value) : 0),
            };
        }
    }

    /// <summary>Starts measuring one file, which may need several transfers.</summary>
    public FileMeter Begin()
    {
        FileMeter file = new(this);
        lock (_gate)
        {
            _active.Add(file);
        }

        return file;
    }

    private double? TakeSample()
    {
        long now = _clock.GetTimestamp();
        while (_samples.Count > 1 && _clock.GetElapsedTime(_samples.Peek().Time, now) > s_window)
        {
            _samples.Dequeue();
        }

        double? rate = null;
        if (_samples.TryPeek(out (long Time, long Bytes) first)
            && _clock.GetElapsedTime(first.Time, now) is var time && time >= s_shortestSample)
        {
            rate = (_received - first.Bytes) / time.TotalSeconds;
        }

        _samples.Enqueue((now, _received));
        return rate;
    }

    /// <summary>The expected bytes of all files. Files of unknown length are counted with the average length.</summary>
    private long? Expected(int? unfinished)
    {
        if (unfinished is not { } files)
        {
            return null;
        }

        int waiting = Math.Max(0, files - _active.Count);
        if (_knownFiles == 0 && (waiting > 0 || _active.Any(file => file.Length is null)))
        {
            return null;
        }

        long average = _knownFiles == 0 ? 0 : _knownLength / _knownFiles;
        return _finishedBytes + _active.Sum(file => Math.Max(file.Present, file.Length ?? average)) + (waiting * average);
    }

    /// <summary>Measures the download of one file, until <see cref="Dispose"/>.</summary>
    internal sealed class FileMeter(DownloadMeter all) : IDisposable
    {
        private bool _isKnown;
        private bool _isWhole;

        /// <summary>The bytes of the file on disk, including those of earlier runs.</summary>
        internal long Present { get; private set; }

        /// <summary>The file's length in bytes; null if not known.</summary>
        internal long? Length { get; private set; }

        /// <summary>Starts a transfer of the file, the first or another one.</summary>
        /// <param name="present">The bytes already on disk.</param>
        /// <param name="length">The length of the whole file, in bytes; null if not known.</param>
        public void Start(long present, long? length)
        {
            lock (all._gate)
            {
                Present = present;
                Length = length;
                if (length is { } known && !_isKnown)
                {
                    _isKnown = true;
                    all._knownFiles++;
                    all._knownLength += known;
                }
            }
        }

        /// <summary>Counts received bytes.</summary>
        public void Add(int count)
        {
            lock (all._gate)
            {
                Present += count;
                all._received += count;
            }
        }

        /// <summary>Marks the file as complete.</summary>
        public void Finish() => _isWhole = true;

        /// <summary>Ends the download, finished or not.</summary>
        public void Dispose()
        {
            lock (all._gate)
            {
                if (all._active.Remove(this) && _isWhole)
                {
                    all._finishedBytes += Present;
                    all._finishedFiles++;
                }
            }
        }
    }
}
