using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Client.Text;
using Chuizi.Video.Module.Input;

namespace Chuizi.Video.Module.Cmdlets;

/// <summary>Maps every failure to an error record: a stable id, a category and a recommended action.</summary>
internal static class ErrorRecords
{
    private const int LongestPrompt = 60;

    // Only PowerShell 7.5 (on .NET 9) and later show the recommended action below the message.
    private static readonly bool s_actionIsShown = Environment.Version.Major >= 9;

    /// <summary>The record of a typed failure. Its id is the name of the kind.</summary>
    public static ErrorRecord From(ChuiziException exception, object? target = null)
    {
        // After an unknown outcome there may be no response, but support can still look up the request id.
        bool tellsRequest = exception.Status is not null || exception.Kind == ChuiziErrorKind.SubmissionOutcomeUnknown;
        string asked = exception.RequestId is { } request && tellsRequest ? $" (request {request})" : "";
        string id = (exception.VideoId ?? (target as Video)?.Id) is { } video ? CommandText.Quote(video) : "<id>";
        return Make(
            exception,
            exception.Kind.ToString(),
            CategoryOf(exception.Kind),
            target ?? exception.VideoId,
            exception.Message + asked,
            ActionFor(exception.Kind, id));
    }

    /// <summary>The record of a failure detected by the module itself, not by the client.</summary>
    public static ErrorRecord Make(
        string id, ErrorCategory category, object? target, string message, string? action = null, Exception? cause = null)
    {
        InvalidOperationException exception = new(TerminalText.WithoutControls(SecretRedactor.Mask(message)), cause);
        return Make(exception, id, category, target, message, action);
    }

    /// <summary>The record of a failed video.</summary>
    public static ErrorRecord Failed(Video video)
    {
        // The API does not return the prompt, so it is unknown if only the id was specified.
        string prompt = string.IsNullOrWhiteSpace(video.Prompt) ? "" : $" Prompt: {Quote(video.Prompt)}";
        string message = $"The video {video.Id} failed: {(video.Error?.Message ?? "The API gave no reason.").TrimEnd('.')}.{prompt}";
        ChuiziException cause = new(ChuiziErrorKind.GenerationFailed, message)
        {
            VideoId = video.Id,
            Code = video.Error?.Code,
            Type = video.Error?.Type,
            RequestId = video.RequestId,
        };
        return From(cause, video);
    }

    /// <summary>One record for several videos with errors of one kind.</summary>
    /// <param name="failed">The videos, with the errors that they would have alone.</param>
    /// <param name="rest">The cmdlets that the videos have not passed, each after a <c>|</c>.</param>
    public static ErrorRecord Combine(IReadOnlyList<(Video Video, ErrorRecord Error)> failed, string rest)
    {
        const int MostIdsNamed = 10;
        ErrorRecord first = failed[0].Error;
        Video[] videos = [.. failed.Select(one => one.Video)];
        string ids = failed.Count <= MostIdsNamed ? $": {string.Join(", ", videos.Select(video => video.Id ?? $"row {video.Row}"))}" : "";
        ChuiziErrorKind? kind = (first.Exception as ChuiziException)?.Kind;
        bool isLate = kind == ChuiziErrorKind.WaitTimeout;
        string count = string.Create(CultureInfo.InvariantCulture, $"{failed.Count:N0}");
        return Make(
            first.Exception,
            first.FullyQualifiedErrorId,
            first.CategoryInfo.Category,
            videos,
            isLate ? $"{count} videos were not finished in time{ids}. The API continues to render them."
                : kind == ChuiziErrorKind.SubmissionElsewhere ? $"{count} rows were not submitted by the runs that had claimed them{ids}."
                : $"{count} videos are not finished yet{ids}.",
            isLate ? $"To continue, run: {Resumption.CommandFor(videos, rest)}" : first.ErrorDetails.RecommendedAction);
    }

    /// <summary>The problem that a summary shows for an error.</summary>
    public static FailureReason ProblemOf(ErrorRecord error) => new(error.FullyQualifiedErrorId.Split(',')[0], error.Exception.Message);

    /// <summary>Adds text before and after the message of a record, and keeps its recommended action.</summary>
    public static void Amend(ErrorRecord error, string before, string after) => error.ErrorDetails =
        new ErrorDetails(before + error.ErrorDetails.Message + after) { RecommendedAction = error.ErrorDetails.RecommendedAction };

    /// <summary>The beginning of a prompt, on one line and quoted.</summary>
    public static string Quote(string? prompt)
    {
        string line = string.Join(' ', DisplayText.Line(prompt).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return $"'{Truncation.End(line, LongestPrompt)}'";
    }

    private static ErrorRecord Make(Exception exception, string id, ErrorCategory category, object? target, string message, string? action)
    {
        ErrorRecord record = new(exception, id, category, target);
        string said = action is null || s_actionIsShown ? message : $"{message}{(message.EndsWith('.') ? "" : ".")} {action}";
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
        ChuiziErrorKind.RateLimited or ChuiziErrorKind.CostLimitReached or ChuiziErrorKind.BudgetReached => ErrorCategory.LimitsExceeded,
        ChuiziErrorKind.AccessDenied or ChuiziErrorKind.ModelNotAllowed => ErrorCategory.PermissionDenied,
        ChuiziErrorKind.ModelNotFound or ChuiziErrorKind.VideoNotFound or ChuiziErrorKind.LedgerNotFound => ErrorCategory.ObjectNotFound,
        ChuiziErrorKind.RequestRejected => ErrorCategory.InvalidArgument,
        ChuiziErrorKind.ServerError or ChuiziErrorKind.DownloadFailed or ChuiziErrorKind.PublishFailed =>
            ErrorCategory.ResourceUnavailable,
        ChuiziErrorKind.Unreachable => ErrorCategory.ConnectionError,
        ChuiziErrorKind.RequestTimeout or ChuiziErrorKind.WaitTimeout or ChuiziErrorKind.DeadlineReached => ErrorCategory.OperationTimeout,
        ChuiziErrorKind.MalformedReply or ChuiziErrorKind.UnexpectedRedirect => ErrorCategory.ProtocolError,
        ChuiziErrorKind.SubmissionOutcomeUnknown => ErrorCategory.InvalidResult,
        ChuiziErrorKind.SubmissionElsewhere => ErrorCategory.ResourceBusy,
        ChuiziErrorKind.UnknownPrice => ErrorCategory.InvalidArgument,
        ChuiziErrorKind.LedgerUnavailable or ChuiziErrorKind.BudgetUnavailable => ErrorCategory.WriteError,
        ChuiziErrorKind.InvalidSetting => ErrorCategory.InvalidArgument,
        ChuiziErrorKind.InvalidLedger or ChuiziErrorKind.LedgerVersion => ErrorCategory.InvalidData,
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
            "Run Connect-ChuiziVideo, or set the environment variable CHUIZI_API_KEY (ignored while a sandbox is running in this process). "
            + "To work offline, run Start-ChuiziVideoSandbox.",
        ChuiziErrorKind.InvalidApiKey => "Check the key ('ck-' followed by 32 letters or digits), then run Connect-ChuiziVideo again.",
        ChuiziErrorKind.InsufficientBalance => "Add funds to the account. Get-ChuiziVideoAccount shows the balance.",
        ChuiziErrorKind.DailyLimitExceeded => "Continue tomorrow, or raise the daily limit of the key. Get-ChuiziVideoAccount shows it.",
        ChuiziErrorKind.ModelNotAllowed => "Use a model that the key is allowed to use. Get-ChuiziVideoAccount lists them.",
        ChuiziErrorKind.ModelNotFound => "Get-ChuiziVideoModel lists the models.",
        ChuiziErrorKind.VideoNotFound => "Check the id, and that you use the API key or the ledger that it was submitted with.",
        ChuiziErrorKind.RateLimited => "Try again in a minute, or use a lower -ThrottleLimit.",
        ChuiziErrorKind.Unreachable or ChuiziErrorKind.RequestTimeout => "Check the network and the base address, then try again.",
        ChuiziErrorKind.SubmissionOutcomeUnknown =>
            "The API may have accepted and billed it. Check the account, or contact support with the request id. "
            + "If nothing was billed, submit it again; with -Ledger, use -Resubmit.",
        ChuiziErrorKind.SubmissionElsewhere => "Run the command again, which submits what is not submitted.",
        ChuiziErrorKind.CostLimitReached => "Raise the limit. With the same -Ledger, only the remaining rows are submitted.",
        ChuiziErrorKind.BudgetReached =>
            "Raise CHUIZI_MONTHLY_BUDGET, or run the command again next month. With the same -Ledger, only the remaining rows are "
            + "submitted.",
        ChuiziErrorKind.BudgetUnavailable =>
            "Check that the state folder exists and can be read and written, or remove the environment variable CHUIZI_MONTHLY_BUDGET.",
        ChuiziErrorKind.DeadlineReached => "Run the command again. With the same -Ledger, only the remaining rows are submitted.",
        ChuiziErrorKind.UnknownPrice => "Specify -EstimatedCost, or a column EstimatedCost, in USD per video.",
        ChuiziErrorKind.LedgerNotFound => "Check the path. New-ChuiziVideo -Ledger creates the file with the first submission.",
        ChuiziErrorKind.LedgerUnavailable =>
            "Check that the ledger can be read and written (for a file, its folder; for a URL, its signature or -LedgerCredential), or use "
            + "another -Ledger. "
            + "The environment variable CHUIZI_LEDGER moves the default ledger or turns it off.",
        ChuiziErrorKind.LedgerVersion =>
            "Use a new file for -Ledger. Get-ChuiziVideo -Ledger still lists the videos of the old one, and they can still be saved.",
        ChuiziErrorKind.InvalidLedger => "Use the path of a ledger, or of a file that does not exist yet.",
        ChuiziErrorKind.WaitTimeout => $"To continue waiting, run: Wait-ChuiziVideo -Id {id}",
        ChuiziErrorKind.DownloadFailed or ChuiziErrorKind.DownloadIncomplete or ChuiziErrorKind.NotAVideo =>
            $"The video is still available. To save it, run: Save-ChuiziVideo -Id {id}",
        ChuiziErrorKind.CannotWrite =>
            "Check that the folder can be written and that no other process writes the same file, or use another folder.",
        ChuiziErrorKind.AccessDenied => "Check the restrictions of the API key, such as its allowed network addresses.",
        ChuiziErrorKind.ServerError => "Try again later.",
        ChuiziErrorKind.MalformedReply or ChuiziErrorKind.UnexpectedRedirect => "Check the base address, or contact support.",
        ChuiziErrorKind.PublishFailed => "Correct the script block or the storage, then run the command again.",
        ChuiziErrorKind.GenerationFailed =>
            "Change the prompt or the model. To submit a failed row of a ledger again, use -RetryFailed.",
        ChuiziErrorKind.DiskFull => "Free some space or use another folder, then run the command again. The videos are still available.",
        _ => null,
    };
}
