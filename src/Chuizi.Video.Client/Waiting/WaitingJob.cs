namespace Chuizi.Video.Client.Waiting;

/// <summary>A job that is waited for. Times are since the waiter's start.</summary>
/// <param name="Video">The video.</param>
/// <param name="Arrived">When it came.</param>
/// <param name="AgeAtArrival">How old it was then; the maximum where nobody knows.</param>
/// <param name="Deadline">When its time is over.</param>
internal sealed record WaitingJob(Video Video, TimeSpan Arrived, TimeSpan AgeAtArrival, TimeSpan Deadline)
{
    /// <summary>How old it is.</summary>
    public TimeSpan AgeAt(TimeSpan now) => AgeAtArrival == TimeSpan.MaxValue ? TimeSpan.MaxValue : AgeAtArrival + (now - Arrived);
}
