namespace Chuizi.Video.Client.Waiting;

/// <summary>How far the waiting is.</summary>
/// <param name="Total">Jobs that came.</param>
/// <param name="Done">Jobs that ended, in whatever way.</param>
/// <param name="Failed">Those of them that failed.</param>
/// <param name="Polling">Polls under way.</param>
/// <param name="NextPoll">The time until something is asked again; zero while a poll is under way.</param>
internal sealed record WaitProgress(int Total, int Done, int Failed, int Polling, TimeSpan NextPoll);
