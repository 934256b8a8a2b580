namespace Chuizi.Video.Client.Waiting;

/// <summary>The progress of waiting.</summary>
/// <param name="Total">The number of jobs added.</param>
/// <param name="Done">The number of jobs that are no longer waited for, whatever the outcome.</param>
/// <param name="Failed">The number of those that failed.</param>
/// <param name="Polling">The number of polls in progress.</param>
/// <param name="NextPoll">The time until the next poll; zero while one is in progress.</param>
internal sealed record WaitProgress(int Total, int Done, int Failed, int Polling, TimeSpan NextPoll)
{
    /// <summary>The known costs of the jobs that ended, in USD.</summary>
    public decimal Cost { get; init; }

    /// <summary>The time until the last job will probably have ended, judging by earlier jobs of its model; null if not known.</summary>
    public TimeSpan? TimeLeft { get; init; }

    /// <summary>The request limit per minute that delays the next poll; null if none does.</summary>
    public int? Limit { get; init; }
}
