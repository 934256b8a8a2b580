namespace Chuizi.Video.Sandbox.Media;

/// <summary>
/// The colors of one picture: a vertical gradient whose hue depends on the seed and changes every second, with a bright
/// band that moves down over time.
/// </summary>
internal sealed class Palette(int seed, int second, int seconds, int rows)
{
    /// <summary>How many seeds, starting at 0, look different.</summary>
    public const int Variants = 8;

    private readonly double _hue = (seed / (double)Variants * Math.Tau) + (second * 0.7);

    /// <summary>The luma of a line of pixels, with 16 lines in a row of macroblocks. In the video range of 16 to 235.</summary>
    public byte Luma(int row, int line)
    {
        double height = ((row * 16) + line) / (rows * 16.0);
        double band = Math.Abs(height - ((second + 0.5) / seconds));
        double light = 60 + (80 * height) + (band < 0.04 ? 90 : 0);
        return (byte)Math.Clamp(light, 16, 235);
    }

    /// <summary>The blue chroma (Cb) of a row of macroblocks.</summary>
    public byte Blue(int row) => Chroma(_hue + (row / (double)rows));

    /// <summary>The red chroma (Cr) of a row of macroblocks.</summary>
    public byte Red(int row) => Chroma(_hue + (row / (double)rows) + (Math.PI / 2));

    private static byte Chroma(double angle) => (byte)(128 + (56 * Math.Cos(angle)));
}
