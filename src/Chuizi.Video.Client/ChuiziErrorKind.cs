namespace Chuizi.Video;

/// <summary>What went wrong, as a stable name: PowerShell's error ids are these words.</summary>
public enum ChuiziErrorKind
{
    /// <summary>No key, or none that may be used here.</summary>
    NotConnected,

    /// <summary>The base address is no absolute https address (http on loopback only).</summary>
    InvalidBaseAddress,

    /// <summary>401: the API does not know the key; or it cannot be a key at all.</summary>
    InvalidApiKey,

    /// <summary>402: the balance does not cover the work.</summary>
    InsufficientBalance,

    /// <summary>403 <c>ip_not_allowed</c>, and any 403 that names no other reason.</summary>
    AccessDenied,

    /// <summary>403 <c>daily_limit_exceeded</c>.</summary>
    DailyLimitExceeded,

    /// <summary>403 <c>model_not_allowed</c>.</summary>
    ModelNotAllowed,

    /// <summary>404 <c>model_not_found</c>.</summary>
    ModelNotFound,

    /// <summary>404 of a video id.</summary>
    VideoNotFound,

    /// <summary>400, and any other 4xx that is final.</summary>
    RequestRejected,

    /// <summary>429, and the retries are used up.</summary>
    RateLimited,

    /// <summary>5xx, and the retries are used up.</summary>
    ServerError,

    /// <summary>No connection, or it broke, and the retries are used up.</summary>
    Unreachable,

    /// <summary>No answer within the time of an attempt, and the retries are used up.</summary>
    RequestTimeout,

    /// <summary>An answer that is not what the contract says.</summary>
    MalformedReply,

    /// <summary>A 3xx where the contract knows none.</summary>
    UnexpectedRedirect,

    /// <summary>Sent, and no answer tells whether the API took it: it may be paid for.</summary>
    SubmissionOutcomeUnknown,

    /// <summary>Another run that lives is sending the row now.</summary>
    SubmissionElsewhere,

    /// <summary>The row would cost more than the ceiling leaves.</summary>
    CostLimitReached,

    /// <summary>The time for sending was over before the row's turn came.</summary>
    DeadlineReached,

    /// <summary>There is a ceiling, and nobody knows what a row costs.</summary>
    UnknownPrice,

    /// <summary>There is no such ledger to list.</summary>
    LedgerNotFound,

    /// <summary>The ledger cannot be read or written.</summary>
    LedgerUnavailable,

    /// <summary>The file is no ledger.</summary>
    InvalidLedger,

    /// <summary>The job ended in failure.</summary>
    GenerationFailed,

    /// <summary>The time for waiting is over; the job lives.</summary>
    WaitTimeout,

    /// <summary>An address that must not be fetched: another scheme, or plain http off loopback.</summary>
    UnsafeAddress,

    /// <summary>The video's file could not be had from its address.</summary>
    DownloadFailed,

    /// <summary>The file came short, long or broken.</summary>
    DownloadIncomplete,

    /// <summary>What came is no MP4 file.</summary>
    NotAVideo,

    /// <summary>Another file has the name.</summary>
    FileExists,

    /// <summary>The file or folder cannot be written.</summary>
    CannotWrite,

    /// <summary>No room on the disk.</summary>
    DiskFull,
}
