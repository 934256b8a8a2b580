using System.Management.Automation;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Completion;
using Chuizi.Video.Module.Listing;

namespace Chuizi.Video.Module.Commands;

/// <summary>Asks the API where videos stand; without an id, lists what the ledger has.</summary>
[Cmdlet(VerbsCommon.Get, "ChuiziVideo", DefaultParameterSetName = "Ledger", HelpUri = HelpPages.Folder + "Get-ChuiziVideo.md")]
[OutputType(typeof(Video))]
public sealed class GetChuiziVideoCommand : VideoInputCmdlet
{
    private readonly List<Video> _videos = [];

    /// <summary>The most requests under way at once.</summary>
    [Parameter(ParameterSetName = "Id")]
    [Parameter(ParameterSetName = "Input")]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 16;

    /// <summary>The ledger to list; the user's monthly ones where none is given.</summary>
    [Parameter(ParameterSetName = "Ledger")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(LedgerPathCompleter))]
    public string? Ledger { get; set; }

    /// <summary>Lists that many only, the newest.</summary>
    [Parameter(ParameterSetName = "Ledger")]
    [ValidateRange(1, int.MaxValue)]
    public int First { get; set; } = int.MaxValue;

    /// <summary>Lists those alone that have one of these statuses in the ledger.</summary>
    [Parameter(ParameterSetName = "Ledger")]
    [ValidateSet(VideoStatus.Processing, VideoStatus.Succeeded, VideoStatus.Failed, VideoStatus.Unknown, VideoStatus.Skipped)]
    public string[] Status { get; set; } = [];

    /// <summary>Lists those alone that were submitted then or later.</summary>
    [Parameter(ParameterSetName = "Ledger")]
    public DateTime Since { get; set; }

    internal override void ProcessVideo(Video video) => _videos.Add(video);

    internal override void EndVideos()
    {
        // An empty pipeline asks for nothing.
        if (ParameterSetName == "Ledger" && !MyInvocation.ExpectingInput)
        {
            ListingRun run = new(this, Ledger)
            {
                First = First,
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
