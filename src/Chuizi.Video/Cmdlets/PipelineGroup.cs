using System.Runtime.CompilerServices;
using Chuizi.Video.Client.Budget;
using Chuizi.Video.Module.Session;

namespace Chuizi.Video.Module.Cmdlets;

/// <summary>
/// The cmdlets of this module in one pipeline. The engine calls BeginProcessing of every command in a pipeline before any of them processes
/// input, so cmdlets that begin consecutively belong to the same pipeline.
/// </summary>
internal sealed class PipelineGroup
{
    private static readonly ConditionalWeakTable<ModuleSession, PipelineGroup> s_last = [];

    private readonly List<string> _commands = [];

    /// <summary>Whether one of them has started to process input. A cmdlet that begins now belongs to another pipeline.</summary>
    public bool IsSealed { get; private set; }

    /// <summary>Whether one of them had an error.</summary>
    public bool HasErrors { get; set; }

    /// <summary>Videos that no cmdlet emits but the summary counts, for example ids that could not be looked up.</summary>
    public List<Video> Dropped { get; } = [];

    /// <summary>Inputs that are not videos but that the summary counts, for example skipped rows.</summary>
    public List<FailureReason> Refused { get; } = [];

    /// <summary>The group of the pipeline that is starting in a runspace.</summary>
    public static PipelineGroup Open(ModuleSession session)
    {
        if (!s_last.TryGetValue(session, out PipelineGroup? group) || group.IsSealed)
        {
            group = new PipelineGroup();
            s_last.AddOrUpdate(session, group);
        }

        return group;
    }

    /// <summary>The number of videos that the pipeline will have, as far as New-ChuiziVideo has planned; 0 if not known.</summary>
    public int Expected { get; set; }

    /// <summary>The spending limit in USD; null without one.</summary>
    public decimal? Limit { get; set; }

    /// <summary>The costs so far and the limit, after a comma; empty without costs.</summary>
    public string DescribeCost(decimal cost) => cost <= 0 ? ""
        : Limit is { } limit ? $", {DisplayText.Cost(cost)} so far (limit {DisplayText.Cost(limit)})"
        : $", {DisplayText.Cost(cost)} so far";

    /// <summary>Keeps the memory small while many videos pass.</summary>
    public HeapTrim Heap { get; } = new();

    /// <summary>The totals that the last cmdlet shows.</summary>
    public VideoSummaryBuilder? Total { get; set; }

    /// <summary>Whether Wait-ChuiziVideo is in the pipeline, so that nothing is waited for twice.</summary>
    public bool HasWait { get; set; }

    /// <summary>Whether Save-ChuiziVideo is in the pipeline, so that a video is done when its file is saved.</summary>
    public bool HasSave { get; set; }

    /// <summary>
    /// The only file that Save-ChuiziVideo writes, and whether it replaces one; null if it saves to a folder, or is not in the pipeline.
    /// </summary>
    public (string Path, bool Overwrites)? SingleFile { get; set; }

    /// <summary>Adds a cmdlet and returns its position in the pipeline.</summary>
    /// <param name="command">The cmdlet with its parameters, to be pasted.</param>
    public int Join(string command)
    {
        _commands.Add(command);
        return _commands.Count - 1;
    }

    /// <summary>The cmdlets from a position on, each after a <c>|</c>.</summary>
    public string CommandsFrom(int place) => string.Concat(_commands.Skip(place).Select(command => $" | {command}"));

    /// <summary>Marks that all cmdlets of the pipeline have begun.</summary>
    public void Seal() => IsSealed = true;
}
