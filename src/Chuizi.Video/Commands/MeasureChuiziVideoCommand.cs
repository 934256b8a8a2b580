using System.Management.Automation;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Completion;
using Chuizi.Video.Module.Input;
using Chuizi.Video.Module.Listing;

namespace Chuizi.Video.Module.Commands;

/// <summary>Adds up what videos cost, in total or in groups. Needs no connection.</summary>
[Cmdlet(
    VerbsDiagnostic.Measure, "ChuiziVideo", DefaultParameterSetName = "Ledger", HelpUri = HelpPages.Folder + "Measure-ChuiziVideo.md")]
[OutputType(typeof(VideoSpending))]
public sealed class MeasureChuiziVideoCommand : VideoCmdlet
{
    private SpendingRun? _run;

    /// <summary>What to group by: Model, Month, Day, Status, Verdict, or a column of the list.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [GroupName]
    [ArgumentCompleter(typeof(SpendingColumnCompleter))]
    public string[] By { get; set; } = [];

    /// <summary>The videos, live or deserialized.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Input")]
    [AllowNull]
    [AllowEmptyString]
    public PSObject? InputObject { get; set; }

    /// <summary>The ledgers to add up. If omitted, the default monthly ledgers.</summary>
    [Parameter(ParameterSetName = "Ledger")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(LedgerPathCompleter))]
    public string[]? Ledger { get; set; }

    /// <summary>
    /// Gives access to a ledger whose URL has no signature: a token as a SecureString, or a script block that returns one, such as
    /// <c>{ Get-AzAccessToken -ResourceUrl https://storage.azure.com/ }</c>. The script block runs again before a token expires.
    /// </summary>
    [Parameter(ParameterSetName = "Ledger")]
    [ValidateNotNull]
    public object? LedgerCredential { get; set; }

    /// <summary>Adds up every ledger that was used on this machine.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "All")]
    public SwitchParameter All { get; set; }

    /// <summary>Counts only videos submitted at or after this time.</summary>
    [Parameter]
    [Alias("Since")]
    public DateTime After { get; set; }

    /// <summary>Counts only videos submitted before this time.</summary>
    [Parameter]
    public DateTime Before { get; set; }

    internal override void Begin() => _run = new SpendingRun(this, By, Utc(After), Utc(Before));

    internal override void Process()
    {
        if (ParameterSetName == "Input")
        {
            _run!.Add(InputObject);
        }
    }

    internal override void End()
    {
        if (All)
        {
            _run!.StartEverywhere();
        }
        else if (Ledger is not null)
        {
            _run!.Start(Ledger);
        }
        else if (ParameterSetName == "Ledger" && !MyInvocation.ExpectingInput)
        {
            _run!.StartDefault();
        }
        else
        {
            // An empty pipeline must not add up the ledger.
            _run!.Complete();
        }

        Finish();
    }

    private static DateTime? Utc(DateTime time) => time == default ? null : time.ToUniversalTime();
}
