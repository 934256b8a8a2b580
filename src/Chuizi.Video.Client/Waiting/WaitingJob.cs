using Chuizi.Video.Client.Ledger;

namespace Chuizi.Video.Client.Waiting;

/// <summary>A job that is waited for, and what its polls have shown. Times are relative to the waiter's start.</summary>
internal sealed class WaitingJob
{
    /// <summary>While a job is this young, some servers of the API may not know it yet.</summary>
    private static readonly TimeSpan s_settlingTime = TimeSpan.FromSeconds(30);

    /// <summary>The API rounds the creation time down to whole seconds, so a job may be up to one second younger than it reports.</summary>
    private static readonly TimeSpan s_createdStep = TimeSpan.FromSeconds(1);

    /// <summary>How long a job may have ended without a URL.</summary>
    private static readonly TimeSpan s_urlTime = TimeSpan.FromSeconds(10);

    /// <summary>Null if it is not known.</summary>
    private readonly TimeSpan? _ageAtArrival;

    private TimeSpan? _ended;

    /// <summary>Creates the job of a video that arrives now. Copies what it needs, because the owner may change the video later.</summary>
    /// <param name="video">A video with an id, or one whose row a run elsewhere has claimed and may not have submitted yet.</param>
    /// <param name="number">The number of jobs that arrived before it.</param>
    /// <param name="isNew">Whether it may have been submitted just now; otherwise its age is not known.</param>
    /// <param name="now">The time since the waiter's start.</param>
    /// <param name="utcNow">The current UTC time.</param>
    /// <param name="options">The waiter's options.</param>
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

    /// <summary>The id; null while the row is claimed and not yet submitted. Such a job is not polled.</summary>
    public string Id { get; private set; }

    public string? Model { get; }

    /// <summary>What the ledger said when this run continued with the job of another; null if it is not one.</summary>
    public LedgerEntry? Entry { get; private set; }

    public int Number { get; }

    public TimeSpan Arrived { get; }

    /// <summary>When waiting for the job ends, finished or not.</summary>
    public TimeSpan Deadline { get; }

    /// <summary>Continues with the job of another run, which has ended. Its age is not known, so that it is polled at once.</summary>
    public void Continue(LedgerEntry entry) => (Id, Entry) = (entry.Id!, entry);

    /// <summary>Whether the age is known.</summary>
    public bool HasAge => _ageAtArrival is not null;

    /// <summary>Whether the job counts among the open ones of its model.</summary>
    public bool IsOpen { get; set; }

    /// <summary>When the last poll that found the job running was sent; null if there was none.</summary>
    public TimeSpan? LastSeen { get; private set; }

    /// <summary>How often the job has been polled since it may have ended, judging by its model.</summary>
    public int ClosePolls { get; private set; }

    /// <summary>Whether some servers of the API may not know the job yet.</summary>
    public bool IsSettling(TimeSpan now) => AgeAt(now) < s_settlingTime;

    /// <summary>The age of the job; the maximum if it is not known.</summary>
    public TimeSpan AgeAt(TimeSpan now) => _ageAtArrival + (now - Arrived) ?? TimeSpan.MaxValue;

    /// <summary>
    /// Whether to poll a job again that has ended, because the API may report its URL some seconds later. The time starts with the
    /// first call.
    /// </summary>
    public bool WaitsForUrl(TimeSpan now) => now - (_ended ??= now) < s_urlTime;

    /// <summary>Records that a poll sent at <paramref name="asked"/> found the job running.</summary>
    public void SeenRunning(TimeSpan asked) => LastSeen = asked;

    /// <summary>Counts a poll at an age at which the job may have ended.</summary>
    public void CountClosePoll() => ClosePolls++;
}
