using Chuizi.Video.Client.Api;

namespace Chuizi.Video.Client.Waiting;

/// <summary>
/// Decides when the jobs of one waiter are polled: the first poll, later polls, and whether a job that is due may be polled now. Learns how
/// long jobs take, and estimates the time that is left.
/// <para>
/// A job of an unknown model is due at the ages of 1, 5 and 17 s, then every 10 s. Once jobs of its model have been seen to end, there are
/// a few polls before the shortest duration seen, frequent ones until the longest, and then fewer and fewer. A fixed interval set by the
/// user replaces all of this.
/// </para>
/// <para>
/// While no request limit is known, due jobs are polled at a pace: a few at once, then one per second. Jobs of a large batch are then
/// polled rarely, and the last few often. A poll that finds its job ended earns two more, because others have probably ended too: this
/// finds the end of a whole batch quickly.
/// </para>
/// Times are relative to the waiter's start and come from the caller. The pace is not thread-safe; the other members are.
/// </summary>
internal sealed class PollTiming(ChuiziClient client, WaitOptions options)
{
    /// <summary>The usual time between two polls of a job (API contract, layer 1: poll every 10 seconds).</summary>
    public static readonly TimeSpan UsualInterval = TimeSpan.FromSeconds(10);

    /// <summary>The age at which a new job is first polled. It is short because rejections arrive fast.</summary>
    public static readonly TimeSpan FirstPoll = TimeSpan.FromSeconds(1);

    /// <summary>The longest time that the pace delays a due job.</summary>
    public static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(30);

    /// <summary>Timers accept at most 49 days, and no job takes that long.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromDays(24);

    // The ages in seconds of the second and third poll of a job of an unknown model.
    private const double SecondPoll = 5;
    private const double ThirdPoll = 17;

    // The seconds between two polls of a job of a known model.
    private const double ShortestGap = 0.25;
    private const double CautiousGap = 35;
    private const double LongestGapInRange = 6;

    // A poll planned for the start of the range must not fall a tick before it, because another would follow at once.
    private const double Rounding = 5e-7;

    private const int PollsPerEnd = 2;
    private const double MostPollsSaved = 10;

    private static readonly TimeSpan s_paceInterval = TimeSpan.FromSeconds(1);

    /// <summary>If the API does not report how long a job took, polls further apart than this are too imprecise to learn from.</summary>
    private static readonly TimeSpan s_vague = TimeSpan.FromSeconds(15);

    private readonly LearnedDurations _durations = LearnedDurations.For(client.Connection, client.Options.Clock);
    private double _pollsSaved = MostPollsSaved;
    private TimeSpan _savedUntil;
    private int _pollsEarned;

    /// <summary>Whether a request limit is known, so that polls should go to the jobs most likely to have ended.</summary>
    public bool IsLimited => client.RequestsPerMinute is not null;

    /// <summary>Whether the pace applies. A user-defined interval or a known limit replaces it.</summary>
    private bool IsPaced => options.PollInterval is null && !IsLimited;

    /// <summary>When a new job is due. A job of unknown age is due at once.</summary>
    public TimeSpan FirstDue(WaitingJob job)
    {
        TimeSpan age = job.AgeAt(job.Arrived);
        TimeSpan first = FirstAge(_durations.RangeOf(job.Model), options.PollInterval);
        return job.Arrived + first - Min(age, first);
    }

    /// <summary>Counts the poll of a job that has not ended, and returns when it is due again.</summary>
    public TimeSpan NextDue(WaitingJob job, TimeSpan now)
    {
        // A job of unknown age counts as older than any that was seen, and is polled at the usual interval.
        (TimeSpan Low, TimeSpan High)? range = _durations.RangeOf(job.Model);
        TimeSpan age = job.AgeAt(now);
        TimeSpan gap = NextGap(age, range, job.ClosePolls, options.PollInterval, client.Options.Random());
        TimeSpan due = now + Min(gap, LongestWait);
        if (age >= range?.Low)
        {
            job.CountClosePoll();
        }

        // If the next poll would be too late, schedule a last one a second before the deadline.
        return due >= job.Deadline && job.Deadline - now > FirstPoll * 2 ? job.Deadline - FirstPoll : due;
    }

    /// <summary>
    /// The probability that a job has ended since it was last seen running. A job of unknown age that was never polled may have ended long
    /// ago.
    /// </summary>
    public double ChanceOfEnd(WaitingJob job, TimeSpan now) => job switch
    {
        { HasAge: true } => _durations.ChanceOfEnd(job.Model, job.LastSeen is { } seen ? job.AgeAt(seen) : TimeSpan.Zero, job.AgeAt(now)),
        { LastSeen: { } seen } => _durations.ChanceOfEnd(null, seen, now),
        _ => 1,
    };

    /// <summary>
    /// Learns how long a finished job took: as the API reports it, but limited to the ages at which it was last seen running and first seen
    /// ended.
    /// </summary>
    public void Learn(WaitingJob job, VideoState state, TimeSpan now)
    {
        if (state.Status != VideoStatus.Succeeded || !job.HasAge || (job.Model ?? state.Model) is not { } model)
        {
            return;
        }

        TimeSpan running = job.LastSeen is { } seen ? job.AgeAt(seen) : TimeSpan.Zero;
        TimeSpan ended = job.AgeAt(now);
        if (state.Latency is { } latency)
        {
            _durations.Add(model, TimeSpan.FromTicks(Math.Max(running.Ticks, Min(latency, ended).Ticks)));
        }
        else if (ended - running <= s_vague)
        {
            _durations.Add(model, (running + ended) / 2);
        }
    }

    /// <summary>The time until the last open job will probably have ended; null if a model's durations are not known.</summary>
    /// <param name="open">The number of open jobs of each model, and when the youngest began.</param>
    /// <param name="now">The time since the waiter's start.</param>
    public TimeSpan? TimeLeft(IReadOnlyDictionary<string, (int Count, TimeSpan Start)> open, TimeSpan now)
    {
        TimeSpan last = now;
        foreach ((string model, (int count, TimeSpan start)) in open)
        {
            if (count == 0)
            {
                continue;
            }

            if (_durations.RangeOf(model) is not { } range)
            {
                return null;
            }

            last = TimeSpan.FromTicks(Math.Max(last.Ticks, (start + range.High).Ticks));
        }

        return last > now ? last - now : null;
    }

    /// <summary>Whether a job that has been due since <paramref name="due"/> may be polled now.</summary>
    public bool AllowsPoll(TimeSpan now, TimeSpan due)
    {
        if (!IsPaced)
        {
            return true;
        }

        _pollsSaved = Math.Min(MostPollsSaved, _pollsSaved + ((now - _savedUntil) / s_paceInterval));
        _savedUntil = now;
        return IsOverdue(now, due) || _pollsSaved >= 1 || _pollsEarned > 0;
    }

    /// <summary>Counts the poll of a job that has been due since <paramref name="due"/>.</summary>
    public void CountPoll(TimeSpan now, TimeSpan due)
    {
        if (IsOverdue(now, due))
        {
            return;
        }

        if (_pollsSaved >= 1)
        {
            _pollsSaved--;
        }
        else
        {
            _pollsEarned = Math.Max(0, _pollsEarned - 1);
        }
    }

    /// <summary>Counts a poll that found its job had ended.</summary>
    public void CountEnd() => _pollsEarned += PollsPerEnd;

    /// <summary>When a job that <see cref="AllowsPoll"/> holds back now may be polled.</summary>
    public TimeSpan NextAllowed(TimeSpan now, TimeSpan due)
    {
        TimeSpan saved = now + ((1 - _pollsSaved) * s_paceInterval);
        TimeSpan overdue = due + LongestHold;
        return Min(saved, overdue);
    }

    /// <summary>The age at which a new job is first polled: <see cref="FirstPoll"/>, or sooner if it may end sooner.</summary>
    /// <param name="range">The known range of the model's durations.</param>
    /// <param name="interval">The user's fixed interval.</param>
    internal static TimeSpan FirstAge((TimeSpan Low, TimeSpan High)? range, TimeSpan? interval) =>
        Min(interval ?? range?.Low ?? FirstPoll, FirstPoll);

    /// <summary>The time until the next poll of a job, with some jitter to spread the polls of a batch. Never negative.</summary>
    /// <param name="age">The time since the submission, or since the job arrived.</param>
    /// <param name="range">The known range of the model's durations.</param>
    /// <param name="closePolls">How often the job has been polled since that range began.</param>
    /// <param name="interval">The user's fixed interval.</param>
    /// <param name="random">A random number from 0 up to 1.</param>
    internal static TimeSpan NextGap(TimeSpan age, (TimeSpan Low, TimeSpan High)? range, int closePolls, TimeSpan? interval, double random)
    {
        if (interval is { } fixedInterval)
        {
            return TimeSpan.FromTicks(Math.Max(fixedInterval.Ticks, 0));
        }

        double seconds = Math.Max(age.TotalSeconds, 0);
        // A mean just below the usual interval keeps the average lag below half of it.
        double jitter = 0.93 + (Math.Clamp(random, 0, 1) * 0.1);
        return TimeSpan.FromSeconds(range is { } known
            ? GapOfKnown(seconds, known.Low.TotalSeconds, known.High.TotalSeconds, closePolls, jitter)
            : GapOfUnknown(seconds) * jitter);
    }

    private static double GapOfUnknown(double age) => age switch
    {
        < (1 + SecondPoll) / 2 => SecondPoll - Math.Max(age, 1),
        < (SecondPoll + ThirdPoll) / 2 => ThirdPoll - SecondPoll,
        _ => UsualInterval.TotalSeconds,
    };

    private static double GapOfKnown(double age, double low, double high, int closePolls, double jitter)
    {
        // One second is precise enough, except for models that take only a few seconds.
        double shortest = Math.Clamp(high / 20, ShortestGap, 1);
        if (age < low)
        {
            double gap = Math.Max(CautiousGap, age * 1.25) * jitter;
            return age + gap > low * 0.8 ? Math.Max(low - age + Rounding, shortest) : gap;
        }

        // While a batch ends, the last durations learned are all close to this job's age. The gaps therefore grow from the third close poll
        // on.
        return jitter * (age < high
            ? Math.Min(Math.Max((high - low) / 5, shortest) * Math.Pow(1.5, Math.Clamp(closePolls - 2, 0, 9)), LongestGapInRange)
            : Math.Clamp((age - high) / 2, 4 * shortest, UsualInterval.TotalSeconds));
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => TimeSpan.FromTicks(Math.Min(one.Ticks, other.Ticks));

    private static bool IsOverdue(TimeSpan now, TimeSpan due) => now - due >= LongestHold;
}
