namespace Chuizi.Video.Soak.Plans;

/// <summary>What ends a batch before its time.</summary>
internal enum BatchEnd
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The pipeline is stopped, as by Ctrl+C.</summary>
    Stop,

    /// <summary>Downstream has enough, as Select-Object -First does.</summary>
    Enough,

    /// <summary>Downstream throws.</summary>
    Throw,
}
