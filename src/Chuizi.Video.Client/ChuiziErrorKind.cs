namespace Chuizi.Video;

/// <summary>The kind of a failure. The names are stable: they are PowerShell's error ids.</summary>
public enum ChuiziErrorKind
{
    /// <summary>No API key is available, or the environment's key is not used because a sandbox is running in the process.</summary>
    NotConnected,

    /// <summary>The base address is not an absolute https address (http is allowed only for loopback).</summary>
    InvalidBaseAddress,

    /// <summary>401: the API does not accept the key, or the text cannot be a key.</summary>
    InvalidApiKey,

    /// <summary>402: the balance does not cover the video.</summary>
    InsufficientBalance,

    /// <summary>403 <c>ip_not_allowed</c>, and any 403 without a more specific code.</summary>
    AccessDenied,

    /// <summary>403 <c>daily_limit_exceeded</c>.</summary>
    DailyLimitExceeded,

    /// <summary>403 <c>model_not_allowed</c>.</summary>
    ModelNotAllowed,

    /// <summary>404 <c>model_not_found</c>.</summary>
    ModelNotFound,

    /// <summary>404 for a video id.</summary>
    VideoNotFound,

    /// <summary>400, and any other 4xx without a kind of its own.</summary>
    RequestRejected,

    /// <summary>429, after all retries.</summary>
    RateLimited,

    /// <summary>5xx, after all retries.</summary>
    ServerError,

    /// <summary>No connection, or the connection broke, after all retries.</summary>
    Unreachable,

    /// <summary>No response within the timeout of an attempt, after all retries.</summary>
    RequestTimeout,

    /// <summary>A response that does not match the API contract.</summary>
    MalformedReply,

    /// <summary>A 3xx, which the API contract does not define.</summary>
    UnexpectedRedirect,

    /// <summary>The request was sent but its response was lost: the API may have accepted and billed it.</summary>
    SubmissionOutcomeUnknown,

    /// <summary>The run that had claimed the row did not submit it. Or another run changed the row, and it needs no new take.</summary>
    SubmissionElsewhere,

    /// <summary>The row was skipped because the spending limit would be exceeded.</summary>
    CostLimitReached,

    /// <summary>The row was skipped because the budget of the month would be exceeded.</summary>
    BudgetReached,

    /// <summary>There is a monthly budget, but what was spent cannot be read or recorded.</summary>
    BudgetUnavailable,

    /// <summary>The value of an environment variable is not valid.</summary>
    InvalidSetting,

    /// <summary>The deadline passed before the row was submitted.</summary>
    DeadlineReached,

    /// <summary>There is a spending limit, but the price of a row is not known.</summary>
    UnknownPrice,

    /// <summary>A ledger to read does not exist.</summary>
    LedgerNotFound,

    /// <summary>The ledger cannot be read or written.</summary>
    LedgerUnavailable,

    /// <summary>The file is not a ledger.</summary>
    InvalidLedger,

    /// <summary>The ledger identifies rows in another way, so that it cannot prevent repeated submissions.</summary>
    LedgerVersion,

    /// <summary>A local file could not be published, so the row was not submitted.</summary>
    PublishFailed,

    /// <summary>The API could not generate the video.</summary>
    GenerationFailed,

    /// <summary>The video was not finished in time. It is still in progress.</summary>
    WaitTimeout,

    /// <summary>
    /// An address that must not be downloaded from: not https (http is allowed only for loopback), or in a private network.
    /// </summary>
    UnsafeAddress,

    /// <summary>The server refused the download.</summary>
    DownloadFailed,

    /// <summary>The downloaded file is too short, too long or damaged.</summary>
    DownloadIncomplete,

    /// <summary>The downloaded data is not an MP4 file.</summary>
    NotAVideo,

    /// <summary>Another file has this name.</summary>
    FileExists,

    /// <summary>The file or folder cannot be written.</summary>
    CannotWrite,

    /// <summary>The disk is full.</summary>
    DiskFull,
}
