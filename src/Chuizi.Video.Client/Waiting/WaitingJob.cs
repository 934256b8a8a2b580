namespace Chuizi.Video.Client.Waiting;

/// <summary>A job that is waited for, and what its polls have shown. Times are since the waiter's start.</summary>
internal sealed class WaitingJob
{
    /// <summary>Not every server of the API may know a job that is this young.</summary>
    private static readonly TimeSpan s_settlingTime = TimeSpan.FromSeconds(30);

    /// <summary>The API rounds the time of creation down to whole seconds, so a job may be up to one second younger than it says.</summary>
    private static readonly TimeSpan s_createdStep = TimeSpan.FromSeconds(1);

    /// <summary>Null where it is not known.</summary>
    private readonly TimeSpan? _ageAtArrival;

    /// <summary>The job of a video that arrives now. Its owner may change the video later, so what is needed of it is read here.</summary>
    /// <param name="video">With an id.</param>
    /// <param name="number">How many arrived before it.</param>
    /// <param name="isNew">Whether it may just have been submitted; otherwise its age is not known.</param>
    /// <param name="now">The time since the waiter's start.</param>
    /// <param name="utcNow">The time of day.</param>
    /// <param name="options">The waiter's.</param>
    public WaitingJob(Video video, int number, bool isNew, TimeSpan now, DateTime utcNow, WaitOptions options)
    {
        Video = video;
        Id = video.Id!;
        Model = video.Model;
        Number = number;
        Arrived = now;
        Deadline = now + (options.Timeout < PollTiming.LongestWait ? options.Timeout : PollTiming.LongestWait);
        if (options.Deadline < Deadline)
        {
            Deadline = options.Deadline.Value;
        }

        if (isNew)
        {
            TimeSpan age = video.Created is { } created ? utcNow - created - s_createdStep : TimeSpan.Zero;
            _ageAtArrival = age > TimeSpan.Zero ? age : TimeSpan.Zero;
        }
    }

    public Video Video { get; }

    public string Id { get; }

    public string? Model { get; }

    public int Number { get; }

    public TimeSpan Arrived { get; }

    /// <summary>When waiting for it ends, finished or not.</summary>
    public TimeSpan Deadline { get; }

    /// <summary>Whether its age is known.</summary>
    public bool HasAge => _ageAtArrival is not null;

    /// <summary>When the last poll that found it running was sent; null before.</summary>
    public TimeSpan? LastSeen { get; private set; }

    /// <summary>How often it has been polled since it may have ended, by what is known of its model.</summary>
    public int ClosePolls { get; private set; }

    /// <summary>Whether some server of the API may not know it yet.</summary>
    public bool IsSettling(TimeSpan now) => AgeAt(now) < s_settlingTime;

    /// <summary>How old it is; the maximum where that is not known.</summary>
    public TimeSpan AgeAt(TimeSpan now) => _ageAtArrival + (now - Arrived) ?? TimeSpan.MaxValue;

    /// <summary>A poll that was sent at <paramref name="asked"/> has found it running.</summary>
    public void SeenRunning(TimeSpan asked) => LastSeen = asked;

    /// <summary>It has been polled at an age at which it may have ended.</summary>
    public void CountClosePoll() => ClosePolls++;
}
