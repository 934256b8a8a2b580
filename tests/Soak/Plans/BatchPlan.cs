using System.Globalization;

namespace Chuizi.Video.Soak.Plans;

/// <summary>Everything that is drawn for one batch, from its seed alone.</summary>
internal sealed record BatchPlan
{
    /// <summary>The seed that the plan was drawn from.</summary>
    public required int Seed { get; init; }

    /// <summary>Whether the batch runs in a separate process, which can be killed.</summary>
    public required bool IsChild { get; init; }

    /// <summary>The prompts, one per row. Identical prompts are separate rows.</summary>
    public required IReadOnlyList<string> Prompts { get; init; }

    /// <summary>How many videos each row makes: its takes.</summary>
    public required int Takes { get; init; }

    /// <summary>How the rows reach the module.</summary>
    public required ListForm Form { get; init; }

    /// <summary>Whether Invoke-ChuiziVideoBatch runs the list, not a pipeline.</summary>
    public required bool IsUnattended { get; init; }

    /// <summary>Whether the pipeline returns a summary, not the videos.</summary>
    public required bool Summarizes { get; init; }

    /// <summary>How many child processes run the batch at the same time, with one ledger.</summary>
    public required int Workers { get; init; }

    /// <summary>Whether the rows have a FileName.</summary>
    public required bool NamesFiles { get; init; }

    /// <summary>Whether the rows have an image whose URL has another signature in each run.</summary>
    public required bool SignsImages { get; init; }

    /// <summary>Whether the batch uses a ledger, so that it can be rerun.</summary>
    public required bool HasLedger { get; init; }

    /// <summary>Whether the ledger is an append blob.</summary>
    public required bool UsesBlob { get; init; }

    /// <summary>Of the videos of a finished batch, one in this many is rejected; 0 for none.</summary>
    public required int Rejects { get; init; }

    /// <summary>Whether errors are terminating: <c>-ErrorAction Stop</c>.</summary>
    public required bool StopsOnError { get; init; }

    /// <summary>Whether the verbose and debug streams are on.</summary>
    public required bool IsVerbose { get; init; }

    /// <summary>Whether the account and the models are retrieved as well.</summary>
    public required bool Asks { get; init; }

    /// <summary>Whether the ledger and the videos are on the small disk.</summary>
    public required bool UsesSmallDisk { get; init; }

    /// <summary>The number of bytes that a full disk leaves free.</summary>
    public required int DiskLeaves { get; init; }

    /// <summary>The largest file that the child process may write, in bytes, or 0 for no limit.</summary>
    public required int LongestFile { get; init; }

    /// <summary>What ends the batch early.</summary>
    public required BatchEnd End { get; init; }

    /// <summary>The number of videos after which the downstream command ends the pipeline.</summary>
    public required int EndAfter { get; init; }

    /// <summary>How often the child process is started with mishaps.</summary>
    public required int Starts { get; init; }

    /// <summary>Whether reruns use -Resubmit.</summary>
    public required bool Resubmits { get; init; }

    /// <summary>Whether reruns use -RetryFailed.</summary>
    public required bool RetriesFailed { get; init; }

    /// <summary>The spending limit in USD, or null for none.</summary>
    public required decimal? MaxCost { get; init; }

    /// <summary>The budget of the month in USD, or null for none.</summary>
    public required decimal? Budget { get; init; }

    /// <summary>The deadline of the first run, in seconds, or null for none. Reruns have none.</summary>
    public required int? Deadline { get; init; }

    /// <summary>Parameters of New-ChuiziVideo.</summary>
    public required IReadOnlyDictionary<string, object> New { get; init; }

    /// <summary>Parameters of Wait-ChuiziVideo.</summary>
    public required IReadOnlyDictionary<string, object> Wait { get; init; }

    /// <summary>Parameters of Save-ChuiziVideo.</summary>
    public required IReadOnlyDictionary<string, object> Save { get; init; }

    /// <summary>The options of the sandbox, without its clock.</summary>
    public required SandboxOptions Sandbox { get; init; }

    /// <summary>The faults of the sandbox.</summary>
    public required IReadOnlyList<SandboxFault> Faults { get; init; }

    /// <summary>The mishaps besides the faults.</summary>
    public required IReadOnlyList<Mishap> Mishaps { get; init; }

    /// <summary>The number of videos that the batch is to make.</summary>
    public int Videos => Prompts.Count * Takes;

    /// <summary>Whether the money may not suffice for all rows.</summary>
    public bool IsShort => MaxCost is not null || Budget is not null || Sandbox.Balance < 1000;

    /// <summary>The description to show when the batch violates a promise.</summary>
    public string Describe()
    {
        string faults = string.Join("; ", Faults.Select(fault => string.Create(
            CultureInfo.InvariantCulture,
            $"{fault} status {fault.Status} {fault.Code} at {fault.At} delay {fault.Delay.TotalSeconds:0} s, skip {fault.Skip} times {fault.Times}")));
        string where = IsChild ? $"{Workers} child processes, {Starts} starts" : "in process";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {where}; {Prompts.Count} rows ({Prompts.Distinct().Count()} different), {Takes} takes, {Form}, file names {NamesFiles}, signed images {SignsImages}, ledger {HasLedger}, blob {UsesBlob}, unattended {IsUnattended}, summary {Summarizes}, end {End} after {EndAfter}, errors stop {StopsOnError}, small disk {UsesSmallDisk} leaving {DiskLeaves}, longest file {LongestFile}
            New {Show(New)}  Wait {Show(Wait)}  Save {Show(Save)}  MaxCost {MaxCost}  budget {Budget}  deadline {Deadline}  reruns: resubmit {Resubmits}, retry failed {RetriesFailed}, reject one in {Rejects}
            sandbox: {Sandbox.RequestsPerMinute} requests a minute, {Sandbox.GenerationTime}-{Sandbox.GenerationTimeMaximum}, {Sandbox.Shape}, balance {Sandbox.Balance}, padding {Sandbox.VideoPadding}
            faults: {faults}
            mishaps: {string.Join("; ", Mishaps)}
            """);
    }

    private static string Show(IReadOnlyDictionary<string, object> parameters) =>
        string.Join(' ', parameters.Select(pair => $"-{pair.Key} {pair.Value}"));
}
