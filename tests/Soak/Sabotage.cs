namespace Chuizi.Video.Soak;

/// <summary>What the campaign breaks on purpose, so that a test can check that it is noticed.</summary>
internal enum Sabotage
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Submits a prompt again without the module.</summary>
    PayTwice,

    /// <summary>Submits a prompt as a wrong encoding would change it.</summary>
    ChangePrompt,

    /// <summary>Submits more than the budget of the month allows.</summary>
    Overspend,

    /// <summary>Reports a row as not submitted that was submitted.</summary>
    DenySubmission,

    /// <summary>Removes an id from the ledger and the output.</summary>
    LoseId,

    /// <summary>Removes the verdicts from the ledger.</summary>
    LoseVerdict,

    /// <summary>Cuts a saved file in half.</summary>
    HalveFile,

    /// <summary>Removes the errors.</summary>
    HideErrors,

    /// <summary>Counts a file in a summary that does not exist.</summary>
    Exaggerate,

    /// <summary>Leaves the ledger open.</summary>
    LeakFile,

    /// <summary>Leaves the exception of a task unobserved.</summary>
    DropTask,

    /// <summary>Writes the key to a stream.</summary>
    TellKey,

    /// <summary>Writes the key to the log of an unattended run.</summary>
    LogKey,

    /// <summary>Writes the signature of the ledger to a stream.</summary>
    TellSignature,
}
