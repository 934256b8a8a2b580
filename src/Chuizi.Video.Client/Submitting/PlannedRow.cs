using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;

namespace Chuizi.Video.Client.Submitting;

/// <summary>One video of the list, from the plan to its outcome: a row, or one of its takes.</summary>
/// <param name="position">Its position in the plan, from 0, which identifies it.</param>
/// <param name="row">The row as it was read and validated.</param>
/// <param name="key">The key that identifies the row in the ledger; null if it has none.</param>
/// <param name="estimate">The estimated cost; null if unknown.</param>
/// <param name="decision">What the ledger says about it. A row with errors may be one to send by the ledger; it is not sent.</param>
internal sealed class PlannedRow(int position, CheckedRow row, string? key, CostEstimate? estimate, SubmissionDecision decision)
{
    /// <summary>The column of the error about a row with an id: it is a video that was submitted before.</summary>
    public const string IdColumn = "Id";

    private static readonly CheckedRow s_done = new(null, null, [], []);

    private readonly int? _number = row.Row;
    private CheckedRow _row = row;
    private string? _key = key;

    /// <summary>Its position in the plan, from 0.</summary>
    public int Position => position;

    /// <summary>The row as it was read and validated; empty once it is done.</summary>
    public CheckedRow Checked => _row;

    /// <summary>Its number in the user's list, from 1; null if there is only one prompt.</summary>
    public int? Number => _number;

    /// <summary>Its number among the videos of the row, from 1; null if the row is submitted once.</summary>
    public int? Take { get; init; }

    /// <summary>The number of takes before the first new one of a rejected row; null if it is not a new take of one.</summary>
    public int? Judged { get; init; }

    /// <summary>The request to send.</summary>
    /// <exception cref="InvalidOperationException">The row could not be read, or it is done, so it has no request.</exception>
    public VideoRequest Request => _row.Request ?? throw new InvalidOperationException("The row could not be read, or is done.");

    /// <summary>The key that identifies the row in the ledger; null if it has none, or is done.</summary>
    public string? RowKey => _key;

    /// <summary>The key that identifies it in the ledger; null if it has none, or is done.</summary>
    public string? Key => _key is null ? null : Ledger.RowKey.OfTake(_key, Take ?? 1);

    /// <summary>The estimated cost; null if unknown.</summary>
    public CostEstimate? Estimate => estimate;

    /// <summary>What the ledger says about it: first when the list is planned, then again under the ledger's lock.</summary>
    public SubmissionDecision Decision { get; set; } = decision;

    /// <summary>The name of the submission that it repeats, as planned; null if it repeats none.</summary>
    public string? Repeated { get; } = decision.Action == RowAction.Send ? decision.Entry?.Entry : null;

    /// <summary>What happens to it.</summary>
    public RowAction Action => Decision.Action;

    /// <summary>
    /// The errors of a row that is to be sent. Rows that were sent before are waited for, whatever validation says today.
    /// </summary>
    public IReadOnlyList<ValidationIssue> Errors => Action == RowAction.Send ? _row.Errors : [];

    /// <summary>The API's response; null if the row was not accepted, or its outcome is unknown.</summary>
    public VideoState? State { get; set; }

    /// <summary>SubmissionOutcomeUnknown: it may have been billed. Any other kind: it was not accepted or billed.</summary>
    public ChuiziException? Failure { get; set; }

    /// <summary>Why the response could not be recorded, so that the id is only in <see cref="State"/>.</summary>
    public ChuiziException? Unrecorded { get; set; }

    /// <summary>
    /// Drops what belongs to the video, after it was emitted: the list stays in memory until its last row is done.
    /// </summary>
    public void Finish()
    {
        _row = s_done;
        _key = null;
        State = null;
    }

    /// <summary>
    /// The status of a failed submission: <c>unknown</c>; <c>failed</c> if the API rejects the request itself; otherwise <c>skipped</c>: it
    /// was not accepted, and another attempt may succeed.
    /// </summary>
    public static string StatusOf(ChuiziException failure) => failure.Kind switch
    {
        ChuiziErrorKind.SubmissionOutcomeUnknown => VideoStatus.Unknown,
        ChuiziErrorKind.RequestRejected or ChuiziErrorKind.ModelNotFound or ChuiziErrorKind.MalformedReply => VideoStatus.Failed,
        _ => VideoStatus.Skipped,
    };

    /// <summary>Creates the video of this row, with everything known about it.</summary>
    public Video ToVideo()
    {
        Video video = Request.ToVideo(_row.Input);
        video.Row = Number;
        video.Take = Take;
        video.EstimatedCost = Estimate?.Amount;
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
