using System.Management.Automation;
using Chuizi.Video.Client.Saving;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Completion;
using Chuizi.Video.Module.Saving;

namespace Chuizi.Video.Module.Commands;

/// <summary>Saves finished videos as MP4 files, several at once, while others still render.</summary>
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
    // Not by position, since the first word after a pipe is the folder.
    [Parameter(Mandatory = true, ParameterSetName = "Id")]
    [Parameter(ParameterSetName = "Input")]
    [Alias("VideoId")]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(VideoIdCompleter))]
    public override object? Id { get => base.Id; set => base.Id = value; }

    /// <summary>Videos, ids as texts, or objects with a property Id or VideoId.</summary>
    // Not mandatory, since nobody can type a video when asked for one.
    [Parameter(ValueFromPipeline = true, ParameterSetName = "Input")]
    [AllowNull]
    [AllowEmptyString]
    public override PSObject? InputObject { get => base.InputObject; set => base.InputObject = value; }

    /// <summary>The folder; it is made where it is missing. The current one by default.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FolderCompleter))]
    public string Destination { get; set; } = ".";

    /// <summary>
    /// The file's name: text, or a script block that sees the video as <c>$_</c>; a column FileName or the id where it is missing.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public object? FileName { get; set; }

    /// <summary>Replaces files that exist.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Writes a file <c>name.mp4.json</c> beside each video, with all that was asked for and what came of it.</summary>
    [Parameter]
    public SwitchParameter Sidecar { get; set; }

    /// <summary>The most downloads at once.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 8;

    /// <summary>Gives one summary at the end, and not the videos.</summary>
    [Parameter]
    public SwitchParameter Summary { get; set; }

    internal override void BeginVideos()
    {
        Outlet.Tally = Summary ? new VideoTally(wantsFiles: true, TimeProvider.System) : null;
        SaveNaming naming = new(this, SaveNaming.ResolveFolder(this, Destination), FileName, Force);
        _run = new SaveRun(this, naming, Force, Sidecar && !IsWhatIf ? new SidecarWriter(Force) : null, ThrottleLimit);
    }

    internal override void ProcessVideo(Video video) => _run!.Add(video);

    internal override void EndVideos() => _run!.Complete();

    /// <inheritdoc/>
    protected override ProgressRecord? DescribeProgress(int activity) => _run?.DescribeProgress(activity);
}
