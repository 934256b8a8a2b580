using System.Management.Automation;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Completion;
using Chuizi.Video.Module.Reviewing;

namespace Chuizi.Video.Module.Commands;

/// <summary>Records in the ledger what you decide about videos: a verdict, a rating and a note. Needs no connection.</summary>
[Cmdlet(
    VerbsCommon.Set,
    "ChuiziVideo",
    DefaultParameterSetName = "Id",
    SupportsShouldProcess = true,
    HelpUri = HelpPages.Folder + "Set-ChuiziVideo.md"
)]
[OutputType(typeof(Video))]
public sealed class SetChuiziVideoCommand : VideoInputCmdlet
{
    private ReviewRun? _run;

    /// <summary>Whether the video is used. None withdraws a decision.</summary>
    [Parameter]
    [ValidateSet(VideoVerdict.Kept, VideoVerdict.Rejected, VideoVerdict.None)]
    public string? Verdict { get; set; }

    /// <summary>1 to 5; 0 for none.</summary>
    // The engine would convert 4.6 to 5, and an empty value to 0.
    [Parameter]
    [AllowNull]
    public object? Rating { get; set; }

    /// <summary>A note; an empty string for none.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyString]
    public object? Note { get; set; }

    /// <summary>The ledger that records the videos. If omitted, the ledger of each video.</summary>
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

    /// <summary>Emits the videos.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    internal override bool CompletesIds => Ledger is null;

    internal override void BeginVideos()
    {
        _run = new ReviewRun(this, Ledger, new() { ["Verdict"] = Verdict, ["Rating"] = Rating, ["Note"] = Note });
        _run.Begin();
    }

    internal override void RefuseInput(object? input, FormatException why) => _run!.Refuse(Number, "NoVideoId", why.Message);

    internal override void ProcessVideo(Video video) => _run!.Add(Number, video, InputObject);

    internal override void EndVideos() => _run!.Complete(PassThru);
}
