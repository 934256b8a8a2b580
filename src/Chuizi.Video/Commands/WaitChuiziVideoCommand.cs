using System.Management.Automation;
using Chuizi.Video.Client.Waiting;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Input;
using Chuizi.Video.Module.Waiting;

namespace Chuizi.Video.Module.Commands;

/// <summary>Waits for all piped videos at the same time and emits each one as it finishes.</summary>
[Cmdlet(VerbsLifecycle.Wait, "ChuiziVideo", DefaultParameterSetName = "Id", HelpUri = HelpPages.Folder + "Wait-ChuiziVideo.md")]
[OutputType(typeof(Video), typeof(VideoSummary))]
public sealed class WaitChuiziVideoCommand : VideoInputCmdlet
{
    private WaitRun? _run;

    /// <summary>How long to wait for each video, from its arrival here: seconds or a TimeSpan.</summary>
    [Parameter]
    [Seconds]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long the whole call may take: seconds, a TimeSpan, or the time when it ends.</summary>
    [Parameter]
    [Deadline]
    public TimeSpan Deadline { get; set; }

    /// <summary>A fixed time between two polls of a video: seconds or a TimeSpan.</summary>
    [Parameter]
    [Seconds]
    public TimeSpan PollInterval { get; set; }

    /// <summary>The maximum number of concurrent polls.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 16;

    /// <summary>Emits one summary at the end instead of the videos.</summary>
    [Parameter]
    public SwitchParameter Summary { get; set; }

    /// <summary>Shows no line with the totals at the end.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    internal override void BeginVideos()
    {
        Outlet.Count(new VideoSummaryBuilder(wantsFiles: false, TimeProvider.System), Summary, Quiet);
        Group.HasWait = true;
        _run = new WaitRun(this, new WaitOptions
        {
            Timeout = Timeout,
            Deadline = MyInvocation.BoundParameters.ContainsKey(nameof(Deadline)) ? Deadline : null,
            PollInterval = MyInvocation.BoundParameters.ContainsKey(nameof(PollInterval)) ? PollInterval : null,
            ThrottleLimit = ThrottleLimit,
        });
    }

    internal override void ProcessVideo(Video video) => _run!.Add(video);

    internal override void EndVideos() => _run!.Complete();

    internal override string? DescribeStop() => _run?.DescribeStop();

    /// <inheritdoc/>
    protected override ProgressRecord? DescribeProgress(int activity) => _run?.DescribeProgress(activity);
}
