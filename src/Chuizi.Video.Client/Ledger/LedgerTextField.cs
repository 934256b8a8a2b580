namespace Chuizi.Video.Client.Ledger;

/// <summary>The texts of a <see cref="LedgerEntry"/> that few other submissions have.</summary>
internal enum LedgerTextField
{
    /// <summary><see cref="LedgerEntry.Entry"/>.</summary>
    Entry,

    /// <summary><see cref="LedgerEntry.Key"/>.</summary>
    Key,

    /// <summary><see cref="LedgerEntry.Id"/>.</summary>
    Id,

    /// <summary><see cref="LedgerEntry.RequestId"/>.</summary>
    RequestId,

    /// <summary><see cref="LedgerEntry.IdSource"/>.</summary>
    IdSource,

    /// <summary><see cref="LedgerEntry.FileName"/>.</summary>
    FileName,

    /// <summary><see cref="LedgerEntry.Url"/>.</summary>
    Url,

    /// <summary><see cref="LedgerEntry.Path"/>.</summary>
    Path,

    /// <summary><see cref="LedgerEntry.Sha256"/>.</summary>
    Sha256,
}
