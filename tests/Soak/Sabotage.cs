namespace Chuizi.Video.Soak;

/// <summary>What the campaign does wrong on purpose, so that a test sees it fail.</summary>
internal enum Sabotage
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Submits a prompt once more, behind the module's back.</summary>
    PayTwice,

    /// <summary>Takes an id out of the ledger and the output.</summary>
    LoseId,

    /// <summary>Cuts a saved file in half.</summary>
    HalveFile,

    /// <summary>Takes away the errors.</summary>
    HideErrors,

    /// <summary>Leaves the ledger open.</summary>
    LeakFile,

    /// <summary>Drops a task that failed.</summary>
    DropTask,

    /// <summary>Has a stream tell the key.</summary>
    TellKey,
}
