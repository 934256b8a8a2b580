using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Rows;

namespace Chuizi.Video.Client.Submitting;

/// <summary>One row of the list, from the plan through the ledger to its outcome.</summary>
/// <param name="position">Its position in the plan, from 0: the one coordinate of a row.</param>
/// <param name="row">The row as it was read and checked.</param>
/// <param name="key">How the ledger identifies it; null where it does not.</param>
/// <param name="estimate">What it is expected to cost in USD; null where that is unknown.</param>
/// <param name="decision">What the ledger says of it. A row with errors is one to send, and must not be sent.</param>
internal sealed class PlannedRow(int position, CheckedRow row, string? key, decimal? estimate, SubmissionDecision decision)
{
    /// <summary>Its position in the plan, from 0.</summary>
    public int Position => position;

    /// <summary>The row as it was read and checked.</summary>
    public CheckedRow Checked => row;

    /// <summary>Its number in the user's list, from 1; null where there is only one prompt.</summary>
    public int? Number => row.Row;

    /// <summary>What is sent.</summary>
    /// <exception cref="InvalidOperationException">The row could not be read, so there is nothing to send.</exception>
    public VideoRequest Request => row.Request ?? throw new InvalidOperationException("The row could not be read.");

    /// <summary>How the ledger identifies it; null where it does not.</summary>
    public string? Key => key;

    /// <summary>What it is expected to cost in USD; null where that is unknown.</summary>
    public decimal? Estimate => estimate;

    /// <summary>What the ledger says of it: at first the plan's answer, then the one given under the ledger's lock.</summary>
    public SubmissionDecision Decision { get; set; } = decision;

    /// <summary>What happens to it.</summary>
    public RowAction Action => Decision.Action;

    /// <summary>What is wrong with a row that is to be sent. One that was sent before is waited for whatever a check says today.</summary>
    public IReadOnlyList<ValidationIssue> Errors => Action == RowAction.Send ? row.Errors : [];

    /// <summary>The API's answer; null where the row was not accepted, or the outcome is unknown.</summary>
    public VideoState? State { get; set; }

    /// <summary>SubmissionOutcomeUnknown: it may be paid. Any other kind: it was not accepted, and is not paid.</summary>
    public ChuiziException? Failure { get; set; }

    /// <summary>Why the answer is not in the ledger, so that the id stands nowhere but in <see cref="State"/>.</summary>
    public ChuiziException? Unrecorded { get; set; }

    /// <summary>
    /// The status of a failed submission: <c>unknown</c>; <c>failed</c>, where the API refuses the request itself; otherwise
    /// <c>skipped</c>: it was not accepted, and sending it again may succeed.
    /// </summary>
    public static string StatusOf(ChuiziException failure) => failure.Kind switch
    {
        ChuiziErrorKind.SubmissionOutcomeUnknown => VideoStatus.Unknown,
        ChuiziErrorKind.RequestRejected or ChuiziErrorKind.ModelNotFound or ChuiziErrorKind.MalformedReply => VideoStatus.Failed,
        _ => VideoStatus.Skipped,
    };

    /// <summary>The video of this row, with all that is known of it.</summary>
    /// <param name="input">What the row was read from.</param>
    public Video ToVideo(object? input)
    {
        Video video = Request.ToVideo(input);
        if (Action != RowAction.Send)
        {
            Decision.Entry?.ApplyTo(video);
        }

        State?.ApplyTo(video);
        if (Failure is { } failure)
        {
            video.Status = StatusOf(failure);
            video.Error = VideoError.From(failure);
            video.RequestId = failure.RequestId;
        }

        return video;
    }
}
