namespace Chuizi.Video.Client.Ledger;

/// <summary>The values of <see cref="LedgerRecord.Step"/>.</summary>
internal static class LedgerStep
{
    /// <summary>Written before a request is sent.</summary>
    public const string Intent = "intent";

    /// <summary>The API has accepted the submission; the id is known.</summary>
    public const string Submitted = "submitted";

    /// <summary>
    /// The outcome is final: <c>succeeded</c>, <c>failed</c>, <c>unknown</c> (the response was lost), <c>skipped</c> (provably not
    /// accepted).
    /// </summary>
    public const string Settled = "settled";

    /// <summary>Written before the finished file gets its final name.</summary>
    public const string Saved = "saved";

    /// <summary>Another run continues with a submission of a run that has ended.</summary>
    public const string Taken = "taken";

    /// <summary>A run on another machine is alive, although it has nothing to record.</summary>
    public const string Alive = "alive";

    /// <summary>A run has ended: it sends and waits for nothing more.</summary>
    public const string Ended = "ended";

    /// <summary>What the user decided about a video: a verdict, a rating, a note. Only what is in the line changes.</summary>
    public const string Reviewed = "reviewed";

    /// <summary>Replaces a truncated last line, and keeps its text.</summary>
    public const string Repaired = "repaired";
}
