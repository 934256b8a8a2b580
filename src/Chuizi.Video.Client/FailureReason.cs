namespace Chuizi.Video;

/// <summary>Why a video is not done, as a <see cref="VideoSummary"/> counts it.</summary>
/// <param name="Reason">The error id.</param>
/// <param name="Message">The error message.</param>
internal sealed record FailureReason(string Reason, string Message)
{
    /// <summary>The reason that a failure of the client gives.</summary>
    public static FailureReason Of(ChuiziException failure) => new(failure.Kind.ToString(), failure.Message);
}
