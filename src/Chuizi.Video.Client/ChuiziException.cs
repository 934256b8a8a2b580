using Chuizi.Video.Client.Text;

namespace Chuizi.Video;

/// <summary>
/// Any failure of the client, with the API's details. The message contains no secrets, and no control characters but tabs and line ends.
/// </summary>
public sealed class ChuiziException : Exception
{
    /// <summary>Creates a failure of a kind.</summary>
    public ChuiziException(ChuiziErrorKind kind, string message, Exception? innerException = null)
        : base(TerminalText.WithoutControls(SecretRedactor.Mask(message)), WithoutSecrets(innerException)) => Kind = kind;

    /// <summary>The cause; a copy of its message if it contains a secret, because users see the causes of an error too.</summary>
    private static Exception? WithoutSecrets(Exception? cause)
    {
        string? text = cause?.ToString();
        return text is null || SecretRedactor.Mask(text) == text
            ? cause
            : new InvalidOperationException(SecretRedactor.Mask(cause!.Message));
    }

    /// <summary>What went wrong.</summary>
    public ChuiziErrorKind Kind { get; }

    /// <summary>The HTTP status, if there was a response.</summary>
    public int? Status { get; init; }

    /// <summary>The API's error code.</summary>
    public string? Code { get; init; }

    /// <summary>The API's error type.</summary>
    public string? Type { get; init; }

    /// <summary>The <c>X-Request-Id</c>, which support asks for.</summary>
    public string? RequestId { get; init; }

    /// <summary>The id of the video that the failure is about.</summary>
    public string? VideoId { get; init; }

    /// <summary>
    /// Whether the failure affects every request of the run, because it concerns the key, the account or the base address. Such a failure
    /// ends the run (API contract, layer 2: 401, 402, 403 except <c>model_not_allowed</c>, and 429 about a quota or the daily limit).
    /// </summary>
    public bool EndsTheRun => Kind is ChuiziErrorKind.NotConnected or ChuiziErrorKind.InvalidBaseAddress or ChuiziErrorKind.InvalidApiKey
        or ChuiziErrorKind.InsufficientBalance or ChuiziErrorKind.AccessDenied or ChuiziErrorKind.DailyLimitExceeded;

    /// <summary>Whether a later attempt may succeed.</summary>
    public bool IsTransient => Kind is ChuiziErrorKind.RateLimited or ChuiziErrorKind.ServerError or ChuiziErrorKind.Unreachable
        or ChuiziErrorKind.RequestTimeout or ChuiziErrorKind.MalformedReply or ChuiziErrorKind.UnexpectedRedirect;
}
