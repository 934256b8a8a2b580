namespace Chuizi.Video.Sandbox.Media;

/// <summary>The most recent videos. Jobs that look the same share one.</summary>
internal sealed class VideoCache(long padding)
{
    private const int Capacity = 16;

    private readonly Dictionary<(FrameSize Size, decimal Seconds, int Variant), Lazy<PaddedVideo>> _files = [];
    private readonly Queue<(FrameSize Size, decimal Seconds, int Variant)> _order = [];

    /// <summary>The current file of a job, created on first use.</summary>
    public PaddedVideo Of(SandboxJob job)
    {
        (FrameSize Size, decimal Seconds, int Variant) key = (
            job.Size,
            job.Duration,
            (int)(((uint)job.PictureSeed + (uint)job.MediaVersion) % Palette.Variants));
        Lazy<PaddedVideo>? file;
        lock (_files)
        {
            if (!_files.TryGetValue(key, out file))
            {
                file = new Lazy<PaddedVideo>(() =>
                    new PaddedVideo(Mp4Writer.Write(H264Encoder.Encode(key.Size, key.Seconds, key.Variant)), padding));
                _files[key] = file;
                _order.Enqueue(key);
                if (_order.Count > Capacity)
                {
                    _files.Remove(_order.Dequeue());
                }
            }
        }

        return file.Value;
    }
}
