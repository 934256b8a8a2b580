namespace Chuizi.Video.Client.Waiting;

/// <summary>When a job is looked at next. Pure: age, durations and randomness come from the caller.</summary>
internal static class PollSchedule
{
    /// <summary>The usual round (API contract, layer 1: poll every 10 seconds).</summary>
    public static readonly TimeSpan Round = TimeSpan.FromSeconds(10);

    /// <summary>The first look at a new job: early enough for a refusal, which comes fast.</summary>
    public static readonly TimeSpan First = TimeSpan.FromSeconds(1);

    // Looks at a job of which nothing is known: the first, at these ages, and then in the usual round.
    private const double Second = 5;
    private const double Third = 17;

    private const double ShortestGap = 0.25;
    private const double CautiousGap = 25;
    private const double LongestGapInRange = 6;

    /// <summary>The age at which a new job is looked at first: <see cref="First"/>, or sooner where it is expected to end sooner.</summary>
    /// <param name="known">What is known of the model's durations.</param>
    /// <param name="interval">What the user asked for.</param>
    public static TimeSpan FirstLook(DurationRange? known, TimeSpan? interval)
    {
        TimeSpan expected = known is { } range ? Times.Earlier(First, range.Low) : First;
        return interval is { } fixedInterval ? Times.Earlier(fixedInterval, First) : expected;
    }

    /// <summary>
    /// The time until the next poll of a job of that age. Where nothing is known of its model: at 1, 5 and 17 s, then every 10 s. Else
    /// a few cautious looks up to the shortest duration known, close ones up to the longest, and then ever fewer, up to one in 10 s.
    /// Give or take a little, so that the polls of a batch come apart. A fixed <paramref name="interval"/> replaces all that.
    /// Never negative.
    /// </summary>
    /// <param name="age">Since the submission, or since the job was first heard of.</param>
    /// <param name="known">What is known of the model's durations.</param>
    /// <param name="closeLooks">How often the job has been looked at since it may have ended by them.</param>
    /// <param name="interval">What the user asked for.</param>
    /// <param name="random">From 0 up to 1.</param>
    public static TimeSpan Next(TimeSpan age, DurationRange? known, int closeLooks, TimeSpan? interval, double random)
    {
        if (interval is { } fixedInterval)
        {
            return fixedInterval > TimeSpan.Zero ? fixedInterval : TimeSpan.Zero;
        }

        double seconds = Math.Max(age.TotalSeconds, 0);
        // A mean just below the round keeps the mean lag within half of it.
        double jitter = 0.93 + (Math.Clamp(random, 0, 1) * 0.1);
        return TimeSpan.FromSeconds(known is { } range ? NextKnown(seconds, range.Low.TotalSeconds, range.High.TotalSeconds, closeLooks, jitter) : NextUnknown(seconds) * jitter);
    }

    private static double NextUnknown(double age) => age switch
    {
        < (1 + Second) / 2 => Second - Math.Max(age, 1),
        < (Second + Third) / 2 => Third - Second,
        _ => Round.TotalSeconds,
    };

    private static double NextKnown(double age, double low, double high, int closeLooks, double jitter)
    {
        // A second is close enough, but not for models that take a few.
        double shortest = Math.Clamp(high / 20, ShortestGap, 1);
        if (age < low)
        {
            double look = Math.Max(CautiousGap, age * 1.25) * jitter;
            return age + look > low * 0.8 ? Math.Max(low - age, shortest) : look;
        }

        // While a batch ends, the durations known last are all about its age: hence ever wider from the third close look on.
        return jitter * (age < high
            ? Math.Min(Math.Max((high - low) / 5, shortest) * Math.Pow(1.5, Math.Clamp(closeLooks - 2, 0, 9)), LongestGapInRange)
            : Math.Clamp((age - high) / 2, 4 * shortest, Round.TotalSeconds));
    }
}
