namespace Chuizi.Video;

/// <summary>What kept a video from being done, as a <see cref="VideoSummary"/> counts it.</summary>
/// <param name="Reason">The id of the error.</param>
/// <param name="Message">Its message.</param>
internal sealed record VideoProblem(string Reason, string Message)
{
    /// <summary>The problem that a failure of the client is.</summary>
    public static VideoProblem Of(ChuiziException failure) => new(failure.Kind.ToString(), failure.Message);
}
