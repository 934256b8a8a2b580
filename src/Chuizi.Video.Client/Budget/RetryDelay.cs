namespace Chuizi.Video.Client.Budget;

/// <summary>Calculates the delay before a retry. Pure: the caller supplies the randomness.</summary>
internal static class RetryDelay
{
    /// <summary>The longest delay without a <c>Retry-After</c>. A server's <c>Retry-After</c> may be longer and is honored.</summary>
    public static readonly TimeSpan Maximum = TimeSpan.FromSeconds(30);

    /// <summary>The longest <c>Retry-After</c> that is honored.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// What the server asked for, up to <see cref="LongestRetryAfter"/>, and up to a quarter of a second more. Otherwise a delay that
    /// doubles from half a second up to <see cref="Maximum"/>, and whose upper half is random, so that parallel requests spread out.
    /// </summary>
    /// <param name="retry">1 for the first retry.</param>
    /// <param name="retryAfter">The delay that the server asked for; null, zero or negative for none.</param>
    /// <param name="random">A random number from 0 up to 1.</param>
    public static TimeSpan Next(int retry, TimeSpan? retryAfter, double random)
    {
        double doubled = s_first.TotalSeconds * Math.Pow(2, Math.Clamp(retry - 1, 0, 16));
        double capped = Math.Min(doubled, Maximum.TotalSeconds);
        TimeSpan own = TimeSpan.FromSeconds(capped * (0.5 + (Math.Clamp(random, 0, 1) / 2)));
        if (retryAfter is not { } asked || asked <= TimeSpan.Zero)
        {
            return own;
        }

        // Add a little to what the server asked for, so that parallel requests spread out.
        TimeSpan believed = TimeSpan.FromTicks(Math.Min(asked.Ticks, LongestRetryAfter.Ticks));
        return believed + TimeSpan.FromSeconds(Math.Clamp(random, 0, 1) * 0.25);
    }
}
