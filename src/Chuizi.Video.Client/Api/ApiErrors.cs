using System.Text;
using System.Text.Json;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Api;

/// <summary>Converts the API's error responses to typed exceptions (codes: API contract, layer 2).</summary>
internal static class ApiErrors
{
    private const int LongestExcerpt = 200;

    /// <summary>
    /// The envelope <c>{"error":{message,type,code}}</c>; null if the body is something else, such as a proxy's HTML page.
    /// </summary>
    public static VideoError? ReadEnvelope(ApiReply reply)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(Json.WithoutMark(reply.Body));
            return ReplyParser.ReadError(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// Whether the gateway states that it did not accept the request: 429, or 503 in its own envelope with the code
    /// <c>provider_unavailable</c> or <c>503</c>. Any other 503, such as one from a proxy, leaves that open.
    /// </summary>
    public static bool IsRepeatable(ApiReply reply) =>
        reply.Status == 429 || (reply.Status == 503 && ReadEnvelope(reply) is { Code: "provider_unavailable" or "503" });

    /// <summary>The exception for a response that is not a success.</summary>
    /// <param name="reply">The response.</param>
    /// <param name="videoId">The requested video, which a 404 is then about.</param>
    public static ChuiziException From(ApiReply reply, string? videoId = null)
    {
        VideoError? error = ReadEnvelope(reply);
        ChuiziErrorKind kind = KindOf(reply.Status, error?.Code, videoId);
        string said = error?.Message is { Length: > 0 } message ? Truncation.Middle(message) : Excerpt(reply);
        return new ChuiziException(kind, SecretRedactor.Mask(Describe(kind, reply.Status, videoId, said)))
        {
            Status = reply.Status,
            Code = error?.Code,
            Type = error?.Type,
            RequestId = reply.RequestId,
            VideoId = videoId,
        };
    }

    private static ChuiziErrorKind KindOf(int status, string? code, string? videoId) => (status, code) switch
    {
        (>= 300 and < 400, _) => ChuiziErrorKind.UnexpectedRedirect,
        (401, _) => ChuiziErrorKind.InvalidApiKey,
        (402, _) => ChuiziErrorKind.InsufficientBalance,
        (403, "model_not_allowed") => ChuiziErrorKind.ModelNotAllowed,
        (403, "daily_limit_exceeded") => ChuiziErrorKind.DailyLimitExceeded,
        (403, _) => ChuiziErrorKind.AccessDenied,
        (404, "model_not_found") => ChuiziErrorKind.ModelNotFound,
        (404, _) when videoId is not null => ChuiziErrorKind.VideoNotFound,
        (408, _) => ChuiziErrorKind.RequestTimeout,
        (429, _) => ChuiziErrorKind.RateLimited,
        ( >= 500, _) => ChuiziErrorKind.ServerError,
        (>= 400, _) => ChuiziErrorKind.RequestRejected,
        _ => ChuiziErrorKind.MalformedReply,
    };

    private static string Describe(ChuiziErrorKind kind, int status, string? videoId, string said) =>
        kind switch
        {
            ChuiziErrorKind.UnexpectedRedirect =>
                $"The API responded with a redirect (HTTP {status}), which is not followed, because the API key must not be sent to "
                    + "another address.",
            ChuiziErrorKind.VideoNotFound => $"Video not found: '{videoId}'. The API responded with HTTP {status}: {said}",
            _ => $"The API responded with HTTP {status}: {said}",
        };

    private static string Excerpt(ApiReply reply)
    {
        string text = Encoding.UTF8.GetString(reply.Body.Span[..Math.Min(reply.Body.Length, LongestExcerpt)]).Trim();
        string plain = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return plain.Length == 0 ? "(empty response body)" : $"{plain} ({reply.ContentType ?? "no content type"})";
    }
}
