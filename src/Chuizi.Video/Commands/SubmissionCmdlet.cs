using System.Collections;
using System.Management.Automation;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Saving;
using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Completion;
using Chuizi.Video.Module.Input;
using Chuizi.Video.Module.Submitting;

namespace Chuizi.Video.Module.Commands;

/// <summary>The parameters of New-ChuiziVideo that Test-ChuiziVideo has as well, their checks, and the list that they describe.</summary>
public abstract class SubmissionCmdlet : VideoCmdlet
{
    private RowReader? _reader;
    private SubmissionRun? _run;
    private string? _list;

    /// <summary>The prompt: a string, or a script block that gets the row as <c>$_</c>.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Prompt")]
    [Parameter(Position = 0, ParameterSetName = "Row", ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = "Path")]
    [AllowNull]
    [AllowEmptyString]
    public object? Prompt { get; set; }

    /// <summary>A row with columns named like the parameters, a prompt as a string, or a dictionary.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Row")]
    [AllowNull]
    [AllowEmptyString]
    public PSObject? InputObject { get; set; }

    /// <summary>A file with a list: .csv, .tsv, .json or .jsonl.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Path")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ListPathCompleter))]
    public string? Path { get; set; }

    /// <summary>The encoding of the list, if it is neither UTF-8 nor has a byte order mark: a name or a code page, such as 1252.</summary>
    [Parameter(ParameterSetName = "Path")]
    [ValidateNotNullOrEmpty]
    public string? Encoding { get; set; }

    /// <summary>The name of the model. If omitted, it goes by the inputs: google/veo-3.1-lite, the cheapest, for a text.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(RequestValueCompleter))]
    public object? Model { get; set; }

    /// <summary>The length in whole seconds.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(RequestValueCompleter))]
    public object? Duration { get; set; }

    /// <summary>The source image: an http(s) URL or a local file.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("image_url")]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(ImagePathCompleter))]
    public object? Image { get; set; }

    /// <summary>Reference images: URLs or local files. In a string, separated by semicolons.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("reference_image_urls")]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(ImagePathCompleter))]
    public object? ReferenceImage { get; set; }

    /// <summary>The source video: an http(s) URL or, with -Publish, a local file.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("video_url")]
    [AllowNull]
    [AllowEmptyString]
    public object? SourceVideo { get; set; }

    /// <summary>The aspect ratio, such as 16:9.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("aspect_ratio")]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(RequestValueCompleter))]
    public object? AspectRatio { get; set; }

    /// <summary>The resolution: 720P or 1080P.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(RequestValueCompleter))]
    public object? Resolution { get; set; }

    /// <summary>Whether the provider adds its watermark: true or false.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(RequestValueCompleter))]
    public object? Watermark { get; set; }

    /// <summary>A hashtable of extra fields for the request body, which are sent unchanged.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Parameter")]
    [AllowNull]
    public object? AdditionalBody { get; set; }

    /// <summary>The estimated cost of the video in USD, if the API has no price for it. Not sent.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public object? EstimatedCost { get; set; }

    /// <summary>
    /// The name for the saved file: a string, a template such as <c>{Scene:00}/{Model}</c>, or a script block that gets the row as
    /// <c>$_</c>. Not sent.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public object? FileName { get; set; }

    /// <summary>How many videos to make of each row: its takes. Not sent.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public object? TakeCount { get; set; }

    /// <summary>Columns to add to every row, such as <c>@{ Project = 'Spring' }</c>. Not sent.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Tag { get; set; }

    /// <summary>
    /// A script block that makes a local file available to the API: it gets the file as <c>$_</c> and returns its URL. It runs just before
    /// the first row with the file is submitted.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock? Publish { get; set; }

    /// <summary>
    /// A ledger, as a file or as the URL of an Azure append blob: rows that it records are not submitted again. If omitted, submissions are
    /// recorded in the default monthly ledger, which does not prevent repeated submissions.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(LedgerPathCompleter))]
    public string? Ledger { get; set; }

    /// <summary>
    /// Gives access to a ledger whose URL has no signature: a token as a SecureString, or a script block that returns one, such as
    /// <c>{ Get-AzAccessToken -ResourceUrl https://storage.azure.com/ }</c>. The script block runs again before a token expires.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public object? LedgerCredential { get; set; }

    /// <summary>Re-submits rows whose outcome is unknown. They may be billed twice.</summary>
    [Parameter]
    public SwitchParameter Resubmit { get; set; }

    /// <summary>Re-submits rows that failed.</summary>
    [Parameter]
    public SwitchParameter RetryFailed { get; set; }

    /// <summary>Submits a new take of each row whose takes were all rejected, and nothing else.</summary>
    [Parameter]
    public SwitchParameter RetryRejected { get; set; }

    /// <summary>The most takes of a row with -RetryRejected, including those it has.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxTake { get; set; }

    /// <summary>Submits piped videos, and rows with the id of a recorded video, once more. They are billed again.</summary>
    [Parameter]
    public SwitchParameter Again { get; set; }

    /// <summary>Submits the valid rows even if others are invalid.</summary>
    [Parameter]
    public SwitchParameter SkipInvalid { get; set; }

    /// <summary>The spending limit in USD: for all submissions in the -Ledger, or for this call.</summary>
    [Parameter]
    [Amount]
    [ValidateRange(0, 1_000_000_000)]
    public decimal MaxCost { get; set; }

    /// <summary>A row that would exceed the spending limit also stops the rows after it, so that none is submitted out of order.</summary>
    [Parameter]
    public SwitchParameter StopAtLimit { get; set; }

    /// <summary>
    /// How long the call may submit: seconds, a TimeSpan, or the time when it ends. Rows that are not submitted by then are skipped.
    /// </summary>
    [Parameter]
    [Deadline]
    public TimeSpan Deadline { get; set; }

    /// <summary>New-: shows no line with the totals at the end. Test-: returns only whether there is no problem.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>The maximum number of concurrent requests.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 16;

    internal override void Begin()
    {
        // Only command-line parameters are bound here. Rows are read from the piped object itself.
        Dictionary<string, object?> commandLine = MyInvocation.BoundParameters
            .Where(pair => ColumnNames.All.Contains(pair.Key))
            .ToDictionary(pair => pair.Key, pair => (object?)pair.Value);
        _reader = new RowReader(commandLine)
        {
            Defaults = DefaultParameters.Of(GetVariableValue("PSDefaultParameterValues"), MyInvocation),
        };
        CheckSwitches();
        FileNameTemplate? template = null;
        try
        {
            template = commandLine.GetValueOrDefault(ColumnNames.FileName) is string { Length: > 0 } text
                ? new FileNameTemplate(text)
                : null;
        }
        catch (FormatException exception)
        {
            ThrowTerminatingError(ErrorRecords.Make("InvalidFileName", ErrorCategory.InvalidArgument, FileName, exception.Message));
        }

        if (Path is not null)
        {
            try
            {
                _list = FilePaths.Resolve(this, Path);
            }
            catch (IOException exception)
            {
                ThrowTerminatingError(ErrorRecords.Make(
                    "InvalidList", ErrorCategory.InvalidArgument, Path, $"-Path '{Path}' cannot be used: {exception.Message}"));
            }
        }

        decimal? maxCost = MyInvocation.BoundParameters.ContainsKey(nameof(MaxCost)) ? MaxCost : null;
        SpendingLimits limits;
        try
        {
            limits = SpendingLimits.Of(maxCost, Environment.GetEnvironmentVariable);
        }
        catch (ChuiziException exception)
        {
            ThrowTerminatingError(ErrorRecords.From(exception));
            throw;
        }

        _run = new SubmissionRun(this, new Hashtable(commandLine, StringComparer.OrdinalIgnoreCase), Publish, ReadTags())
        {
            Ledger = Ledger,
            Resubmit = Resubmit,
            RetryFailed = RetryFailed,
            RetryRejected = RetryRejected,
            MaxTake = MyInvocation.BoundParameters.ContainsKey(nameof(MaxTake)) ? MaxTake : null,
            Again = Again,
            SkipInvalid = SkipInvalid,
            FileName = template,
            Folder = System.IO.Path.GetDirectoryName(_list),
            Limits = limits,
            StopsAtLimit = StopAtLimit,
            Deadline = MyInvocation.BoundParameters.ContainsKey(nameof(Deadline)) ? Deadline : null,
            ThrottleLimit = ThrottleLimit,
        };
    }

    internal override void Process()
    {
        if (ParameterSetName != "Path")
        {
            _run!.Add(_reader!, InputObject, ParameterSetName == "Row");
            return;
        }

        try
        {
            foreach ((PSObject row, int? line) in ListFile.Read(this, _list!, Encoding))
            {
                _run!.Add(_reader!, row, isRow: true, line);
            }
        }
        catch (FormatException exception)
        {
            ThrowTerminatingError(ErrorRecords.Make(
                "InvalidList", ErrorCategory.InvalidData, Path, $"{exception.Message} Nothing was submitted."));
        }
    }

    internal override void End()
    {
        Complete(_run!, MyInvocation.ExpectingInput || ParameterSetName == "Path", _reader!);
        Errors.End(throws: true);
    }

    /// <summary>Ends the call, after all input was read.</summary>
    /// <param name="run">The call.</param>
    /// <param name="rowsExpected">Whether a list is expected.</param>
    /// <param name="reader">The reader of the rows.</param>
    internal abstract void Complete(SubmissionRun run, bool rowsExpected, RowReader reader);

    /// <summary>Ends the call if its switches cannot be used together, or not without a ledger.</summary>
    private void CheckSwitches()
    {
        string[] retries =
        [
            .. new[] { (Resubmit, "-Resubmit"), (RetryFailed, "-RetryFailed"), (RetryRejected, "-RetryRejected") }
                .Where(retry => retry.Item1).Select(retry => retry.Item2),
        ];
        if (retries.Length > 0 && Ledger is null)
        {
            ThrowTerminatingError(ErrorRecords.Make(
                "LedgerRequired",
                ErrorCategory.InvalidArgument,
                null,
                $"{retries[0]} requires -Ledger.",
                "Specify the ledger of the earlier run."));
        }

        string? conflict =
            RetryRejected && retries.Length > 1 ? $"{retries[0]} and -RetryRejected cannot be used together. Use them one after the other."
            : !RetryRejected && MyInvocation.BoundParameters.ContainsKey(nameof(MaxTake)) ? "-MaxTake requires -RetryRejected."
            : null;
        if (conflict is not null)
        {
            ThrowTerminatingError(ErrorRecords.Make(
                "ConflictingParameters", ErrorCategory.InvalidArgument, null, $"{conflict} Nothing was submitted."));
        }
    }

    private IReadOnlyDictionary<string, string> ReadTags()
    {
        try
        {
            return TagColumns.Read(Tag);
        }
        catch (FormatException exception)
        {
            ThrowTerminatingError(ErrorRecords.Make(
                "InvalidInput", ErrorCategory.InvalidArgument, null, $"{exception.Message} Nothing was submitted."));
            throw;
        }
    }
}
