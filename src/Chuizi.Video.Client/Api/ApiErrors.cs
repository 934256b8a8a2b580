using System.Text.Json;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Api;

/// <summary>Converts the API's error responses to typed exceptions (codes: API contract, layer 2).</summary>
internal static class ApiErrors
{
    private const int LongestExcerpt = 500;

    /// <summary>Long enough for any id.</summary>
    private const int LongestLocation = VideoId.Longest + 200;

    /// <summary>
    /// The error that the body states, in any form that <see cref="ReplyParser.ReadError"/> reads; null if it states none, as in a
    /// proxy's HTML page.
    /// </summary>
    public static VideoError? ReadError(ApiReply reply)
    {
        using JsonDocument? document = ReplyParser.TryParse(reply, out _);
        return document is null ? null : ReplyParser.ReadError(document.RootElement);
    }

    /// <summary>
    /// Whether the gateway states that it did not accept the request, and may accept it later: 429, except about a quota, or 503 in its own
    /// envelope. Any other 503, such as one from a proxy, leaves that open. So does a response that names a job.
    /// </summary>
    public static bool IsRepeatable(ApiReply reply) =>
        ((reply.Status == 429 && !IsQuotaRefusal(reply)) || (reply.Status == 503 && IsUnavailableGateway(reply))) && !NamesJob(reply);

    /// <summary>
    /// Whether a response has an id that may be the one of a job: any but the one of the request, at any depth. A second object in the body
    /// may have one.
    /// </summary>
    public static bool NamesJob(ApiReply reply)
    {
        using JsonDocument? document = ReplyParser.TryParse(reply, out _);
        ReadOnlySpan<byte> body = Json.Payload(reply.Body).Span;
        return ReplyParser.ReadIds(reply).Any(id => id != reply.RequestId)
            || (LengthOfValue(body) is { } length && body[length..].Contains((byte)'{'))
            || (document is not null && HasJobId(document.RootElement, reply.RequestId));
    }

    private static bool HasJobId(JsonElement value, string requestId)
    {
        return value.ValueKind switch
        {
            JsonValueKind.Object => value.EnumerateObject().Any(field => IsJobId(field) || HasJobId(field.Value, requestId)),
            JsonValueKind.Array => value.EnumerateArray().Any(item => HasJobId(item, requestId)),
            _ => false,
        };

        bool IsJobId(JsonProperty field) =>
            Json.NameOf(field)?.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant()
                is "id" or "taskid" or "jobid" or "videoid" or "generationid"
            && Json.Text(field.Value) is { Length: > 0 } id && id != requestId;
    }

    /// <summary>
    /// Whether the whole body is the envelope <c>{"error":{message,type,code}}</c> with the code <c>provider_unavailable</c> or <c>503</c>,
    /// a string (API contract, layer 2). An error in another form may be from a proxy or a provider, and what else there is may be about a
    /// job that was started.
    /// </summary>
    private static bool IsUnavailableGateway(ApiReply reply)
    {
        using JsonDocument? document = ReplyParser.TryParse(reply, out _);
        return document is not null
            && IsWhole(reply)
            && HasOnly(document.RootElement, "error", "request_id", "trace_id")
            && Json.Object(document.RootElement, "error") is { } error
            && HasOnly(error, "message", "type", "code", "param", "request_id", "trace_id")
            && Json.Find(error, "message") is { ValueKind: JsonValueKind.String }
            && Json.Find(error, "code") is { ValueKind: JsonValueKind.String }
            && Json.Exact(error, "code") is "provider_unavailable" or "503";
    }

    /// <summary>Whether the body has nothing before or after its JSON but white space and a byte order mark.</summary>
    private static bool IsWhole(ApiReply reply)
    {
        ReadOnlySpan<byte> body = reply.Body.Span;
        body = (body.StartsWith("\uFEFF"u8) ? body[3..] : body).TrimEnd(" \t\r\n"u8);
        return LengthOfValue(body) == body.Length;
    }

    /// <summary>The length of the JSON value with which a text begins; null if it begins with none.</summary>
    private static int? LengthOfValue(ReadOnlySpan<byte> text)
    {
        try
        {
            Utf8JsonReader reader = new(text);
            return reader.Read() && reader.TrySkip() ? (int)reader.BytesConsumed : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// Whether an object has no other fields than these, and nothing in them but in the error. A field that is null does not count.
    /// </summary>
    private static bool HasOnly(JsonElement value, params string[] names) =>
        value.ValueKind == JsonValueKind.Object && value.EnumerateObject().All(field =>
            field.Value.ValueKind == JsonValueKind.Null
            || (Json.NameOf(field) is { } name && names.Contains(name)
                && (name == "error" || field.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))));

    /// <summary>
    /// The refusal that a 2xx response without an id states; null if it leaves open whether the submission was accepted. Only the names
    /// of 4xx errors (API contract, layer 2) are a refusal: a number or another name may be about something else, and an id in an unusual
    /// place may be the one of the job.
    /// </summary>
    public static ChuiziException? RefusalOf(ApiReply reply, VideoError? error)
    {
        string? name = error?.Code is { } code && code.Any(char.IsLetter) ? code : error?.Type;
        return StatusOf(name) is { } status && !NamesJob(reply) ? From(reply, null, status) : null;
    }

    /// <summary>The name of a 4xx error (API contract, layer 2), from the code or, if that is none, the type.</summary>
    private static string? NameOf(VideoError? error) =>
        new[] { error?.Code, error?.Type }
            .Select(name => name?.Trim().ToLowerInvariant())
            .FirstOrDefault(name => StatusOf(name) is not null);

    private static int? StatusOf(string? name) => name?.Trim().ToLowerInvariant() switch
    {
        "validation_error" => 400,
        "invalid_api_key" => 401,
        "insufficient_balance" => 402,
        "model_not_allowed" or "ip_not_allowed" or "daily_limit_exceeded" => 403,
        "model_not_found" or "generation_not_found" => 404,
        "rate_limit_exceeded" => 429,
        _ => null,
    };

    /// <summary>The exception for a response that is not a success.</summary>
    /// <param name="reply">The response.</param>
    /// <param name="videoId">The requested video, which a 404 is then about.</param>
    /// <param name="meaning">The status that the response means; null for its own.</param>
    public static ChuiziException From(ApiReply reply, string? videoId = null, int? meaning = null)
    {
        VideoError? error = ReadError(reply);
        ChuiziErrorKind kind = KindOf(meaning ?? reply.Status, error, videoId);
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

    private static ChuiziErrorKind KindOf(int status, VideoError? error, string? videoId) => (status, NameOf(error)) switch
    {
        // The page of a proxy says nothing about the account or the job, and may be gone at the next attempt.
        (401 or 403 or 404, _) when error is null && videoId is not null => ChuiziErrorKind.ServerError,
        (>= 300 and < 400, _) => ChuiziErrorKind.UnexpectedRedirect,
        (401, _) => ChuiziErrorKind.InvalidApiKey,
        (402, _) => ChuiziErrorKind.InsufficientBalance,
        (403, "model_not_allowed") => ChuiziErrorKind.ModelNotAllowed,
        (403, "daily_limit_exceeded") => ChuiziErrorKind.DailyLimitExceeded,
        (403, _) => ChuiziErrorKind.AccessDenied,
        (404, "model_not_found") => ChuiziErrorKind.ModelNotFound,
        (404, _) when videoId is not null => ChuiziErrorKind.VideoNotFound,
        (408, _) => ChuiziErrorKind.RequestTimeout,
        (429, "daily_limit_exceeded") => ChuiziErrorKind.DailyLimitExceeded,
        (429, _) when IsQuota(error) => ChuiziErrorKind.InsufficientBalance,
        (429, _) => ChuiziErrorKind.RateLimited,
        ( >= 500, _) => ChuiziErrorKind.ServerError,
        (>= 400, _) => ChuiziErrorKind.RequestRejected,
        _ => ChuiziErrorKind.MalformedReply,
    };

    /// <summary>Whether a response is a 429 about a quota or a balance, which waiting does not restore.</summary>
    public static bool IsQuotaRefusal(ApiReply reply) => reply.Status == 429 && IsQuota(ReadError(reply));

    private static bool IsQuota(VideoError? error) => new[] { error?.Code, error?.Type }.Any(name => name?.Trim().ToLowerInvariant()
        is "insufficient_quota" or "quota_exceeded" or "insufficient_balance" or "insufficient_credits" or "insufficient_funds"
            or "billing_hard_limit_reached" or "daily_limit_exceeded" or "balance_not_enough" or "account_balance_not_enough"
            or "arrearage");

    private static string Describe(ChuiziErrorKind kind, int status, string? videoId, string said) =>
        kind switch
        {
            ChuiziErrorKind.UnexpectedRedirect =>
                $"The API responded with a redirect (HTTP {status}), which is not followed, because the API key must not be sent to "
                    + "another address.",
            ChuiziErrorKind.VideoNotFound => $"Video not found: '{videoId}'. The API responded with HTTP {status}: {said}",
            _ => $"The API responded with HTTP {status}: {said}",
        };

    /// <summary>
    /// A message about a submission whose outcome is unknown, with what else is in its response: that may name the job in a way that is not
    /// known here.
    /// </summary>
    public static string WithAnswer(string message, ApiReply reply)
    {
        using JsonDocument? document = ReplyParser.TryParse(reply, out _);
        bool hasMore = document is not null
            ? !(IsWhole(reply) && IsOnlyError(document.RootElement))
            : Json.Payload(reply.Body).Span is [(byte)'{' or (byte)'[', ..];
        string body = hasMore && Excerpt(reply) is var excerpt && !message.Contains(excerpt, StringComparison.Ordinal)
            ? $"; response: {excerpt}"
            : "";
        string location = reply.ShownLocation is { } target
            ? $"; location: '{TerminalText.OneLine(Truncation.End(target, LongestLocation))}'"
            : "";
        return body.Length + location.Length == 0 ? message : message.TrimEnd('.') + body + location;
    }

    /// <summary>Whether JSON has nothing that the message of an error does not say.</summary>
    private static bool IsOnlyError(JsonElement root) =>
        HasOnly(root, "error") && (Json.Find(root, "error") is { ValueKind: JsonValueKind.String }
            || (Json.Object(root, "error") is { } error && HasOnly(error, "message", "type", "code")));

    /// <summary>The start of a body, on one line, for a message.</summary>
    public static string Excerpt(ApiReply reply)
    {
        string plain = TerminalText.OfBody(reply.Body.Span, LongestExcerpt);
        return plain.Length == 0 ? "(empty response body)" : $"{plain} ({reply.ContentType ?? "no content type"})";
    }
}
