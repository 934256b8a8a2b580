using System.Management.Automation;
using Chuizi.Video.Client.Saving;
using Chuizi.Video.Client.Waiting;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Completion;
using Chuizi.Video.Module.Input;
using Chuizi.Video.Module.Saving;

namespace Chuizi.Video.Module.Commands;

/// <summary>Downloads finished videos and saves them as MP4 files while others still render.</summary>
[Cmdlet(
    VerbsData.Save,
    "ChuiziVideo",
    DefaultParameterSetName = "Input",
    SupportsShouldProcess = true,
    HelpUri = HelpPages.Folder + "Save-ChuiziVideo.md"
)]
[OutputType(typeof(Video), typeof(VideoSummary))]
public sealed class SaveChuiziVideoCommand : VideoInputCmdlet
{
    private SaveRun? _run;

    /// <summary>The ids of videos.</summary>
    // Not positional, because the first positional argument is the folder.
    [Parameter(Mandatory = true, ParameterSetName = "Id")]
    [Parameter(ParameterSetName = "Input")]
    [Alias("VideoId")]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(VideoIdCompleter))]
    public override object? Id { get => base.Id; set => base.Id = value; }

    /// <summary>Videos, ids as strings, or objects with a property Id or VideoId.</summary>
    // Not mandatory, because a video cannot be typed at a prompt.
    [Parameter(ValueFromPipeline = true, ParameterSetName = "Input")]
    [AllowNull]
    [AllowEmptyString]
    public override PSObject? InputObject { get => base.InputObject; set => base.InputObject = value; }

    /// <summary>
    /// The folder, which is created if it does not exist, or a file that ends in .mp4 for one video. The default is the current folder.
    /// </summary>
    [Parameter(Position = 0)]
    [Alias("Path", "OutFile")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FolderCompleter))]
    public string Destination { get; set; } = ".";

    /// <summary>
    /// The file name: a string, a template such as <c>{Scene:00}/{Model}</c>, or a script block that gets the video as <c>$_</c>. If
    /// omitted, the column FileName, otherwise the id.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public object? FileName { get; set; }

    /// <summary>Replaces existing files.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Writes a file <c>name.mp4.json</c> next to each video, with the request and the result.</summary>
    [Parameter]
    public SwitchParameter Sidecar { get; set; }

    /// <summary>How long to wait for each video that is not finished: seconds or a TimeSpan.</summary>
    [Parameter]
    [Seconds]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Does not wait for videos that are not finished.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>The maximum number of concurrent downloads.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 8;

    /// <summary>Emits one summary at the end instead of the videos.</summary>
    [Parameter]
    public SwitchParameter Summary { get; set; }

    /// <summary>Shows no line with the totals at the end.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    internal override void BeginVideos()
    {
        Outlet.Count(new VideoSummaryBuilder(wantsFiles: true, TimeProvider.System), Summary, Quiet);
        SaveTargets targets = new(this, SaveDestination.Resolve(this, Destination), FileName, Force);
        Group.HasSave = true;
        Group.SingleFile = targets.SingleFile is { } file ? (file, Force) : null;
        _run = new SaveRun(this, targets)
        {
            Force = Force,
            Sidecars = Sidecar && !IsWhatIf ? new SidecarWriter(Force) : null,
            ThrottleLimit = ThrottleLimit,
            // Wait-ChuiziVideo has already waited, and has reported what it gave up on.
            WaitOptions = NoWait || Group.HasWait ? null : new WaitOptions { Timeout = Timeout },
        };
    }

    internal override void ProcessVideo(Video video) => _run!.Add(video);

    internal override void EndVideos() => _run!.Complete();

    internal override string? DescribeStop() => _run?.DescribeStop();

    /// <inheritdoc/>
    protected override ProgressRecord? DescribeProgress(int activity) => _run?.DescribeProgress(activity);
}
