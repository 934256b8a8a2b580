namespace Chuizi.Video.Soak.Plans;

/// <summary>What ends a batch early.</summary>
internal enum BatchEnd
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The pipeline is stopped, as by Ctrl+C.</summary>
    Stop,

    /// <summary>Select-Object -First ends the pipeline.</summary>
    Enough,

    /// <summary>A downstream command throws.</summary>
    Throw,
}
