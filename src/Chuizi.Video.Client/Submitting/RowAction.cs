namespace Chuizi.Video.Client.Submitting;

/// <summary>What happens to a row of the list.</summary>
internal enum RowAction
{
    /// <summary>It is submitted.</summary>
    Send,

    /// <summary>It was submitted before, and the outcome is recorded.</summary>
    IsKnown,

    /// <summary>It may have been submitted before; only the user can decide.</summary>
    IsUnknown,

    /// <summary>Another run is submitting it now.</summary>
    IsElsewhere,
}
