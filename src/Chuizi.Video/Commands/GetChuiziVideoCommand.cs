using System.Management.Automation;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Completion;
using Chuizi.Video.Module.Listing;

namespace Chuizi.Video.Module.Commands;

/// <summary>Gets the current status of videos from the API. Without an id, lists the videos in the ledger.</summary>
[Cmdlet(VerbsCommon.Get, "ChuiziVideo", DefaultParameterSetName = "Ledger", HelpUri = HelpPages.Folder + "Get-ChuiziVideo.md")]
[OutputType(typeof(Video))]
public sealed class GetChuiziVideoCommand : VideoInputCmdlet
{
    private readonly List<Video> _videos = [];

    /// <summary>The maximum number of concurrent requests.</summary>
    [Parameter(ParameterSetName = "Id")]
    [Parameter(ParameterSetName = "Input")]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 16;

    /// <summary>The ledger to list. If omitted, the default monthly ledgers.</summary>
    [Parameter(ParameterSetName = "Ledger")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(LedgerPathCompleter))]
    public string? Ledger { get; set; }

    /// <summary>Lists the videos of every ledger that was used on this machine, and of all API addresses.</summary>
    [Parameter(ParameterSetName = "Ledger")]
    public SwitchParameter All { get; set; }

    /// <summary>The maximum number of videos to list; the newest come first.</summary>
    [Parameter(ParameterSetName = "Ledger")]
    [ValidateRange(1, int.MaxValue)]
    public int First { get; set; } = int.MaxValue;

    /// <summary>Lists only videos with one of these statuses in the ledger.</summary>
    [Parameter(ParameterSetName = "Ledger")]
    [ValidateSet(VideoStatus.Processing, VideoStatus.Succeeded, VideoStatus.Failed, VideoStatus.Unknown, VideoStatus.Skipped)]
    public string[] Status { get; set; } = [];

    /// <summary>Lists only videos submitted at or after this time.</summary>
    [Parameter(ParameterSetName = "Ledger")]
    public DateTime Since { get; set; }

    internal override void ProcessVideo(Video video) => _videos.Add(video);

    internal override void EndVideos()
    {
        // An empty pipeline must not list the ledger.
        if (ParameterSetName == "Ledger" && !MyInvocation.ExpectingInput)
        {
            ListingRun run = new(this, Ledger)
            {
                First = First,
                All = All,
                Statuses = Status,
                Since = Since == default ? null : Since.ToUniversalTime(),
            };
            run.Start();
        }
        else if (_videos.Count > 0)
        {
            new LookupRun(this, _videos, ThrottleLimit).Start();
        }
    }
}
