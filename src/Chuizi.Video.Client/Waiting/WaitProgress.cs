namespace Chuizi.Video.Client.Waiting;

/// <summary>How far the waiting has come.</summary>
/// <param name="Total">Jobs that were added.</param>
/// <param name="Done">Jobs that are no longer waited for, whatever the outcome.</param>
/// <param name="Failed">Those of them that failed.</param>
/// <param name="Polling">Polls under way.</param>
/// <param name="NextPoll">The time until the next poll; zero while one is under way.</param>
internal sealed record WaitProgress(int Total, int Done, int Failed, int Polling, TimeSpan NextPoll);
