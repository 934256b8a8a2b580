using System.Collections;
using System.Management.Automation;
using Chuizi.Video.Module.Pipeline;
using Chuizi.Video.Module.Transformation;

namespace Chuizi.Video.Module.Commands;

/// <summary>Submits videos. All input is read and checked before the first request; one bad row means that nothing is sent.</summary>
[Cmdlet(VerbsCommon.New, "ChuiziVideo", DefaultParameterSetName = "Prompt", SupportsShouldProcess = true)]
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
    public object? Model { get; set; }

    /// <summary>Whole seconds.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public object? Duration { get; set; }

    /// <summary>The source image: an http(s) address or a local file.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("image_url")]
    [AllowNull]
    [AllowEmptyString]
    public object? Image { get; set; }

    /// <summary>Reference images: addresses or local files; in a text, semicolons stand between them.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("reference_image_urls")]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
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
    public object? AspectRatio { get; set; }

    /// <summary>720P or 1080P.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
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
        _run = new SubmissionRun(this, new Hashtable(commandLine, StringComparer.OrdinalIgnoreCase));
    }

    internal override void Process() => _run!.Add(_reader!, InputObject, ParameterSetName == "Row");

    internal override void End()
    {
        if (_run!.Check(MyInvocation.ExpectingInput) && _run.Confirm())
        {
            _run.Submit(Client, ThrottleLimit);
        }

        Errors.End();
    }

    /// <inheritdoc/>
    protected override ProgressRecord? DescribeProgress(int activity) => _run?.DescribeProgress(activity);
}
