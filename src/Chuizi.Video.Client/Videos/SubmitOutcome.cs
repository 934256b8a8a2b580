using Chuizi.Video.Client.Http;

namespace Chuizi.Video.Client.Videos;

/// <summary>How the submission of one request ended.</summary>
/// <param name="Index">The request's place in the batch, from 0.</param>
/// <param name="State">The API's answer; null where it was not taken, or nobody knows.</param>
/// <param name="Failure">SubmissionOutcomeUnknown: maybe paid. Any other kind: refused, and not paid.</param>
public sealed record SubmitOutcome(int Index, VideoState? State, ChuiziException? Failure)
{
    /// <summary>Brings the video made from the request up to date.</summary>
    public void ApplyTo(Video video)
    {
        State?.ApplyTo(video);
        if (Failure is { } failure)
        {
            video.Status = failure.Kind == ChuiziErrorKind.SubmissionOutcomeUnknown ? VideoStatus.Unknown : VideoStatus.Failed;
            video.Error = new VideoError { Message = failure.Message, Type = failure.Type, Code = failure.Code ?? failure.Kind.ToString() };
            video.RequestId = failure.RequestId;
        }
    }
}
