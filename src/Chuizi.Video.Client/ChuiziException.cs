using Chuizi.Video.Client.Text;

namespace Chuizi.Video;

/// <summary>
/// Any failure of the client, with what the API said of it. Its text holds neither the key nor what would steer a terminal.
/// </summary>
public sealed class ChuiziException : Exception
{
    /// <summary>A failure of that kind.</summary>
    public ChuiziException(ChuiziErrorKind kind, string message, Exception? innerException = null)
        : base(TerminalText.WithoutControls(SecretRedactor.Mask(message)), innerException) => Kind = kind;

    /// <summary>What went wrong.</summary>
    public ChuiziErrorKind Kind { get; }

    /// <summary>The HTTP status, where there was an answer.</summary>
    public int? Status { get; init; }

    /// <summary>The API's error code.</summary>
    public string? Code { get; init; }

    /// <summary>The API's error type.</summary>
    public string? Type { get; init; }

    /// <summary>The <c>X-Request-Id</c>, which is what support asks for.</summary>
    public string? RequestId { get; init; }

    /// <summary>The video it is about.</summary>
    public string? VideoId { get; init; }

    /// <summary>
    /// Whether it concerns the account or the address and so every request of the run: no key, a wrong key, no balance,
    /// an address refused. Such a failure ends a run (API contract, layer 2: 401, 402, 403 but for <c>model_not_allowed</c>).
    /// </summary>
    public bool EndsTheRun => Kind is ChuiziErrorKind.NotConnected or ChuiziErrorKind.InvalidBaseAddress or ChuiziErrorKind.InvalidApiKey
        or ChuiziErrorKind.InsufficientBalance or ChuiziErrorKind.AccessDenied or ChuiziErrorKind.DailyLimitExceeded;

    /// <summary>Whether asking again later may succeed.</summary>
    public bool IsTransient => Kind is ChuiziErrorKind.RateLimited or ChuiziErrorKind.ServerError or ChuiziErrorKind.Unreachable
        or ChuiziErrorKind.RequestTimeout or ChuiziErrorKind.MalformedReply or ChuiziErrorKind.UnexpectedRedirect;
}
