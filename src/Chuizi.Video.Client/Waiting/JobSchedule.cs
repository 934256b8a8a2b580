using Chuizi.Video.Client.Api;

namespace Chuizi.Video.Client.Waiting;

/// <summary>When the jobs of a waiter are looked at, by what is known of their models, and what they teach.</summary>
internal sealed class JobSchedule(ChuiziClient client, WaitOptions options)
{
    /// <summary>Timers take no more than 49 days; no job lives that long.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(24);

    /// <summary>Without the API's word, a job that ended at some time between two polls this far apart teaches nothing.</summary>
    private static readonly TimeSpan s_vague = TimeSpan.FromSeconds(15);

    private readonly DurationBook _book = DurationBook.For(client.Connection, client.Options.Clock);

    /// <summary>When a new job is due; one of unknown age at once.</summary>
    public TimeSpan FirstDue(WaitingJob job)
    {
        TimeSpan age = job.AgeAt(job.Arrived);
        TimeSpan first = PollSchedule.FirstLook(_book.Of(job.Model)?.Range, options.PollInterval);
        return age < first ? job.Arrived + first - age : job.Arrived;
    }

    /// <summary>When a job that still runs is due again.</summary>
    public TimeSpan NextDue(WaitingJob job, TimeSpan now)
    {
        // Of a job whose age nobody knows no end can be foreseen.
        DurationRange? known = job.HasAge ? _book.Of(job.Model)?.Range : null;
        TimeSpan age = job.AgeAt(now);
        TimeSpan due = now + Times.Earlier(PollSchedule.Next(age, known, job.CloseLooks, options.PollInterval, client.Options.Random()), Longest);
        job.CloseLooks += age >= known?.Low ? 1 : 0;
        // The last look is a second before the end, rather than none.
        return due > job.Deadline && job.Deadline - now > PollSchedule.First * 2 ? job.Deadline - PollSchedule.First : due;
    }

    /// <summary>The chance that a job has ended since it was last seen. A bare id may have long ago.</summary>
    public double Chance(WaitingJob job, TimeSpan now) => job switch
    {
        { HasAge: true } => ModelDurations.ChanceOfEnd(_book.Of(job.Model), job.LastSeen is { } seen ? job.AgeAt(seen) : TimeSpan.Zero, job.AgeAt(now)),
        { LastSeen: { } seen } => ModelDurations.ChanceOfEnd(null, seen, now),
        _ => 1,
    };

    /// <summary>Learns how long a job took: as the API says, as far as that agrees with when it was seen to run and to be done.</summary>
    public void Learn(WaitingJob job, VideoState state, TimeSpan now)
    {
        if (state.Status != VideoStatus.Succeeded || !job.HasAge || (job.Model ?? state.Model) is not { } model)
        {
            return;
        }

        TimeSpan running = job.LastSeen is { } seen ? job.AgeAt(seen) : TimeSpan.Zero;
        TimeSpan done = job.AgeAt(now);
        if (state.Latency is { } latency)
        {
            _book.Add(model, Times.Later(running, Times.Earlier(latency, done)));
        }
        else if (done - running <= s_vague)
        {
            _book.Add(model, (running + done) / 2);
        }
    }
}
