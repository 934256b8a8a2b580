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
}
