using System.Globalization;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;

namespace Chuizi.Video.Client.Waiting;

/// <summary>How waiting for one video ended: the job ended, or the waiting itself failed.</summary>
/// <param name="Video">The video, as it was added.</param>
/// <param name="State">The state with which the job ended, as the API or this run knows it; otherwise null.</param>
/// <param name="Failure">Why there is no state: WaitTimeout, VideoNotFound, SubmissionElsewhere and the like.</param>
internal sealed record WaitOutcome(Video Video, VideoState? State, ChuiziException? Failure)
{
    /// <summary>
    /// What the ledger says of a video that a run elsewhere had claimed; null for other videos, and where nothing has become of it yet.
    /// </summary>
    public LedgerEntry? Entry { get; init; }

    /// <summary>Whether this run continues with the video of <see cref="Entry"/>.</summary>
    public bool IsOwn { get; init; }

    /// <summary>The outcome of a job whose id was not where the contract puts it, and that the API does not know.</summary>
    /// <param name="video">The video, as it was added.</param>
    /// <param name="id">The id.</param>
    /// <param name="source">The place of the id in the response.</param>
    /// <param name="notFound">The error of the poll.</param>
    public static WaitOutcome Unknown(Video video, string id, string source, ChuiziException notFound)
    {
        string message = $"The API accepted the submission, but does not know the id '{id}', which its response contained in '{source}'. "
            + $"The outcome is unknown: {notFound.Message}";
        ChuiziException unknown = new(ChuiziErrorKind.SubmissionOutcomeUnknown, message, notFound)
        {
            Status = notFound.Status,
            RequestId = video.RequestId ?? notFound.RequestId,
            VideoId = id,
        };
        VideoState state = new() { Id = id, Status = VideoStatus.Unknown, Error = VideoError.From(unknown) };
        return new WaitOutcome(video, state, unknown);
    }

    /// <summary>The outcome of a job that was not finished at its deadline.</summary>
    /// <param name="video">The video, as it was added.</param>
    /// <param name="id">The id; null if it is not known yet.</param>
    /// <param name="waited">How long it was waited for.</param>
    public static WaitOutcome TimedOut(Video video, string? id, TimeSpan waited)
    {
        string which = id is not null ? $"The video {id}"
            : video.Row is { } row ? $"The video of row {row}, which another run has claimed,"
            : "The video that another run has claimed";
        string rendering = id is not null ? " The API continues to render it." : "";
        string message = string.Create(
            CultureInfo.InvariantCulture, $"{which} was not finished after {waited.TotalSeconds:0.#} s.{rendering}");
        return new WaitOutcome(video, null, new ChuiziException(ChuiziErrorKind.WaitTimeout, message) { VideoId = id });
    }
}
