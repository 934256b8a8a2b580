using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;

namespace Chuizi.Video.Client.Submitting;

/// <summary>How the submission of one request ended.</summary>
/// <param name="Index">The request's place in the batch, from 0.</param>
/// <param name="State">The API's answer; null where it was not taken, or nobody knows.</param>
/// <param name="Failure">SubmissionOutcomeUnknown: maybe paid. Any other kind: not taken, and not paid.</param>
public sealed record SubmitOutcome(int Index, VideoState? State, ChuiziException? Failure)
{
    /// <summary>Another run that uses the ledger has sent the row meanwhile.</summary>
    public LedgerEntry? Known { get; init; }

    /// <summary>Why the answer is not in the ledger; the id is nowhere but here.</summary>
    public ChuiziException? Unrecorded { get; init; }

    /// <summary>
    /// What a failed submission is: <c>unknown</c>; <c>failed</c>, where the API refuses the request itself; else <c>skipped</c>: it was
    /// not taken, and sending it again may succeed.
    /// </summary>
    public static string StatusOf(ChuiziException failure) => failure.Kind switch
    {
        ChuiziErrorKind.SubmissionOutcomeUnknown => VideoStatus.Unknown,
        ChuiziErrorKind.RequestRejected or ChuiziErrorKind.ModelNotFound or ChuiziErrorKind.MalformedReply => VideoStatus.Failed,
        _ => VideoStatus.Skipped,
    };

    /// <summary>A failure as the video and the ledger keep it.</summary>
    public static VideoError ErrorOf(ChuiziException failure) =>
        new() { Message = failure.Message, Type = failure.Type, Code = failure.Code ?? failure.Kind.ToString() };

    /// <summary>Brings the video made from the request up to date.</summary>
    public void ApplyTo(Video video)
    {
        Known?.ApplyTo(video);
        State?.ApplyTo(video);
        if (Failure is { } failure)
        {
            video.Status = StatusOf(failure);
            video.Error = ErrorOf(failure);
            video.RequestId = failure.RequestId;
        }
    }
}
