using System.Runtime.CompilerServices;
using Chuizi.Video.Module.Session;

namespace Chuizi.Video.Module.Cmdlets;

/// <summary>
/// The cmdlets of ours in one pipeline. The engine begins all commands of a pipeline one after the other before any of them processes
/// anything; so those that begin in a row belong together.
/// </summary>
internal sealed class PipelineGroup
{
    private static readonly ConditionalWeakTable<ModuleSession, PipelineGroup> s_last = [];

    private int _members;

    /// <summary>Whether one of them has gone on to process; whoever begins now is in another pipeline.</summary>
    public bool IsSealed { get; private set; }

    /// <summary>Whether one of them has had an error.</summary>
    public bool HasErrors { get; set; }

    /// <summary>The videos that no cmdlet emits but a summary counts: bare ids that came to nothing, for example.</summary>
    public List<Video> Dropped { get; } = [];

    /// <summary>The inputs that are not videos and that a summary counts: rows that were left out, for example.</summary>
    public List<VideoProblem> Refused { get; } = [];

    /// <summary>The group of the pipeline that is beginning in a runspace.</summary>
    public static PipelineGroup Open(ModuleSession session)
    {
        if (!s_last.TryGetValue(session, out PipelineGroup? group) || group.IsSealed)
        {
            group = new PipelineGroup();
            s_last.AddOrUpdate(session, group);
        }

        return group;
    }

    /// <summary>Adds a cmdlet; gives its place, counted from the pipeline's start.</summary>
    public int Join() => _members++;

    /// <summary>All have begun.</summary>
    public void Seal() => IsSealed = true;
}
