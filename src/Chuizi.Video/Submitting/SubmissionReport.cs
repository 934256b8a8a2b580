using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Client.Text;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Input;

namespace Chuizi.Video.Module.Submitting;

/// <summary>
/// What New-ChuiziVideo says and emits of what was sent: videos, errors that name rows, and what was not sent. For the pipeline thread.
/// </summary>
internal sealed class SubmissionReport(VideoCmdlet cmdlet, VideoLedger ledger, SubmissionPlan plan, IReadOnlyList<object?> inputs)
{
    private readonly Dictionary<string, (ChuiziException Failure, List<PlannedRow> Rows)> _refusedModels = new(StringComparer.Ordinal);
    private readonly List<PlannedRow> _beyond = [];
    private readonly List<PlannedRow> _elsewhere = [];
    private readonly List<PlannedRow> _failedBefore = [];
    private readonly List<PlannedRow> _unknownBefore = [];
    private readonly List<(PlannedRow Row, Video Video, ChuiziException Failure)> _unrecorded = [];
    private ChuiziException? _ceiling;
    private int _refused;

    /// <summary>Emits a row that this call has dealt with.</summary>
    public void Emit(PlannedRow row)
    {
        Video video = Make(row);
        if (row.Failure is { } failure)
        {
            _refused++;
            Fail(row, video, failure);
            return;
        }

        if (row.State is not null)
        {
            video.Created ??= DateTime.UtcNow;
        }

        if (row.Unrecorded is { } unrecorded)
        {
            _unrecorded.Add((row, video, unrecorded));
            if (!cmdlet.StopsOnError)
            {
                TellUnrecorded();
            }
        }

        cmdlet.Outlet.Pass(video);
    }

    /// <summary>Under -ErrorAction Stop the error may be all that is left of the call: one that has all the ids.</summary>
    private void TellUnrecorded()
    {
        if (_unrecorded is [{ } first, ..])
        {
            ErrorRecord error = ErrorRecords.From(
                first.Failure,
                _unrecorded.Count == 1 ? first.Video : _unrecorded.Select(one => one.Video).ToArray());
            string ids = string.Join(", ", _unrecorded.Select(one => one.Video.Id));
            string what = _unrecorded.Count == 1
                ? $"{WhereIs(first.Row)}The video {ids} is submitted, and its id is recorded nowhere but here: "
                : $"{_unrecorded.Count} videos are submitted, and their ids are recorded nowhere but here, {ids}: ";
            ErrorRecords.Amend(error, what, "");
            cmdlet.Errors.WriteFirst(error);
            _unrecorded.Clear();
        }
    }

    /// <summary>Emits a row that was sent before; a row that is not sent at all is not emitted.</summary>
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
                video.Status = VideoStatus.Skipped;
                _elsewhere.Add(row);
                cmdlet.Outlet.FailTogether(video, null);
                break;
            default:
                if (video.Status == VideoStatus.Failed)
                {
                    // The run in which it failed has reported it.
                    _failedBefore.Add(row);
                    cmdlet.Outlet.FailTogether(video, null);
                }
                else
                {
                    cmdlet.Outlet.Pass(video);
                }

                break;
        }
    }

    /// <summary>Says, once for many rows, what was not sent and why. What ended the call comes last.</summary>
    /// <param name="end">What ended it; null where nothing did.</param>
    /// <param name="notSent">The rows that were not sent because of that.</param>
    public void Summarise(ChuiziException? end, IReadOnlyList<PlannedRow> notSent)
    {
        TellUnrecorded();
        if (_failedBefore.Count > 0)
        {
            cmdlet.WriteWarning($"Failed in an earlier run: {Rows(_failedBefore)}. -RetryFailed sends such rows again.");
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
                        $"Unknown whether the API took {entries.Length} rows of an earlier run: {Rows(_unknownBefore)}, the first of them "
                            + $"sent at {entries[0].At:yyyy-MM-dd HH:mm:ss} UTC. The Error of each video says more."));
            cmdlet.Errors.Write(
                Record(unknown, isOne ? WhereIs(_unknownBefore[0]) : "", isOne ? Make(_unknownBefore[0]) : Videos(_unknownBefore)));
        }

        foreach ((ChuiziException failure, List<PlannedRow> rows) in _refusedModels.Values)
        {
            ErrorRecord error = ErrorRecords.From(failure, Videos(rows));
            ErrorRecords.Amend(error, "", $" Not sent: {Rows(rows)}.");
            cmdlet.Errors.Write(error);
        }

        if (_elsewhere.Count > 0)
        {
            string message = $"Not sent: {Rows(_elsewhere)}. Another run that uses the ledger '{ledger.Path}' is sending the same now.";
            cmdlet.Errors.Write(ErrorRecords.From(new ChuiziException(ChuiziErrorKind.SubmissionElsewhere, message), Videos(_elsewhere)));
        }

        if (_ceiling is not null)
        {
            string count = _beyond.Count == 1 ? "" : $" ({_beyond.Count} videos)";
            string message = $"Beyond -MaxCost, and not sent: {Rows(_beyond)}{count}. {_ceiling.Message}";
            cmdlet.Errors.Write(ErrorRecords.From(new ChuiziException(ChuiziErrorKind.CostLimitReached, message), Videos(_beyond)));
        }

        if (end is { Kind: ChuiziErrorKind.DeadlineReached })
        {
            if (notSent.Count > 0)
            {
                EmitSkipped(notSent, end);
                string message =
                    $"Not sent before the -Deadline: {Rows(notSent)}{(notSent.Count == 1 ? "" : $" ({notSent.Count} videos)")}.";
                cmdlet.Errors.Write(ErrorRecords.From(new ChuiziException(end.Kind, message), Videos(notSent)));
            }
        }
        else if (end is not null)
        {
            if (cmdlet.Errors.HasEmitted)
            {
                // Where nothing came out, the error that ends the call tells.
                EmitSkipped(notSent, end);
            }

            ErrorRecord error = ErrorRecords.From(end, Videos(notSent));
            string rows =
                notSent.Count == 0 ? "All was sent."
                : notSent.Any(row => row.Number is not null) ? $"Not sent: {Rows(notSent)}."
                : "Nothing is sent.";
            string again =
                plan.Rows.Any(row => row.Key is not null) && notSent.Count > 0
                    ? " The same command with the same -Ledger sends what is missing."
                    : "";
            ErrorRecords.Amend(error, "", $" {rows}{again}");
            cmdlet.Errors.Terminate(error);
        }
    }

    /// <summary>What to say at Ctrl+C with requests under way.</summary>
    public string DescribeStop(int underWay)
    {
        string nothing = $"Nothing more is sent. {(underWay == 1 ? "1 submission is" : $"{underWay} submissions are")} under way";
        return ledger.Path is not { } path
            ? $"{nothing}, and there is no ledger that would get {(underWay == 1 ? "its id" : "their ids")}."
            : $"{nothing}; {(underWay == 1 ? "its id reaches" : "their ids reach")} the ledger '{path}'. "
                + $"See {(underWay == 1 ? "it" : "them")} with: Get-ChuiziVideo -Ledger {CommandArgument.SingleQuote(path)}"
                + (plan.Rows.Any(row => row.Key is not null) ? ". The same command sends what is missing." : "");
    }

    /// <summary>The bar while sending.</summary>
    /// <param name="activity">Its number.</param>
    /// <param name="ended">How many of the rows to send have been dealt with.</param>
    /// <param name="all">How many there are.</param>
    /// <param name="waiting">What they wait for; null where nothing holds them up.</param>
    public ProgressRecord DescribeProgress(int activity, int ended, int all, string? waiting)
    {
        int notSent = _beyond.Count + _elsewhere.Count;
        string more =
            (_refused > notSent ? $", {_refused - notSent} refused" : "")
            + (notSent > 0 ? $", {notSent} not sent" : "")
            + (waiting is null ? "" : $"; {waiting}");
        return new ProgressRecord(
            activity,
            "Submitting videos",
            string.Create(CultureInfo.CurrentCulture, $"{Math.Max(0, ended - _refused)} of {all} submitted{more}"))
        {
            PercentComplete = ended * 100 / all,
        };
    }

    /// <summary>Whoever counts what comes out must not take the list for done.</summary>
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
            case ChuiziErrorKind.CostLimitReached:
                _ceiling ??= failure;
                _beyond.Add(row);
                break;
            case ChuiziErrorKind.SubmissionElsewhere:
                _elsewhere.Add(row);
                break;
            case ChuiziErrorKind.ModelNotAllowed:
                if (!_refusedModels.TryGetValue(video.Model!, out (ChuiziException, List<PlannedRow> Rows) refused))
                {
                    _refusedModels[video.Model!] = refused = (failure, []);
                }

                refused.Rows.Add(row);
                break;
            default:
                string doubt = failure.Kind == ChuiziErrorKind.SubmissionOutcomeUnknown ? "Unknown whether the API took it: " : "";
                cmdlet.Outlet.Fail(video, Record(failure, WhereIs(row) + doubt, video));
                return;
        }

        cmdlet.Outlet.FailTogether(video, failure);
    }

    /// <summary>An error that says where it stands in the list and, where nobody knows what came of it, in which ledger.</summary>
    private ErrorRecord Record(ChuiziException failure, string where, object target)
    {
        ErrorRecord error = ErrorRecords.From(failure, target);
        bool isUnknown = failure.Kind == ChuiziErrorKind.SubmissionOutcomeUnknown;
        string stop = error.ErrorDetails.Message.EndsWith('.') ? "" : ".";
        bool isOne = target is Video;
        ErrorRecords.Amend(
            error,
            where,
            isUnknown && ledger.Path is not null ? $"{stop} The ledger '{ledger.Path}' has {(isOne ? "it" : "them")} as unknown." : "");
        return error;
    }

    private Video Make(PlannedRow row)
    {
        Video video = row.ToVideo(inputs[row.Position]);
        video.Origin = plan.Terms.Origin;
        video.Ledger = ledger.Path;
        new VideoProvenance(row.Request, ledger).AttachTo(video);
        return video;
    }

    private Video[] Videos(IEnumerable<PlannedRow> rows) => [.. rows.Select(Make)];

    private static string Rows(IReadOnlyCollection<PlannedRow> rows)
    {
        int[] numbers = [.. rows.Select(row => row.Number).OfType<int>()];
        return numbers.Length > 0 ? RowRanges.Describe(numbers) : "the video";
    }

    private static string WhereIs(PlannedRow row) => SubmissionCheck.Where(row.Number);
}
