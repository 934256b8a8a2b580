using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Client.Text;
using Chuizi.Video.Module.Cmdlets;

namespace Chuizi.Video.Module.Submitting;

/// <summary>
/// Emits the results of New-ChuiziVideo: videos, errors that name rows, and what was not submitted. Use only on the pipeline thread.
/// </summary>
internal sealed class SubmissionOutput(VideoCmdlet cmdlet, VideoLedger ledger, SubmissionPlan plan)
{
    private readonly Dictionary<string, (ChuiziException Failure, List<PlannedRow> Rows)> _refusedModels = new(StringComparer.Ordinal);
    private readonly Dictionary<ChuiziErrorKind, (ChuiziException First, List<PlannedRow> Rows)> _beyond = [];
    private readonly List<PlannedRow> _submitted = [];
    private readonly List<PlannedRow> _elsewhere = [];
    private readonly List<PlannedRow> _failedBefore = [];
    private readonly List<PlannedRow> _unknownBefore = [];
    private readonly List<PlannedRow> _leftOut = [];
    private readonly List<(PlannedRow Row, Video Video, ChuiziException Failure)> _unrecorded = [];
    private int _processed;
    private int _refused;

    /// <summary>The claims of this call; null until it submits.</summary>
    public SubmissionClaims? Claims { get; set; }

    /// <summary>The estimated cost of what this call has submitted, in USD.</summary>
    public decimal Cost => _submitted.Sum(row => row.Estimate?.Amount ?? 0);

    /// <summary>The number of rows of this call that failed, or whose outcome is unknown.</summary>
    public int Failed => _refused - _beyond.Values.Sum(beyond => beyond.Rows.Count);

    /// <summary>The number of rows that this call processed without sending them, because of a limit or another run.</summary>
    public int NotSent => _processed - _submitted.Count - Failed;

    /// <summary>Emits a row that this call processed.</summary>
    public void Emit(PlannedRow row)
    {
        _processed++;
        if (row.Action == RowAction.IsElsewhere)
        {
            EmitKnown(row);
            return;
        }

        Video video = Make(row);
        if (row.Failure is { } failure)
        {
            _refused += failure.Kind == ChuiziErrorKind.SubmissionElsewhere ? 0 : 1;
            Fail(row, video, failure);
            return;
        }

        if (row.State is not null)
        {
            video.Created ??= DateTime.UtcNow;
            _submitted.Add(row);
        }

        if (row.Unrecorded is { } unrecorded)
        {
            _unrecorded.Add((row, video, unrecorded));
            if (!cmdlet.StopsOnError)
            {
                ReportUnrecorded();
            }
        }
        else
        {
            row.Finish();
        }

        cmdlet.Outlet.Pass(video);
    }

    /// <summary>Combines all ids in one error, because under -ErrorAction Stop that error may be the only output of the call.</summary>
    private void ReportUnrecorded()
    {
        if (_unrecorded is [{ } first, ..])
        {
            ErrorRecord error = ErrorRecords.From(
                first.Failure,
                _unrecorded.Count == 1 ? first.Video : _unrecorded.Select(one => one.Video).ToArray());
            string ids = string.Join(", ", _unrecorded.Select(one => one.Video.Id));
            string what = _unrecorded.Count == 1
                ? $"{WhereIs(first.Row)}The video {ids} was submitted, but its id could not be recorded in the ledger. Keep this id: "
                : $"{_unrecorded.Count} videos were submitted, but their ids could not be recorded in the ledger. Keep these ids, {ids}: ";
            ErrorRecords.Amend(error, what, "");
            cmdlet.Errors.WriteFirst(error);
            _unrecorded.Clear();
        }
    }

    /// <summary>Emits a row of an earlier run. A row that is to be submitted is not emitted here.</summary>
    public void EmitKnown(PlannedRow row)
    {
        if (row.Action == RowAction.Send)
        {
            return;
        }

        Video video = Make(row);
        switch (row.Action)
        {
            case RowAction.IsUnknown:
                video.Error = VideoError.From(row.Decision.Entry!.ToUnknown());
                _unknownBefore.Add(row);
                cmdlet.Outlet.FailTogether(video, null);
                break;
            case RowAction.IsElsewhere:
                video.Status = VideoStatus.Processing;
                video.Error = null;
                video.Elsewhere = true;
                (VideoProvenance.Of(video)! with { Claimed = Claims!.ClaimOf(row) }).AttachTo(video);
                _elsewhere.Add(row);
                cmdlet.Outlet.Pass(video);
                break;
            case RowAction.IsLeftOut:
                video.Status = VideoStatus.Skipped;
                _leftOut.Add(row);
                cmdlet.Outlet.FailTogether(video, null);
                break;
            default:
                if (video.Status == VideoStatus.Failed)
                {
                    // The run in which it failed has already reported it.
                    _failedBefore.Add(row);
                    cmdlet.Outlet.FailTogether(video, null);
                }
                else
                {
                    row.Finish();
                    cmdlet.Outlet.Pass(video);
                }

                break;
        }
    }

    /// <summary>Reports, once for many rows, what was not submitted and why. What ended the call comes last.</summary>
    /// <param name="end">The error that ended the call; null if nothing did.</param>
    /// <param name="notSent">The rows that were not submitted because of it.</param>
    public void Summarise(ChuiziException? end, IReadOnlyList<PlannedRow> notSent)
    {
        ReportUnrecorded();
        if (_failedBefore.Count > 0)
        {
            cmdlet.WriteWarning($"Failed in an earlier run: {Rows(_failedBefore)}. To submit failed rows again, use -RetryFailed.");
        }

        if (_leftOut.Count > 0)
        {
            cmdlet.WriteWarning(
                $"Not submitted, because -RetryRejected submits only new takes of rejected rows: {Rows(_leftOut)}. To submit "
                + $"{(_leftOut.Count == 1 ? "it" : "them")}, run the command without -RetryRejected.");
        }

        if (_unknownBefore.Count > 0)
        {
            bool isOne = _unknownBefore.Count == 1;
            LedgerEntry[] entries = [.. _unknownBefore.Select(row => row.Decision.Entry!).OrderBy(entry => entry.At)];
            ChuiziException unknown = isOne
                ? entries[0].ToUnknown()
                : new ChuiziException(
                    ChuiziErrorKind.SubmissionOutcomeUnknown,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Outcome unknown for {entries.Length} rows of an earlier run: {Rows(_unknownBefore)}. The first was "
                            + $"submitted at {entries[0].At:yyyy-MM-dd HH:mm:ss} UTC. See the Error property of each video."));
            cmdlet.Errors.Write(
                Record(unknown, isOne ? WhereIs(_unknownBefore[0]) : "", isOne ? Make(_unknownBefore[0]) : Videos(_unknownBefore)));
        }

        foreach ((ChuiziException failure, List<PlannedRow> rows) in _refusedModels.Values)
        {
            ErrorRecord error = ErrorRecords.From(failure, Videos(rows));
            ErrorRecords.Amend(error, "", $" Not submitted: {Rows(rows)}.");
            cmdlet.Errors.Write(error);
        }

        if (_elsewhere.Count > 0)
        {
            string videos = _elsewhere.Count == 1 ? "1 video is in progress in another run" : string.Create(
                CultureInfo.InvariantCulture, $"{_elsewhere.Count:N0} videos are in progress in other runs");
            Say($"{videos} with the same ledger: {Rows(_elsewhere)}.");
        }

        foreach ((ChuiziErrorKind kind, (ChuiziException first, List<PlannedRow> rows)) in _beyond)
        {
            string limit = kind == ChuiziErrorKind.BudgetReached ? SpendingLimits.MonthlyBudgetVariable : plan.Terms.MaxCostName;
            string count = rows.Count == 1 ? "" : $" ({rows.Count} videos)";
            string message = $"Skipped because {limit} would be exceeded: {Rows(rows)}{count}. {first.Message}";
            cmdlet.Errors.Write(ErrorRecords.From(new ChuiziException(kind, message), Videos(rows)));
        }

        ReportTotal();

        if (end is { Kind: ChuiziErrorKind.DeadlineReached })
        {
            if (notSent.Count > 0)
            {
                EmitSkipped(notSent, end);
                string message =
                    $"Not submitted because the -Deadline was reached: "
                        + $"{Rows(notSent)}{(notSent.Count == 1 ? "" : $" ({notSent.Count} videos)")}.";
                cmdlet.Errors.Write(ErrorRecords.From(new ChuiziException(end.Kind, message), Videos(notSent)));
            }
        }
        else if (end is not null)
        {
            if (cmdlet.Errors.HasEmitted)
            {
                // If nothing was emitted, the terminating error is enough.
                EmitSkipped(notSent, end);
            }

            ErrorRecord error = ErrorRecords.From(end, Videos(notSent));
            string rows =
                notSent.Count == 0 ? "All rows were submitted."
                : notSent.Any(row => row.Number is not null) ? $"Not submitted: {Rows(notSent)}."
                : "Nothing was submitted.";
            string again =
                plan.Rows.Any(row => row.Key is not null) && notSent.Count > 0
                    ? " Run the same command with the same -Ledger to submit the remaining rows."
                    : "";
            ErrorRecords.Amend(error, "", $" {rows}{again}");
            cmdlet.Errors.Terminate(error);
        }
    }

    /// <summary>Reports what the call has spent: the last line of a list in a console.</summary>
    private void ReportTotal()
    {
        if (SubmissionText.DescribeSpent(plan, _submitted) is { } total)
        {
            Say(total);
        }
    }

    /// <summary>Writes a line about the whole call, which a console shows.</summary>
    public void Say(string message)
    {
        bool shows = ProgressDisplay.IsConsole(cmdlet.Host) && !cmdlet.IsSpecified("Quiet");
        cmdlet.WriteLine(message, ProgressDisplay.TotalTag, shows);
    }

    /// <summary>Emits the rows that were not submitted, so that a count of the output shows that the list is not complete.</summary>
    private void EmitSkipped(IEnumerable<PlannedRow> rows, ChuiziException why)
    {
        foreach (PlannedRow row in rows)
        {
            row.Failure = why;
            cmdlet.Outlet.FailTogether(Make(row), why);
        }
    }

    private void Fail(PlannedRow row, Video video, ChuiziException failure)
    {
        switch (failure.Kind)
        {
            case ChuiziErrorKind.CostLimitReached or ChuiziErrorKind.BudgetReached:
                if (!_beyond.TryGetValue(failure.Kind, out (ChuiziException, List<PlannedRow> Rows) beyond))
                {
                    _beyond[failure.Kind] = beyond = (failure, []);
                }

                beyond.Rows.Add(row);
                break;
            case ChuiziErrorKind.SubmissionElsewhere:
                _leftOut.Add(row);
                break;
            case ChuiziErrorKind.ModelNotAllowed:
                if (!_refusedModels.TryGetValue(video.Model!, out (ChuiziException, List<PlannedRow> Rows) refused))
                {
                    _refusedModels[video.Model!] = refused = (failure, []);
                }

                refused.Rows.Add(row);
                break;
            default:
                string doubt = failure.Kind == ChuiziErrorKind.SubmissionOutcomeUnknown ? "Outcome unknown: " : "";
                cmdlet.Outlet.Fail(video, Record(failure, WhereIs(row) + doubt, video));
                return;
        }

        cmdlet.Outlet.FailTogether(video, failure);
    }

    /// <summary>An error that names the row and, for an unknown outcome, the ledger that records it.</summary>
    private ErrorRecord Record(ChuiziException failure, string where, object target)
    {
        ErrorRecord error = ErrorRecords.From(failure, target);
        bool isUnknown = failure.Kind == ChuiziErrorKind.SubmissionOutcomeUnknown;
        string stop = error.ErrorDetails.Message.EndsWith('.') ? "" : ".";
        bool isOne = target is Video;
        ErrorRecords.Amend(
            error,
            where,
            isUnknown && ledger.Path is not null
                ? $"{stop} {(isOne ? "It is" : "They are")} recorded as unknown in the ledger '{ledger.Path}'."
                : "");
        return error;
    }

    private Video Make(PlannedRow row)
    {
        Video video = row.ToVideo();
        video.Origin = plan.Terms.Origin;
        video.Ledger = ledger.Path;
        new VideoProvenance(row.Request.IsTextOnly ? null : row.Request, ledger).AttachTo(video);
        VideoIdSource.AttachTo(video, row.State?.IdSource);
        return video;
    }

    private Video[] Videos(IEnumerable<PlannedRow> rows) => [.. rows.Select(Make)];

    private static string Rows(IReadOnlyCollection<PlannedRow> rows)
    {
        int[] numbers = [.. rows.Select(row => row.Number).OfType<int>()];
        return numbers.Length > 0 ? RowRanges.Describe(numbers) : "the video";
    }

    private static string WhereIs(PlannedRow row) => PlanReport.Where(row);
}
