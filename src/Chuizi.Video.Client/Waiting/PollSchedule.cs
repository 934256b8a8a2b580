namespace Chuizi.Video.Client.Waiting;

/// <summary>When a job is looked at next. Pure: age and randomness come from the caller.</summary>
public static class PollSchedule
{
    /// <summary>The usual round (API contract, layer 1: poll every 10 seconds).</summary>
    public static readonly TimeSpan Round = TimeSpan.FromSeconds(10);

    /// <summary>The first look at a new job: early enough for a refusal, which comes fast.</summary>
    public static readonly TimeSpan First = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The time until the next poll of a job of that age: as long as it is old, from <see cref="First"/> to <see cref="Round"/>,
    /// give or take a tenth so that the polls of a batch come apart. A fixed <paramref name="interval"/> replaces all that.
    /// Never negative.
    /// </summary>
    /// <param name="age">Since the submission, or since the job was first heard of.</param>
    /// <param name="interval">What the user asked for.</param>
    /// <param name="random">From 0 up to 1.</param>
    public static TimeSpan Next(TimeSpan age, TimeSpan? interval, double random)
    {
        if (interval is { } fixedInterval)
        {
            return fixedInterval > TimeSpan.Zero ? fixedInterval : TimeSpan.Zero;
        }

        double seconds = Math.Clamp(age.TotalSeconds, First.TotalSeconds, Round.TotalSeconds);
        return TimeSpan.FromSeconds(seconds * (0.9 + (Math.Clamp(random, 0, 1) * 0.2)));
    }
}
