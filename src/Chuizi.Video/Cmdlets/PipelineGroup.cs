namespace Chuizi.Video.Module.Cmdlets;

/// <summary>
/// The cmdlets of ours in one pipeline. The engine begins all commands of a pipeline one after the other before any of them processes
/// anything; so those that begin in a row belong together.
/// </summary>
internal sealed class PipelineGroup
{
    private int _members;

    /// <summary>Whether one of them has gone on to process; whoever begins now is in another pipeline.</summary>
    public bool IsSealed { get; private set; }

    /// <summary>Whether one of them has had an error.</summary>
    public bool HasErrors { get; set; }

    /// <summary>What a summary has to count though no cmdlet emits it: a bare id that came to nothing, a row that is left out.</summary>
    public List<Action<VideoTally>> Lost { get; } = [];

    /// <summary>Adds a cmdlet; gives its place, counted from the pipeline's start.</summary>
    public int Join() => _members++;

    /// <summary>All have begun.</summary>
    public void Seal() => IsSealed = true;
}
