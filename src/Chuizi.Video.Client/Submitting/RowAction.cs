namespace Chuizi.Video.Client.Submitting;

/// <summary>What happens to a row of the list.</summary>
internal enum RowAction
{
    /// <summary>The row is submitted.</summary>
    Send,

    /// <summary>The row was submitted before: it is in progress, succeeded, or failed and is not retried.</summary>
    IsKnown,

    /// <summary>The row may have been submitted before. Only the user can decide.</summary>
    IsUnknown,

    /// <summary>Another run, which is active or may still have a request in progress, has claimed the row.</summary>
    IsElsewhere,

    /// <summary>The row is not submitted, because only new takes of rejected rows are.</summary>
    IsLeftOut,
}
