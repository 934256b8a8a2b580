using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Files;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Saving;
using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Input;

namespace Chuizi.Video.Module.Submitting;

/// <summary>
/// One call of New-ChuiziVideo: reads and validates all rows, reads the ledger, asks for confirmation, and submits. A call of
/// Test-ChuiziVideo ends with the plan.
/// </summary>
/// <param name="cmdlet">The cmdlet that writes.</param>
/// <param name="bound">The bound parameters. They are the Input of a video that did not come from a row.</param>
/// <param name="publish">Publishes a local file and returns its URL; null to send images in the request.</param>
/// <param name="tags">Further columns for every row.</param>
internal sealed class SubmissionRun(
    VideoCmdlet cmdlet, Hashtable bound, ScriptBlock? publish, IReadOnlyDictionary<string, string> tags)
{
    private RowChecker? _checker;
    private readonly List<CheckedRow> _rows = [];
    private readonly long _start = Stopwatch.GetTimestamp();
    private HashSet<string>? _recorded;
    private int _lastRow;
    private KeptCells? _lastInput;
    private KeptCells? _lastColumns;
    private int _rowsRead;
    private SubmissionProgress? _progress;

    /// <summary>The ledger that the user specified.</summary>
    public string? Ledger { get; init; }

    /// <summary>Re-submits rows whose outcome is unknown.</summary>
    public bool Resubmit { get; init; }

    /// <summary>Re-submits rows that failed.</summary>
    public bool RetryFailed { get; init; }

    /// <summary>Submits new takes of the rows whose takes were all rejected, and nothing else.</summary>
    public bool RetryRejected { get; init; }

    /// <summary>The most takes of a row with <see cref="RetryRejected"/>.</summary>
    public int? MaxTake { get; init; }

    /// <summary>Submits the valid rows even if others are invalid.</summary>
    public bool SkipInvalid { get; init; }

    /// <summary>The spending limits.</summary>
    public required SpendingLimits Limits { get; init; }

    /// <summary>A row that would exceed a limit also stops the rows after it.</summary>
    public bool StopsAtLimit { get; init; }

    /// <summary>How long the call may submit, from its start.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>The maximum number of concurrent requests.</summary>
    public int ThrottleLimit { get; init; } = 16;

    /// <summary>Submits videos, and rows with the id of a recorded video, once more.</summary>
    public bool Again { get; init; }

    /// <summary>Names the files; null to take the column.</summary>
    public FileNameTemplate? FileName { get; init; }

    /// <summary>The folder in which relative paths of images start; null for the current location.</summary>
    public string? Folder { get; init; }

    /// <summary>Reads and validates one row, or the command line if nothing is piped.</summary>
    /// <param name="reader">Reads the columns.</param>
    /// <param name="input">The row; null for the command line.</param>
    /// <param name="isRow">Whether it is a row of a list.</param>
    /// <param name="line">Its line in the file, if it is known.</param>
    public void Add(RowReader reader, PSObject? input, bool isRow, int? line = null)
    {
        _checker ??= new RowChecker(Resolve) { Publishes = publish is not null };
        int? row = isRow ? ++_lastRow : null;
        if (RowReader.IsBlank(input) || (_checker.HasHeader && input?.BaseObject is string))
        {
            // A blank row is counted, so that the others keep their numbers. The error about a header line is about all lines.
            return;
        }

        _rowsRead++;
        try
        {
            foreach (RowInput one in reader.Read(input, row).TakeWhile(_ => !_checker.HasHeader))
            {
                // The data of a custom object is in its PSObject. Anything else is kept without the wrapper.
                object? source = !isRow ? BoundFor(one) : input?.BaseObject is PSCustomObject ? input : input?.BaseObject;
                Add(reader, input, _checker.Check(one) with { Line = line }, source);
            }
        }
        catch (FormatException exception)
        {
            Add(reader, input, new CheckedRow(row, null, [new ValidationIssue(row, "", exception.Message)], []) { Line = line }, null);
        }
    }

    /// <summary>The bound parameters as one row, which has one of several prompts and models.</summary>
    private Hashtable BoundFor(RowInput one)
    {
        Hashtable row = new(bound, StringComparer.OrdinalIgnoreCase);
        foreach ((string name, object? value) in new[] { (nameof(one.Prompt), one.Prompt), (nameof(one.Model), one.Model) })
        {
            if (row.ContainsKey(name))
            {
                row[name] = value;
            }
        }

        return row;
    }

    private void Add(RowReader reader, PSObject? input, CheckedRow read, object? source)
    {
        int? row = read.Row;
        if (FileName is { } template && read.Request is { } request)
        {
            try
            {
                Video video = request.ToVideo(null);
                video.Row = row;
                // Read here, because a property may be a script, which runs only on the pipeline thread.
                Dictionary<string, object?> cells = new(StringComparer.OrdinalIgnoreCase);
                string NameOf(int? take)
                {
                    video.Take = take;
                    return template.NameOf(
                        video, column => cells.TryGetValue(column, out object? cell) ? cell : cells[column] = Cell(column));
                }

                object? Cell(string column) => tags.GetValueOrDefault(column)
                    ?? (input is null ? null : UnwrapPSObject.Of(RowReader.Column(input, column)));

                read = read with
                {
                    Request = request with { FileName = NameOf(null) },
                    NameOfTake = template.Names.Contains(nameof(Video.Take), StringComparer.OrdinalIgnoreCase)
                        ? take => NameOf(take)
                        : null,
                };
            }
            catch (FormatException exception)
            {
                read = read with { Errors = [.. read.Errors, new ValidationIssue(row, ColumnNames.FileName, exception.Message)] };
            }
        }

        foreach ((string column, string message, bool isError) in input is null ? [] : reader.UnusedColumns(input))
        {
            if (isError)
            {
                read = read with { Errors = [.. read.Errors, new ValidationIssue(row, column, message)] };
            }
            else
            {
                cmdlet.WriteWarning(message);
            }
        }

        if (!Again && input is not null && SubmittedId(input) is { } id)
        {
            string message = $"This is the video {id}, which was already submitted. To generate and pay for it again, use -Again.";
            read = read with { Errors = [.. read.Errors, new ValidationIssue(row, PlannedRow.IdColumn, message)] };
        }

        _rows.Add(WithInput(read, input, source));
    }

    /// <summary>A row with its input, and with the columns of a row of text, which the ledger records.</summary>
    private CheckedRow WithInput(CheckedRow read, PSObject? input, object? source)
    {
        object? kept = KeptRow.Keep(TagColumns.AddTo(source, tags), _lastInput);
        _lastInput = kept as KeptRow ?? _lastInput;
        if (kept is KeptRow cells && tags.Count == 0 && RowReader.IsTextRow(input!))
        {
            return read with { Input = kept, Columns = cells };
        }

        Dictionary<string, string> columns = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, string text) in RecordedColumns.TextOf(input).Concat(tags.Select(tag => (tag.Key, tag.Value))))
        {
            columns[name] = text;
        }

        if (columns.Count == 0)
        {
            return read with { Input = kept };
        }

        _lastColumns = new KeptCells([.. columns.Keys], [.. columns.Values], _lastColumns);
        return read with { Input = kept, Columns = _lastColumns };
    }

    /// <summary>Plans, confirms and submits the rows.</summary>
    /// <param name="rowsExpected">Whether pipeline input is expected.</param>
    /// <param name="reader">The reader of the rows.</param>
    public void Run(bool rowsExpected, RowReader reader)
    {
        // -WhatIf does not require a connection.
        bool isTrial = cmdlet.IsWhatIf;
        BatchSize size = new(rowsExpected ? _rowsRead : null, reader.Prompts.Count, reader.Models.Count, Takes());
        Planned(rowsExpected, reader, isTrial, isTrial || cmdlet.IsConfirming || size.Multiply, (client, ledger, plan) =>
        {
            SubmissionOutput output = new(cmdlet, ledger, plan);
            PlanReport report = new(cmdlet, ledger.Path, plan);
            bool isFit = report.WriteProblems(SkipInvalid);
            if (isFit && size.Multiply && !RetryRejected)
            {
                output.Say(SubmissionText.DescribeProduct(plan, size));
            }

            PlannedRow[] confirmed = isFit ? report.Confirm(UnusedColumns(reader)) : [];
            CheckSingleFile(plan, confirmed);
            if (!isTrial)
            {
                cmdlet.Group.Expected = plan.Rows.Count(row => row.Errors.Count == 0);
                cmdlet.Group.Limit = Limits.MaxCost;
                Send(client!, ledger, plan, confirmed, output);
            }
        });
    }

    /// <summary>Emits what <see cref="Run"/> would do with each row.</summary>
    /// <param name="rowsExpected">Whether pipeline input is expected.</param>
    /// <param name="reader">The reader of the rows.</param>
    /// <param name="isQuiet">Whether only the answer is emitted: <c>$true</c> if there is no problem.</param>
    public void Preview(bool rowsExpected, RowReader reader, bool isQuiet)
    {
        bool isFit = false;
        Planned(rowsExpected, reader, isTrial: true, showsCosts: true, (client, ledger, plan) =>
        {
            new PlanReport(cmdlet, ledger.Path, plan).WriteWarnings();
            PlanPreview preview = new(plan) { SkipsInvalid = SkipInvalid, Refused = isQuiet ? new() : RefusedBefore(ledger.Path) };
            IReadOnlyList<VideoPlan> rows = preview.Make();
            // Rows that could not be matched with the ledger may have been submitted.
            isFit = preview.IsFit && !(client is null && Ledger is not null && ledger.Exists);
            foreach (VideoPlan row in isQuiet ? [] : rows)
            {
                row.Input = KeptRow.Restored(row.Input);
                cmdlet.WriteObject(row);
            }

            if (!isQuiet)
            {
                string total = SubmissionText.Describe(plan, preview.Sent) + HowLong(client, preview.Sent);
                new SubmissionOutput(cmdlet, ledger, plan).Say(total);
            }
        });
        if (isQuiet)
        {
            cmdlet.WriteObject(isFit);
        }
    }

    /// <summary>Plans the rows, after all of them were read.</summary>
    private void Planned(
        bool rowsExpected, RowReader reader, bool isTrial, bool showsCosts, Action<ChuiziClient?, VideoLedger, SubmissionPlan> use)
    {
        if (reader.Renamed is { } renamed)
        {
            cmdlet.WriteWarning(renamed);
        }

        foreach (string column in reader.Overridden)
        {
            cmdlet.WriteWarning(
                $"The column {column} is not used, because $PSDefaultParameterValues sets -{column} for this cmdlet. Remove it there to "
                + "use the column.");
        }

        if (_rows.Count == 0 && rowsExpected)
        {
            cmdlet.Errors.Write(
                ErrorRecords.Make(
                    "NoInput",
                    ErrorCategory.InvalidData,
                    null,
                    "The list is empty. Nothing was submitted.",
                    "Check the pipeline input."));
            return;
        }

        ChuiziClient? client = isTrial ? cmdlet.ClientIfConnected : cmdlet.Client;
        VideoLedger ledger = LedgerChoice.For(cmdlet, Ledger, client?.Connection);
        if (client is null && Ledger is not null && ledger.Exists)
        {
            // The ledger identifies its rows by the API address.
            cmdlet.WriteWarning(
                "Without a connection, the ledger cannot be matched to the rows, so all rows are shown as not submitted.");
        }

        string origin = client?.Connection.Origin ?? "";
        SubmissionTerms terms = new()
        {
            Origin = origin,
            Deduplicates = Ledger is not null,
            Resubmit = Resubmit,
            RetryFailed = RetryFailed,
            RetryRejected = RetryRejected,
            MaxTake = MaxTake,
            CountsRetakes = bound.ContainsKey(ColumnNames.TakeCount),
            Saves = cmdlet.Group.HasSave,
            MaxCost = Limits.MaxCost,
            MaxCostName = Limits.MaxCostName,
            Budget = Limits.MonthlyBudget is { } budget ? LedgerChoice.Budget(cmdlet, budget, origin) : null,
            StopsAtLimit = StopsAtLimit,
        };
        SubmissionPlanner planner = new(client, ledger)
        {
            ShowsCosts = showsCosts,
            IsTrial = isTrial,
            PricesMissing = why => cmdlet.Post(() => cmdlet.WriteWarning(why)),
            Watching = why => cmdlet.Post(() => cmdlet.WriteWarning(why)),
        };
        try
        {
            SubmissionPlan plan = cmdlet.Await(token => planner.PlanAsync(_rows, terms, token));
            // From here on, only the plan has the rows, and drops each one when it is done.
            _rows.Clear();
            _rows.TrimExcess();
            use(client, ledger, plan);
        }
        catch (ChuiziException exception)
        {
            cmdlet.Errors.Terminate(ErrorRecords.From(exception));
        }
    }

    /// <summary>The prompts of the videos that the ledgers of this machine record as refused.</summary>
    private static RefusedPrompts RefusedBefore(string? ledger)
    {
        RefusedPrompts refused = new();
        foreach (Video video in VideosOf(LedgerChoice.OfThisMachine.Append(ledger).OfType<string>().Distinct(PathComparer.Instance)))
        {
            refused.Add(video);
        }

        return refused;
    }

    /// <summary>How long a list takes at the key's limit, as a sentence; empty for a short one, or if the limit is not known.</summary>
    private string HowLong(ChuiziClient? client, IReadOnlyList<PlannedRow> sent)
    {
        int? limit = client?.RequestsPerMinute;
        if (client is not null && limit is null && sent.Count > 0)
        {
            try
            {
                limit = cmdlet.Await(client.GetAccountAsync).RequestsPerMinute;
            }
            catch (ChuiziException)
            {
                // The plan is of use without it.
            }
        }

        // Each video takes at least a submission and a poll.
        return limit is > 0 and { } perMinute && 2 * sent.Count > perMinute
            ? string.Create(
                CultureInfo.InvariantCulture,
                $" At {perMinute} requests a minute, they take about {(2 * sent.Count + perMinute - 1) / perMinute} minutes.")
            : "";
    }

    /// <summary>Continues with the rows of runs that have ended, so that no other run does.</summary>
    private void TakeOver(SubmissionClaims claims, SubmissionPlan plan)
    {
        try
        {
            cmdlet.Await(token => claims.TakeAsync(plan.Rows).WaitAsync(token));
        }
        catch (ChuiziException exception)
        {
            // Nothing is lost: these videos are waited for all the same, and submitting reports why the ledger cannot be written.
            cmdlet.WriteWarning($"Other runs may wait for the same videos too: {exception.Message}");
        }
    }

    /// <summary>The progress record while submitting.</summary>
    public ProgressRecord? DescribeProgress(int activity) => _progress?.Describe(activity);

    /// <summary>The message for Ctrl+C; null if nothing was submitted, or all rows were.</summary>
    public string? DescribeStop() => _progress?.DescribeStop();

    private int Takes()
    {
        int[] counts = [.. _rows.Select(row => row.TakeCount ?? 1).Distinct()];
        return counts is [{ } count] ? count : 0;
    }

    private string[] UnusedColumns(RowReader reader) =>
        [.. reader.Unused.Except(FileName?.Names ?? [], StringComparer.OrdinalIgnoreCase)];

    /// <summary>Ends the call if Save-ChuiziVideo could not save what it would pay for in its only file.</summary>
    private void CheckSingleFile(SubmissionPlan plan, PlannedRow[] confirmed)
    {
        if (cmdlet.Group.SingleFile is not { } file || confirmed.Length == 0)
        {
            return;
        }

        // A row that is left out makes no video.
        int videos = plan.Rows.Count(row => row.Errors.Count == 0);
        string? problem =
            videos > 1 ? $"'{file.Path}' is for one video, but there are {videos}. Use a folder as the destination."
            : !file.Overwrites && File.Exists(file.Path)
                ? $"The file '{file.Path}' already exists. Use -Force with Save-ChuiziVideo to replace it."
            : null;
        if (problem is not null)
        {
            cmdlet.ThrowTerminatingError(ErrorRecords.Make(
                "InvalidDestination", ErrorCategory.InvalidArgument, file.Path, $"{problem} Nothing was submitted."));
        }
    }

    /// <summary>The id of the video that a row is: a video, or a row of an export with an id that a ledger of this machine has.</summary>
    private string? SubmittedId(PSObject input)
    {
        if (VideoArgument.IsVideo(input))
        {
            return input.Properties[nameof(Video.Id)]?.Value is string { Length: > 0 } own ? own : null;
        }

        if (input.BaseObject is not (PSCustomObject or IDictionary) || RowReader.IsSidecar(input)
            || RowReader.Column(input, nameof(Video.Id)) is not { } cell)
        {
            return null;
        }

        string? id = UnwrapPSObject.Shallow(cell) as string;
        return VideoArgument.IsId(id) && (_recorded ??= RecordedIds()).Contains(id!) ? id : null;
    }

    private static HashSet<string> RecordedIds() =>
        new(VideosOf(LedgerChoice.OfThisMachine).Select(video => video.Id).OfType<string>(), StringComparer.Ordinal);

    /// <summary>The videos of ledgers. A ledger that does not exist or cannot be read says nothing about a row.</summary>
    private static IEnumerable<Video> VideosOf(IEnumerable<string> ledgers)
    {
        foreach (string file in ledgers.Where(File.Exists))
        {
            IReadOnlyList<(Video Video, string? Origin)> entries = [];
            try
            {
                entries = LedgerListing.Read(file, out _);
            }
            catch (ChuiziException)
            {
            }

            foreach ((Video video, _) in entries)
            {
                yield return video;
            }
        }
    }

    private string Resolve(string path) =>
        FilePaths.Resolve(cmdlet, Folder is null || Path.IsPathRooted(path) ? path : Path.Combine(Folder, path));

    /// <summary>Runs the user's script block on the pipeline thread, one file at a time.</summary>
    private Task<string?> PublishAsync(string path) => cmdlet.InvokeOnPipelineAsync(() =>
    {
        PSObject file = PSObject.AsPSObject(new FileInfo(path));
        return ScriptBlocks.Evaluate("Publish", publish!, file) switch
        {
            null => null,
            object?[] several => throw new FormatException(
                $"The script block for Publish returned {several.Length} objects. It must return "
                + "the URL of the file, and nothing else. Redirect other output to $null."),
            object one => one.ToString(),
        };
    });

    /// <summary>Submits the rows, and emits them and those of earlier runs in the order of the list.</summary>
    private void Send(ChuiziClient client, VideoLedger ledger, SubmissionPlan plan, PlannedRow[] rows, SubmissionOutput output)
    {
        Resequencer order = new();
        // The ledger of a rehearsal is deleted with its sandbox.
        KnownLedgers? known = Ledger is null && client.Connection.IsSandbox ? null : LedgerChoice.KnownLedgers;
        SubmissionClaims claims = new(ledger, plan.Terms, plan.Prices, known, machines => client.Budget.Workers = machines);
        // Until the end of the pipeline, the rows that the run has claimed are its own.
        cmdlet.DisposeAtEnd(claims.Run.Share());
        output.Claims = claims;
        if (plan.Terms.Deduplicates)
        {
            try
            {
                TakeOver(claims, plan);
            }
            catch
            {
                // Otherwise the run would look alive until the process ends.
                claims.Dispose();
                throw;
            }
        }

        BatchSubmitter? submitter = null;
        if (rows.Length == 0)
        {
            claims.Dispose();
        }
        else
        {
            submitter = new BatchSubmitter(client, ThrottleLimit, claims)
            {
                // The deadline starts with the call, so the time for reading and planning is deducted.
                Deadline = Deadline is { } deadline ? deadline - Stopwatch.GetElapsedTime(_start) : null,
                Publisher = publish is null ? null : new PublishedFiles(PublishAsync),
            };
            _progress = new SubmissionProgress(submitter, rows.Length, plan, ledger.Path, output);
            cmdlet.StartWork(token => submitter.RunAsync(
                rows,
                row =>
                {
                    if (row is { Unrecorded: { } why, State: { } state } && token.IsCancellationRequested)
                    {
                        // The streams of a stopped call are already closed.
                        cmdlet.WarnOnStop(
                            $"The video {state.Id} was submitted, but its id could not be recorded in the ledger. Keep this id: "
                                + $"{why.Message}");
                    }

                    cmdlet.Post(() => order.Add(row.Position, () => output.Emit(row)));
                },
                token));
        }

        foreach (PlannedRow row in plan.Rows.Except(rows))
        {
            order.Add(row.Position, () => output.EmitKnown(row));
        }

        try
        {
            cmdlet.FinishWork();
        }
        catch (Exception exception) when (exception is not OperationCanceledException && !FlowControl.Is(exception))
        {
            // A bug in the module must not lose videos that were already billed.
            order.Flush();
            throw;
        }

        _progress = null;
        order.Flush();
        output.Summarise(submitter?.End, submitter?.NotSent ?? []);
    }
}
