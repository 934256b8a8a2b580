namespace Chuizi.Video.Client.Waiting;

/// <summary>A job that is waited for. Times are since the waiter's start.</summary>
/// <param name="video">The video, whose owner may change it: what is needed of it is read here and now.</param>
/// <param name="number">How many came before it.</param>
/// <param name="arrived">When it came.</param>
/// <param name="ageAtArrival">How old it was then; the maximum where nobody knows.</param>
/// <param name="deadline">When its time is over.</param>
internal sealed class WaitingJob(Video video, int number, TimeSpan arrived, TimeSpan ageAtArrival, TimeSpan deadline)
{
    /// <summary>A job so young may not be known to every server of the API yet.</summary>
    private static readonly TimeSpan s_settlingTime = TimeSpan.FromSeconds(30);

    /// <summary>The API gives the time of creation in whole seconds, so up to one of them may not have passed.</summary>
    private static readonly TimeSpan s_createdStep = TimeSpan.FromSeconds(1);

    public Video Video { get; } = video;

    public string Id { get; } = video.Id!;

    public string? Model { get; } = video.Model;

    public int Number { get; } = number;

    public TimeSpan Arrived { get; } = arrived;

    public TimeSpan Deadline { get; } = deadline;

    /// <summary>Whether its age is known.</summary>
    public bool HasAge => ageAtArrival != TimeSpan.MaxValue;

    /// <summary>When it was last asked for and still ran; null before.</summary>
    public TimeSpan? LastSeen { get; set; }

    /// <summary>When its next look is due.</summary>
    public TimeSpan Due { get; set; }

    /// <summary>How often it has been looked at since it may have ended, by what is known of its model.</summary>
    public int CloseLooks { get; set; }

    /// <summary>Its place among the jobs that are due; null where it is not.</summary>
    public LinkedListNode<WaitingJob>? Ready { get; set; }

    /// <summary>Whether it is in the queue, rather than being polled or at its end.</summary>
    public bool IsQueued { get; set; }

    /// <summary>Whether the queue watches its deadline.</summary>
    public bool IsWatched { get; set; }

    /// <summary>The job of a video that comes now.</summary>
    public static WaitingJob Of(Video video, int number, bool isNew, TimeSpan now, DateTime utcNow, WaitOptions options)
    {
        TimeSpan age = !isNew ? TimeSpan.MaxValue : video.Created is { } created ? Times.Later(utcNow - created - s_createdStep, TimeSpan.Zero) : TimeSpan.Zero;
        TimeSpan deadline = now + Times.Earlier(options.Timeout, JobSchedule.Longest);
        return new WaitingJob(video, number, now, age, options.Deadline is { } end ? Times.Earlier(end, deadline) : deadline);
    }

    /// <summary>Whether it may not be known everywhere yet.</summary>
    public bool IsSettling(TimeSpan now) => AgeAt(now) < s_settlingTime;

    /// <summary>How old it is; the maximum where nobody knows.</summary>
    public TimeSpan AgeAt(TimeSpan now) => HasAge ? ageAtArrival + (now - Arrived) : TimeSpan.MaxValue;
}
