using System.Management.Automation;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Completion;
using Chuizi.Video.Module.Gallery;

namespace Chuizi.Video.Module.Commands;

/// <summary>Creates an HTML gallery of a batch of videos. Needs no connection.</summary>
[Cmdlet(
    VerbsData.Export,
    "ChuiziVideoGallery",
    DefaultParameterSetName = "Input",
    SupportsShouldProcess = true,
    HelpUri = HelpPages.Folder + "Export-ChuiziVideoGallery.md"
)]
[OutputType(typeof(FileInfo))]
public sealed class ExportChuiziVideoGalleryCommand : VideoCmdlet
{
    private GalleryRun? _run;

    /// <summary>The file of the page. For a folder, <c>index.html</c> in it.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PagePathCompleter))]
    public string Path { get; set; } = "";

    /// <summary>The videos, live or deserialized.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Input")]
    [AllowNull]
    [AllowEmptyString]
    public PSObject? InputObject { get; set; }

    /// <summary>The ledger whose videos are shown, in the order of submission.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Ledger")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(LedgerPathCompleter))]
    public string Ledger { get; set; } = "";

    /// <summary>
    /// Gives access to a ledger whose URL has no signature: a token as a SecureString, or a script block that returns one, such as
    /// <c>{ Get-AzAccessToken -ResourceUrl https://storage.azure.com/ }</c>. The script block runs again before a token expires.
    /// </summary>
    [Parameter(ParameterSetName = "Ledger")]
    [ValidateNotNull]
    public object? LedgerCredential { get; set; }

    /// <summary>The title of the page. If omitted, the name of the ledger or of the page.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Title { get; set; }

    /// <summary>Shows only the videos with this verdict: Kept or Rejected.</summary>
    [Parameter]
    [ValidateSet(VideoVerdict.Kept, VideoVerdict.Rejected)]
    public string? Verdict { get; set; }

    /// <summary>Opens the page in the default browser.</summary>
    [Parameter]
    public SwitchParameter Show { get; set; }

    /// <summary>Replaces an existing file even if it is not a gallery.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    internal override void Begin() =>
        _run = new GalleryRun(this, Path, ParameterSetName == "Ledger" ? Ledger : null, Title, Force)
        {
            Verdict = Verdict is null ? null : VideoVerdict.Parse(Verdict),
            IsShown = Show,
        };

    internal override void Process()
    {
        if (ParameterSetName == "Input")
        {
            _run!.Add(InputObject);
        }
    }

    internal override void End()
    {
        _run!.Complete();
        Finish();
    }
}
