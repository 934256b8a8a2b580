using System.Collections;
using System.Management.Automation;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Completion;
using Chuizi.Video.Module.Input;
using Chuizi.Video.Module.Submitting;

namespace Chuizi.Video.Module.Commands;

/// <summary>Submits videos. All input is read and checked before the first request; one bad row means that nothing is sent.</summary>
[Cmdlet(
    VerbsCommon.New,
    "ChuiziVideo",
    DefaultParameterSetName = "Prompt",
    SupportsShouldProcess = true,
    HelpUri = HelpPages.Folder + "New-ChuiziVideo.md"
)]
[OutputType(typeof(Video))]
public sealed class NewChuiziVideoCommand : VideoCmdlet
{
    private RowReader? _reader;
    private SubmissionRun? _run;

    /// <summary>What the video shows: text, or a script block over the row.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Prompt")]
    [Parameter(Position = 0, ParameterSetName = "Row", ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public object? Prompt { get; set; }

    /// <summary>A row (with columns named like the parameters), a prompt as text, or a dictionary.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Row")]
    [AllowNull]
    [AllowEmptyString]
    public PSObject? InputObject { get; set; }

    /// <summary>The model's name; google/veo-3.1-lite, the most affordable, where none is given.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(VideoInputCompleter))]
    public object? Model { get; set; }

    /// <summary>Whole seconds.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(VideoInputCompleter))]
    public object? Duration { get; set; }

    /// <summary>The source image: an http(s) address or a local file.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("image_url")]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(ImagePathCompleter))]
    public object? Image { get; set; }

    /// <summary>Reference images: addresses or local files; in a text, semicolons stand between them.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("reference_image_urls")]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(ImagePathCompleter))]
    public object? ReferenceImage { get; set; }

    /// <summary>The address of the source video.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("video_url")]
    [AllowNull]
    [AllowEmptyString]
    public object? SourceVideo { get; set; }

    /// <summary>E.g. 16:9.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("aspect_ratio")]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(VideoInputCompleter))]
    public object? AspectRatio { get; set; }

    /// <summary>720P or 1080P.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(VideoInputCompleter))]
    public object? Resolution { get; set; }

    /// <summary>Whether the provider's watermark is drawn: true or false.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public object? Watermark { get; set; }

    /// <summary>A hashtable of extra fields for the request's body.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    public object? Parameter { get; set; }

    /// <summary>What the video will cost in USD, where the API names no price; not sent.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public object? EstimatedCost { get; set; }

    /// <summary>
    /// A ledger file: rows that it has are not sent again. The user's monthly ledger where none is given, which records and repeats.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(LedgerPathCompleter))]
    public string? Ledger { get; set; }

    /// <summary>Sends rows again of which nobody knows whether the API took them. They may be paid twice.</summary>
    [Parameter]
    public SwitchParameter Resubmit { get; set; }

    /// <summary>Sends rows again that failed.</summary>
    [Parameter]
    public SwitchParameter RetryFailed { get; set; }

    /// <summary>Sends the good rows though others are bad.</summary>
    [Parameter]
    public SwitchParameter SkipInvalid { get; set; }

    /// <summary>The most that may be spent, in USD: by all of the -Ledger's submissions, or by this call.</summary>
    [Parameter]
    [Amount]
    [ValidateRange(0, 1_000_000_000)]
    public decimal MaxCost { get; set; }

    /// <summary>How long the call may send: seconds or a TimeSpan. Rows that have not been sent by then are not sent.</summary>
    [Parameter]
    [Seconds]
    public TimeSpan Deadline { get; set; }

    /// <summary>The most requests under way at once.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 16;

    internal override void Begin()
    {
        // What is bound now comes from the command line; rows are read from the piped object itself.
        Dictionary<string, object?> commandLine = MyInvocation.BoundParameters
            .Where(pair => RowReader.ColumnNames.Contains(pair.Key))
            .ToDictionary(pair => pair.Key, pair => (object?)pair.Value);
        _reader = new RowReader(commandLine);
        if ((Resubmit || RetryFailed) && Ledger is null)
        {
            ThrowTerminatingError(ErrorRecords.Make(
                "LedgerRequired",
                ErrorCategory.InvalidArgument,
                null,
                $"{(Resubmit ? "-Resubmit" : "-RetryFailed")} is about rows of an earlier run, which only a ledger tells.",
                "Give -Ledger with the file of that run."));
        }

        _run = new SubmissionRun(this, new Hashtable(commandLine, StringComparer.OrdinalIgnoreCase))
        {
            Ledger = Ledger,
            Resubmit = Resubmit,
            RetryFailed = RetryFailed,
            SkipInvalid = SkipInvalid,
            MaxCost = MyInvocation.BoundParameters.ContainsKey(nameof(MaxCost)) ? MaxCost : null,
            Deadline = MyInvocation.BoundParameters.ContainsKey(nameof(Deadline)) ? Deadline : null,
            ThrottleLimit = ThrottleLimit,
        };
    }

    internal override void Process() => _run!.Add(_reader!, InputObject, ParameterSetName == "Row");

    internal override void End()
    {
        _run!.Run(MyInvocation.ExpectingInput);
        Errors.End(throws: true);
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        base.StopProcessing();
        TellAtStop(_run?.DescribeStop());
    }

    /// <inheritdoc/>
    protected override ProgressRecord? DescribeProgress(int activity) => _run?.DescribeProgress(activity);
}
