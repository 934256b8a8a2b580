namespace Chuizi.Video.Client.Ledger;

/// <summary>The words of <see cref="LedgerRecord.Step"/>.</summary>
internal static class LedgerStep
{
    /// <summary>Written before a request leaves.</summary>
    public const string Intent = "intent";

    /// <summary>The API has taken it; the id is known.</summary>
    public const string Submitted = "submitted";

    /// <summary>
    /// Nothing more will happen: <c>succeeded</c>, <c>failed</c>, <c>unknown</c> (no answer told), <c>skipped</c> (provably not taken).
    /// </summary>
    public const string Settled = "settled";

    /// <summary>Written before the finished file gets its name.</summary>
    public const string Saved = "saved";

    /// <summary>Stands for a last line that broke off, and keeps its text.</summary>
    public const string Repaired = "repaired";
}
