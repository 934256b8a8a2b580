using System.Globalization;

namespace Chuizi.Video.Soak.Plans;

/// <summary>All that is drawn for one batch, from its seed alone.</summary>
internal sealed record BatchPlan
{
    /// <summary>What it was drawn from.</summary>
    public required int Seed { get; init; }

    /// <summary>Whether it runs in a process of its own, which can be killed.</summary>
    public required bool IsChild { get; init; }

    /// <summary>The prompts, one a row; identical ones are rows of their own.</summary>
    public required IReadOnlyList<string> Prompts { get; init; }

    /// <summary>Whether the rows name their files.</summary>
    public required bool NamesFiles { get; init; }

    /// <summary>Whether reruns can be made.</summary>
    public required bool HasLedger { get; init; }

    /// <summary>Whether errors are terminating: <c>-ErrorAction Stop</c>.</summary>
    public required bool StopsOnError { get; init; }

    /// <summary>Whether the verbose and debug streams are on.</summary>
    public required bool IsVerbose { get; init; }

    /// <summary>Whether the account and the models are asked for as well.</summary>
    public required bool Asks { get; init; }

    /// <summary>Whether the disk of ledger and videos is the small one.</summary>
    public required bool UsesSmallDisk { get; init; }

    /// <summary>Bytes that a full disk leaves free.</summary>
    public required int DiskLeaves { get; init; }

    /// <summary>The longest file that the child process may write, in bytes; 0 for any.</summary>
    public required int LongestFile { get; init; }

    /// <summary>How it ends before its time.</summary>
    public required BatchEnd End { get; init; }

    /// <summary>After how many videos downstream has enough.</summary>
    public required int EndAfter { get; init; }

    /// <summary>How often a child is started with mishaps to come.</summary>
    public required int Starts { get; init; }

    /// <summary>Whether reruns send again what nobody knows of.</summary>
    public required bool Resubmits { get; init; }

    /// <summary>Whether reruns send failed rows again.</summary>
    public required bool RetriesFailed { get; init; }

    /// <summary>The ceiling in USD; null for none.</summary>
    public required decimal? MaxCost { get; init; }

    /// <summary>Parameters of New-ChuiziVideo.</summary>
    public required IReadOnlyDictionary<string, object> New { get; init; }

    /// <summary>Parameters of Wait-ChuiziVideo.</summary>
    public required IReadOnlyDictionary<string, object> Wait { get; init; }

    /// <summary>Parameters of Save-ChuiziVideo.</summary>
    public required IReadOnlyDictionary<string, object> Save { get; init; }

    /// <summary>The sandbox, without its clock.</summary>
    public required SandboxOptions Sandbox { get; init; }

    /// <summary>What the sandbox does wrong.</summary>
    public required IReadOnlyList<SandboxFault> Faults { get; init; }

    /// <summary>What else happens.</summary>
    public required IReadOnlyList<Mishap> Mishaps { get; init; }

    /// <summary>What is told of it where it went wrong.</summary>
    public string Describe() => string.Create(CultureInfo.InvariantCulture, $"""
        {(IsChild ? $"child process, {Starts} starts" : "in process")}; {Prompts.Count} rows ({Prompts.Distinct().Count()} different), file names {NamesFiles}, ledger {HasLedger}, end {End} after {EndAfter}, errors stop {StopsOnError}, small disk {UsesSmallDisk} leaving {DiskLeaves}, longest file {LongestFile}
        New {Show(New)}  Wait {Show(Wait)}  Save {Show(Save)}  MaxCost {MaxCost}  reruns: resubmit {Resubmits}, retry failed {RetriesFailed}
        sandbox: {Sandbox.RequestsPerMinute} requests a minute, {Sandbox.GenerationTime}-{Sandbox.GenerationTimeMaximum}, {Sandbox.Shape}, balance {Sandbox.Balance}, padding {Sandbox.VideoPadding}
        faults: {string.Join("; ", Faults.Select(fault => $"{fault} status {fault.Status} {fault.Code} at {fault.At} delay {fault.Delay.TotalSeconds:0} s, skip {fault.Skip} times {fault.Times}"))}
        mishaps: {string.Join("; ", Mishaps)}
        """);

    private static string Show(IReadOnlyDictionary<string, object> parameters) => string.Join(' ', parameters.Select(pair => $"-{pair.Key} {pair.Value}"));
}
