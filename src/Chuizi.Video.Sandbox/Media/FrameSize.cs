using System.Runtime.InteropServices;

namespace Chuizi.Video.Sandbox.Media;

/// <summary>A picture's size in pixels; both sides are even, as 4:2:0 colour needs.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FrameSize(int Width, int Height)
{
    /// <summary>The size whose short side is 720 or 1080, with the long side in the ratio.</summary>
    public static FrameSize Of(string resolution, string ratio)
    {
        if (!AspectRatio.TryParse(ratio, out int width, out int height))
        {
            throw new ArgumentException("Not a ratio.", nameof(ratio));
        }

        int shortSide = resolution.StartsWith("1080", StringComparison.Ordinal) ? 1080 : 720;
        return width >= height
            ? new FrameSize(Even(shortSide, width, height), shortSide)
            : new FrameSize(shortSide, Even(shortSide, height, width));
    }

    private static int Even(int shortSide, int more, int less) =>
        (int)(Math.Round((decimal)shortSide * more / less / 2, MidpointRounding.AwayFromZero) * 2);
}
