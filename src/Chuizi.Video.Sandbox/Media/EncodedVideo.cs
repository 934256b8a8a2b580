namespace Chuizi.Video.Sandbox.Media;

/// <summary>An encoded video: its pictures as NAL units in order, and what a player needs to know.</summary>
/// <param name="Size">The size in pixels.</param>
/// <param name="Ticks">The length, in units of 1/<see cref="TicksPerSecond"/> seconds.</param>
/// <param name="SequenceParameters">The SPS.</param>
/// <param name="PictureParameters">The PPS.</param>
/// <param name="Pictures">One NAL unit per picture. Every <see cref="FramesPerSecond"/>th is a full picture.</param>
internal sealed record EncodedVideo(
    FrameSize Size,
    long Ticks,
    byte[] SequenceParameters,
    byte[] PictureParameters,
    IReadOnlyList<byte[]> Pictures)
{
    public const int FramesPerSecond = 24;
    public const int TicksPerFrame = 1000;
    public const int TicksPerSecond = FramesPerSecond * TicksPerFrame;

    /// <summary>Encodes a video of this length in seconds. A fraction of a frame becomes a shorter last frame.</summary>
    public static EncodedVideo Create(FrameSize size, decimal seconds, int seed)
    {
        long ticks = Math.Max(1, (long)Math.Round(seconds * TicksPerSecond, MidpointRounding.AwayFromZero));
        int frames = (int)((ticks + TicksPerFrame - 1) / TicksPerFrame);
        int fullPictures = (frames + FramesPerSecond - 1) / FramesPerSecond;
        var encoder = new H264Encoder(size, FramesPerSecond);
        byte[][] repeated = [.. Enumerable.Range(0, FramesPerSecond).Select(encoder.RepeatedPicture)];
        byte[][] pictures = new byte[frames][];
        for (int frame = 0; frame < frames; frame++)
        {
            int inSecond = frame % FramesPerSecond;
            pictures[frame] = inSecond == 0 ? encoder.FullPicture(frame / FramesPerSecond, seed, fullPictures) : repeated[inSecond];
        }

        return new EncodedVideo(size, ticks, encoder.SequenceParameters(), encoder.PictureParameters(), pictures);
    }
}
