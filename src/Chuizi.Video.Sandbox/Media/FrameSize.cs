using System.Runtime.InteropServices;

namespace Chuizi.Video.Sandbox.Media;

/// <summary>The size of a picture in pixels. Both sides are even, as 4:2:0 color requires.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FrameSize(int Width, int Height)
{
    /// <summary>The size with a short side of 720 or 1080 and this aspect ratio.</summary>
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
