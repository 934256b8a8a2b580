using System.Collections;
using System.Diagnostics;
using System.Management.Automation;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Input;

namespace Chuizi.Video.Module.Submitting;

/// <summary>What one call of New-ChuiziVideo does: read all rows, check all, read the ledger, ask, send.</summary>
/// <param name="cmdlet">The cmdlet that writes.</param>
/// <param name="bound">The bound parameters: the Input of a video that came from no row.</param>
internal sealed class SubmissionRun(VideoCmdlet cmdlet, Hashtable bound)
{
    private readonly RequestBuilder _builder = new(path => FilePaths.Resolve(cmdlet, path));
    private readonly List<CheckedRow> _rows = [];
    private readonly List<object?> _inputs = [];
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _lastRow;
    private BatchSubmitter? _submitter;
    private SubmissionReport? _report;
    private int _sending;

    /// <summary>The ledger that the user names.</summary>
    public string? Ledger { get; init; }

    /// <summary>Submits rows again whose outcome is unknown.</summary>
    public bool Resubmit { get; init; }

    /// <summary>Submits rows again that failed.</summary>
    public bool RetryFailed { get; init; }

    /// <summary>Submits the valid rows though others are not.</summary>
    public bool SkipInvalid { get; init; }

    /// <summary>The spending limit in USD.</summary>
    public decimal? MaxCost { get; init; }

    /// <summary>How long the call may send, from its beginning.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>The most requests under way at once.</summary>
    public int ThrottleLimit { get; init; } = 16;

    /// <summary>Reads and checks one row, or the command line where nothing is piped.</summary>
    public void Add(RowReader reader, PSObject? input, bool isRow)
    {
        int? row = isRow ? ++_lastRow : null;
        CheckedRow read;
        try
        {
            read = _builder.Build(reader.Read(input, row));
        }
        catch (FormatException exception)
        {
            read = new CheckedRow(row, null, [new ValidationIssue(row, "", exception.Message)], []);
        }

        _rows.Add(read);
        // A custom object is its wrapping; anything else is kept without.
        _inputs.Add(!isRow ? bound : input?.BaseObject is PSCustomObject ? input : input?.BaseObject);
        foreach (string miss in input is null ? [] : reader.NearMisses(input))
        {
            cmdlet.WriteWarning(miss);
        }
    }

    /// <summary>Does all that is to be done with the rows.</summary>
    /// <param name="rowsExpected">Whether something was piped in.</param>
    public void Run(bool rowsExpected)
    {
        if (_lastRow == 0 && rowsExpected)
        {
            cmdlet.Errors.Write(
                ErrorRecords.Make(
                    "NoInput",
                    ErrorCategory.InvalidData,
                    null,
                    "The list is empty: no row came, and nothing is sent.",
                    "Check what is piped in."));
            return;
        }

        // -WhatIf needs no connection.
        bool isTrial = cmdlet.IsWhatIf;
        ChuiziClient? client = isTrial ? cmdlet.ClientIfConnected : cmdlet.Client;
        VideoLedger ledger = LedgerChoice.For(cmdlet, Ledger, client?.Connection.IsSandbox ?? true);
        if (client is null && Ledger is not null && File.Exists(ledger.Path))
        {
            // Its rows are told by the API's address.
            cmdlet.WriteWarning(
                "There is no connection, so that nobody knows which rows the ledger has: all are shown as if they were missing.");
        }

        SubmissionTerms terms = new()
        {
            Origin = client?.Connection.Origin ?? "",
            Deduplicates = Ledger is not null,
            Resubmit = Resubmit,
            RetryFailed = RetryFailed,
            MaxCost = MaxCost,
        };
        SubmissionPlanner planner = new(client, ledger)
        {
            ShowsCosts = isTrial || cmdlet.IsConfirming,
            IsTrial = isTrial,
            PricesMissing = why => cmdlet.Post(() => cmdlet.WriteWarning(why)),
        };
        try
        {
            SubmissionPlan plan = cmdlet.Await(token => planner.PlanAsync(_rows, terms, token));
            _report = new SubmissionReport(cmdlet, ledger, plan, _inputs);
            SubmissionCheck check = new(cmdlet, ledger.Path, plan);
            PlannedRow[] confirmed = check.Check(SkipInvalid) ? check.Confirm() : [];
            if (!isTrial)
            {
                Send(client!, ledger, plan, confirmed);
            }
        }
        catch (ChuiziException exception)
        {
            cmdlet.Errors.Terminate(ErrorRecords.From(exception));
        }
    }

    /// <summary>The bar while sending.</summary>
    public ProgressRecord? DescribeProgress(int activity) =>
        _submitter is not { } submitter ? null : _report!.DescribeProgress(activity, submitter.Ended, _sending, submitter.HeldBackBy);

    /// <summary>What to say at Ctrl+C; null where nothing is under way.</summary>
    public string? DescribeStop() => _submitter is { UnderWay: > 0 } submitter ? _report!.DescribeStop(submitter.UnderWay) : null;

    /// <summary>Sends the rows; emits them, and those that were sent before, in the order of the list.</summary>
    private void Send(ChuiziClient client, VideoLedger ledger, SubmissionPlan plan, PlannedRow[] rows)
    {
        Resequencer order = new();
        SubmissionReport report = _report!;
        if (rows.Length > 0)
        {
            _sending = rows.Length;
            BatchSubmitter submitter = new(client, ThrottleLimit, new SubmissionLog(ledger, plan.Terms, plan.Prices))
            {
                // Counted from the call's beginning, so less what reading and planning took.
                Deadline = Deadline is { } deadline ? deadline - Stopwatch.GetElapsedTime(_start) : null,
            };
            _submitter = submitter;
            cmdlet.StartWork(token => submitter.RunAsync(
                rows,
                row =>
                {
                    if (row is { Unrecorded: { } why, State: { } state } && token.IsCancellationRequested)
                    {
                        // The streams of a stopped call are closed.
                        cmdlet.TellAtStop($"The video {state.Id} is submitted, and its id is recorded nowhere but here: {why.Message}");
                    }

                    cmdlet.Post(() => order.Add(row.Position, () => report.Emit(row)));
                },
                token));
        }

        foreach (PlannedRow row in plan.Rows.Except(rows))
        {
            order.Add(row.Position, () => report.EmitKnown(row));
        }

        try
        {
            cmdlet.FinishWork();
        }
        catch (Exception exception) when (exception is not OperationCanceledException && !FlowControl.Is(exception))
        {
            // A defect of ours must not keep back the paid videos.
            order.Flush();
            throw;
        }

        order.Flush();
        report.Summarise(_submitter?.End, _submitter?.NotSent ?? []);
    }
}
