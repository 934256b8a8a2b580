using System.Management.Automation;
using Chuizi.Video.Client.Text;
using Chuizi.Video.Module.Input;

namespace Chuizi.Video.Module.Cmdlets;

/// <summary>The one mapping from what went wrong to PowerShell's error records: a stable id, a category, what to do.</summary>
internal static class ErrorRecords
{
    private const int LongestPrompt = 60;

    // PowerShell 7.5 (on .NET 9) and later show the recommended action under the message; 7.4 does not.
    private static readonly bool s_actionIsShown = Environment.Version.Major >= 9;

    /// <summary>The record of a typed failure. The id is the kind's name.</summary>
    public static ErrorRecord From(ChuiziException exception, object? target = null)
    {
        // Where nobody answered, the id is still what support can look for.
        bool tellsRequest = exception.Status is not null || exception.Kind == ChuiziErrorKind.SubmissionOutcomeUnknown;
        string asked = exception.RequestId is { } request && tellsRequest ? $" (request {request})" : "";
        string id = (exception.VideoId ?? (target as Video)?.Id) is { } video ? CommandArgument.Quote(video) : "<id>";
        return Make(
            exception,
            exception.Kind.ToString(),
            CategoryOf(exception.Kind),
            target ?? exception.VideoId,
            exception.Message + asked,
            ActionFor(exception.Kind, id));
    }

    /// <summary>The record of a failure that the PowerShell side finds.</summary>
    public static ErrorRecord Make(
        string id, ErrorCategory category, object? target, string message, string? action = null, Exception? cause = null)
    {
        InvalidOperationException exception = new(TerminalText.WithoutControls(SecretRedactor.Mask(message)), cause);
        return Make(exception, id, category, target, message, action);
    }

    /// <summary>The record of a job that ended in failure.</summary>
    public static ErrorRecord Failed(Video video)
    {
        // The API does not tell the prompt of a bare id.
        string prompt = string.IsNullOrWhiteSpace(video.Prompt) ? "" : $" Its prompt: {Quote(video.Prompt)}";
        string message = $"The video {video.Id} failed: {video.Error?.Message ?? "the API gives no reason"}.{prompt}";
        ChuiziException cause = new(ChuiziErrorKind.GenerationFailed, message)
        {
            VideoId = video.Id,
            Code = video.Error?.Code,
            Type = video.Error?.Type,
            RequestId = video.RequestId,
        };
        return From(cause, video);
    }

    /// <summary>What a summary says of an error.</summary>
    public static VideoProblem ProblemOf(ErrorRecord error) => new(error.FullyQualifiedErrorId.Split(',')[0], error.Exception.Message);

    /// <summary>Puts words before and after a record's message; what to do stays.</summary>
    public static void Amend(ErrorRecord error, string before, string after) => error.ErrorDetails =
        new ErrorDetails(before + error.ErrorDetails.Message + after) { RecommendedAction = error.ErrorDetails.RecommendedAction };

    /// <summary>The beginning of a prompt, in one line and quoted.</summary>
    public static string Quote(string? prompt)
    {
        string line = string.Join(' ', VideoFormat.Line(prompt).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return $"'{Truncation.End(line, LongestPrompt)}'";
    }

    private static ErrorRecord Make(Exception exception, string id, ErrorCategory category, object? target, string message, string? action)
    {
        ErrorRecord record = new(exception, id, category, target);
        string said = action is null || s_actionIsShown ? message : $"{message} {action}";
        record.ErrorDetails = new ErrorDetails(TerminalText.WithoutControls(SecretRedactor.Mask(said)))
        {
            RecommendedAction = action ?? "",
        };
        return record;
    }

    private static ErrorCategory CategoryOf(ChuiziErrorKind kind) => kind switch
    {
        ChuiziErrorKind.NotConnected => ErrorCategory.ConnectionError,
        ChuiziErrorKind.InvalidBaseAddress => ErrorCategory.InvalidArgument,
        ChuiziErrorKind.InvalidApiKey => ErrorCategory.AuthenticationError,
        ChuiziErrorKind.InsufficientBalance or ChuiziErrorKind.DailyLimitExceeded => ErrorCategory.LimitsExceeded,
        ChuiziErrorKind.RateLimited or ChuiziErrorKind.CostLimitReached => ErrorCategory.LimitsExceeded,
        ChuiziErrorKind.AccessDenied or ChuiziErrorKind.ModelNotAllowed => ErrorCategory.PermissionDenied,
        ChuiziErrorKind.ModelNotFound or ChuiziErrorKind.VideoNotFound or ChuiziErrorKind.LedgerNotFound => ErrorCategory.ObjectNotFound,
        ChuiziErrorKind.RequestRejected => ErrorCategory.InvalidArgument,
        ChuiziErrorKind.ServerError or ChuiziErrorKind.DownloadFailed => ErrorCategory.ResourceUnavailable,
        ChuiziErrorKind.Unreachable => ErrorCategory.ConnectionError,
        ChuiziErrorKind.RequestTimeout or ChuiziErrorKind.WaitTimeout or ChuiziErrorKind.DeadlineReached => ErrorCategory.OperationTimeout,
        ChuiziErrorKind.MalformedReply or ChuiziErrorKind.UnexpectedRedirect => ErrorCategory.ProtocolError,
        ChuiziErrorKind.SubmissionOutcomeUnknown => ErrorCategory.InvalidResult,
        ChuiziErrorKind.SubmissionElsewhere => ErrorCategory.ResourceBusy,
        ChuiziErrorKind.UnknownPrice => ErrorCategory.InvalidArgument,
        ChuiziErrorKind.LedgerUnavailable => ErrorCategory.WriteError,
        ChuiziErrorKind.InvalidLedger => ErrorCategory.InvalidData,
        ChuiziErrorKind.GenerationFailed => ErrorCategory.InvalidResult,
        ChuiziErrorKind.UnsafeAddress => ErrorCategory.SecurityError,
        ChuiziErrorKind.DownloadIncomplete or ChuiziErrorKind.NotAVideo => ErrorCategory.InvalidData,
        ChuiziErrorKind.FileExists => ErrorCategory.ResourceExists,
        ChuiziErrorKind.CannotWrite or ChuiziErrorKind.DiskFull => ErrorCategory.WriteError,
        _ => ErrorCategory.NotSpecified,
    };

    private static string? ActionFor(ChuiziErrorKind kind, string id) => kind switch
    {
        ChuiziErrorKind.NotConnected =>
            "Give a key with Connect-ChuiziVideo or in the environment variable CHUIZI_API_KEY, "
            + "or try it offline with Start-ChuiziVideoSandbox.",
        ChuiziErrorKind.InvalidApiKey => "Check the key (ck- and 32 letters or digits) and connect again with Connect-ChuiziVideo.",
        ChuiziErrorKind.InsufficientBalance => "Top up the account; Get-ChuiziVideoAccount shows the balance.",
        ChuiziErrorKind.DailyLimitExceeded => "Go on tomorrow, or raise the key's daily limit; Get-ChuiziVideoAccount shows it.",
        ChuiziErrorKind.ModelNotAllowed => "Take a model that the key may use; Get-ChuiziVideoAccount lists them.",
        ChuiziErrorKind.ModelNotFound => "Get-ChuiziVideoModel lists the models.",
        ChuiziErrorKind.VideoNotFound => "Check the id, and that the key is the one it was submitted with.",
        ChuiziErrorKind.RateLimited => "Try again in a minute, or with a lower -ThrottleLimit.",
        ChuiziErrorKind.Unreachable or ChuiziErrorKind.RequestTimeout => "Check the network and the base address, and try again.",
        ChuiziErrorKind.SubmissionOutcomeUnknown =>
            "The API may have taken it and billed it. Look at the account, or ask its support with the request id. "
            + "Where nothing was billed, send it again; with -Ledger, -Resubmit does that.",
        ChuiziErrorKind.SubmissionElsewhere => "Run it again when the other run has ended.",
        ChuiziErrorKind.CostLimitReached => "Raise -MaxCost; with the same -Ledger only what is missing is sent.",
        ChuiziErrorKind.DeadlineReached => "Run it again; with the same -Ledger only what is missing is sent.",
        ChuiziErrorKind.UnknownPrice => "Give -EstimatedCost, or a column EstimatedCost, in USD for one video.",
        ChuiziErrorKind.LedgerNotFound => "Check the path; New-ChuiziVideo -Ledger makes the file with its first submission.",
        ChuiziErrorKind.LedgerUnavailable =>
            "See that the folder is there and can be read and written, or give another -Ledger; "
            + "CHUIZI_LEDGER moves the default one or says off.",
        ChuiziErrorKind.InvalidLedger => "Give the path of a ledger. New-ChuiziVideo takes that of a file that is not there yet, too.",
        ChuiziErrorKind.WaitTimeout => $"Go on waiting with: Wait-ChuiziVideo -Id {id}",
        ChuiziErrorKind.DownloadFailed or ChuiziErrorKind.DownloadIncomplete or ChuiziErrorKind.NotAVideo =>
            $"The video is safe at the API; save it again with: Save-ChuiziVideo -Id {id}",
        ChuiziErrorKind.CannotWrite =>
            "See that the folder can be written, and that no other run is writing the same file; or take another folder.",
        ChuiziErrorKind.DiskFull => "Free some room or take another folder, and run it again; the videos are safe at the API.",
        _ => null,
    };
}
