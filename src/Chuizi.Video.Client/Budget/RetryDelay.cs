namespace Chuizi.Video.Client.Budget;

/// <summary>How long to wait before a request is tried again. Pure: the randomness comes from the caller.</summary>
internal static class RetryDelay
{
    /// <summary>The longest delay of our own; a server's <c>Retry-After</c> may be longer and is honoured.</summary>
    public static readonly TimeSpan Maximum = TimeSpan.FromSeconds(30);

    /// <summary>The longest <c>Retry-After</c> that is believed.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Doubles from half a second to <see cref="Maximum"/>, with the upper half drawn at random so that parallel requests
    /// come apart; never shorter than <paramref name="retryAfter"/>, never negative.
    /// </summary>
    /// <param name="retry">1 for the first retry.</param>
    /// <param name="retryAfter">What the server asked for.</param>
    /// <param name="random">From 0 up to 1.</param>
    public static TimeSpan Next(int retry, TimeSpan? retryAfter, double random)
    {
        double doubled = s_first.TotalSeconds * Math.Pow(2, Math.Clamp(retry - 1, 0, 16));
        double capped = Math.Min(doubled, Maximum.TotalSeconds);
        TimeSpan own = TimeSpan.FromSeconds(capped * (0.5 + (Math.Clamp(random, 0, 1) / 2)));
        if (retryAfter is not { } asked || asked <= TimeSpan.Zero)
        {
            return own;
        }

        // A little later than asked, again so that parallel requests come apart.
        TimeSpan believed = asked < LongestRetryAfter ? asked : LongestRetryAfter;
        return believed + TimeSpan.FromSeconds(Math.Clamp(random, 0, 1) * 0.25);
    }
}
