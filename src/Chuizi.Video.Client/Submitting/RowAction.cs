namespace Chuizi.Video.Client.Submitting;

/// <summary>What is to become of a row.</summary>
public enum RowAction
{
    /// <summary>It is sent.</summary>
    Send,

    /// <summary>It was sent, and what became of it is recorded.</summary>
    IsKnown,

    /// <summary>It may have been sent; only the user can decide.</summary>
    IsUnknown,

    /// <summary>Another run is sending it now.</summary>
    IsElsewhere,
}
