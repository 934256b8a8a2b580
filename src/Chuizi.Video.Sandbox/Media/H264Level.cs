namespace Chuizi.Video.Sandbox.Media;

/// <summary>The levels of H.264 (table A-1) that the sandbox needs.</summary>
internal static class H264Level
{
    private static readonly (int Level, int FrameBlocks, int BlocksPerSecond)[] s_levels =
    [
        (30, 1620, 40_500),
        (31, 3600, 108_000),
        (32, 5120, 216_000),
        (40, 8192, 245_760),
        (50, 22_080, 589_824),
        (51, 36_864, 983_040),
    ];

    /// <summary>The lowest of these levels that allows pictures with this many macroblocks at this frame rate.</summary>
    public static int For(int blocksWide, int blocksHigh, int framesPerSecond)
    {
        int blocks = blocksWide * blocksHigh;
        foreach ((int level, int frameBlocks, int blocksPerSecond) in s_levels)
        {
            // A.3.1: no side may be longer than the square root of eight times the area.
            int longest = (int)Math.Sqrt(8.0 * frameBlocks);
            if (blocks <= frameBlocks && blocks * framesPerSecond <= blocksPerSecond && Math.Max(blocksWide, blocksHigh) <= longest)
            {
                return level;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(blocksWide), "No level supports pictures of that size.");
    }
}
