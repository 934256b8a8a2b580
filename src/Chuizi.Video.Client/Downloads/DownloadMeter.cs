namespace Chuizi.Video.Client.Downloads;

/// <summary>Counts the bytes of downloads; any number may share one.</summary>
public sealed class DownloadMeter
{
    private long _bytes;

    /// <summary>Bytes that came, those of broken attempts included.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    internal void Add(int count) => Interlocked.Add(ref _bytes, count);
}
