namespace Chuizi.Video.Client.Waiting;

/// <summary>The progress of waiting.</summary>
/// <param name="Total">The number of jobs added.</param>
/// <param name="Done">The number of jobs that are no longer waited for, whatever the outcome.</param>
/// <param name="Failed">The number of those that failed.</param>
/// <param name="Polling">The number of polls in progress.</param>
/// <param name="NextPoll">The time until the next poll; zero while one is in progress.</param>
internal sealed record WaitProgress(int Total, int Done, int Failed, int Polling, TimeSpan NextPoll);
