namespace Chuizi.Video.Client.Saving;

/// <summary>Measures one download.</summary>
internal sealed class FileMeter(DownloadMeter all) : IDisposable
{
    private long _had;
    private long _length = -1;
    private bool _isKnown;

    /// <summary>Bytes of the file that are there, those of earlier runs included.</summary>
    public long Had => Interlocked.Read(ref _had);

    /// <summary>The file's length in bytes, as soon as it is known.</summary>
    public long? Length => Interlocked.Read(ref _length) is >= 0 and { } length ? length : null;

    /// <summary>Whether it arrived.</summary>
    public bool IsWhole { get; set; }

    /// <summary>A transfer begins.</summary>
    /// <param name="had">What is there before it.</param>
    /// <param name="length">The whole file's length; null where it is not known.</param>
    public void Start(long had, long? length)
    {
        Interlocked.Exchange(ref _had, had);
        Interlocked.Exchange(ref _length, length ?? -1);
        if (length is { } known && !_isKnown)
        {
            _isKnown = true;
            all.AddLength(known);
        }
    }

    /// <summary>Bytes came.</summary>
    public void Add(int count)
    {
        Interlocked.Add(ref _had, count);
        all.Add(count);
    }

    /// <summary>The download ends.</summary>
    public void Dispose() => all.End(this, IsWhole);
}
