namespace Chuizi.Video;

/// <summary>What kept a video from being done, for the summary of a later cmdlet.</summary>
/// <param name="Reason">The id of the error.</param>
/// <param name="Message">Its message.</param>
internal sealed record VideoProblem(string Reason, string Message);
