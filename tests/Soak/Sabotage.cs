namespace Chuizi.Video.Soak;

/// <summary>What the campaign breaks on purpose, so that a test can check that it fails.</summary>
internal enum Sabotage
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Submits a prompt again without the module.</summary>
    PayTwice,

    /// <summary>Removes an id from the ledger and the output.</summary>
    LoseId,

    /// <summary>Cuts a saved file in half.</summary>
    HalveFile,

    /// <summary>Removes the errors.</summary>
    HideErrors,

    /// <summary>Leaves the ledger open.</summary>
    LeakFile,

    /// <summary>Leaves the exception of a task unobserved.</summary>
    DropTask,

    /// <summary>Writes the key to a stream.</summary>
    TellKey,
}
