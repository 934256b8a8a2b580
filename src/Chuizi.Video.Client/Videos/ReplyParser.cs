using System.Globalization;
using System.Text;
using System.Text.Json;
using Chuizi.Video.Client.Http;

namespace Chuizi.Video.Client.Videos;

/// <summary>
/// Reads the answers of the video endpoints: every shape of the API contract, layers 1 and 2. Only <c>id</c> is required of a
/// submit reply; what is missing, null or of another type counts as not said.
/// </summary>
internal static class ReplyParser
{
    /// <summary>The reply to a submission.</summary>
    /// <exception cref="ChuiziException">MalformedReply: no JSON object, or no id in it.</exception>
    public static VideoState ReadSubmitted(ApiReply reply)
    {
        using JsonDocument document = Json.ParseObject(reply);
        // A paid job's id is looked for in the wrapper's `data` too.
        string? id = Json.Text(document.RootElement, "id") ?? (Json.Object(document.RootElement, "data") is { } data ? Json.Text(data, "id") : null);
        if (string.IsNullOrWhiteSpace(id))
        {
            throw Json.Malformed(reply, "has no id");
        }

        return Read(document.RootElement, id, reply, submitted: true);
    }

    /// <summary>The reply to a poll of <paramref name="id"/>.</summary>
    /// <exception cref="ChuiziException">MalformedReply: no JSON object.</exception>
    public static VideoState ReadState(ApiReply reply, string id)
    {
        using JsonDocument document = Json.ParseObject(reply);
        return Read(document.RootElement, id, reply, submitted: false);
    }

    private static VideoState Read(JsonElement body, string id, ApiReply reply, bool submitted)
    {
        // Some pages wrap the record in `data` (layer 2).
        JsonElement root = Json.Find(body, "status") is null && Json.Object(body, "data") is { } data ? data : body;
        VideoError? error = ReadError(root);
        Uri? url = ReadAddress(root);
        string? word = Json.Text(root, "status");
        string? unfamiliar = null;
        string status = word is not null ? VideoStatus.FromWire(word, out unfamiliar)
            : submitted ? VideoStatus.Processing
            : error is not null ? VideoStatus.Failed
            : url is not null ? VideoStatus.Succeeded
            : VideoStatus.FromWire(null, out unfamiliar);
        return new VideoState
        {
            Id = id,
            Status = status,
            UnfamiliarStatus = unfamiliar,
            Model = Json.Text(root, "model"),
            Url = url,
            Cost = Json.Money(root, "cost"),
            Latency = Json.Money(root, "latency_ms") is >= 0 and < 1e12m and { } ms ? TimeSpan.FromMilliseconds((double)ms) : null,
            Created = ReadTime(root),
            Error = status == VideoStatus.Failed ? error ?? new VideoError { Message = "The API gives no reason." } : null,
            RequestId = reply.RequestId,
            RawBody = Encoding.UTF8.GetString(reply.Body.Span),
        };
    }

    private static Uri? ReadAddress(JsonElement root) =>
        ReadAddress(root, "video_url") ?? ReadAddress(root, "url")
        ?? (Json.Object(root, "output") is { } output ? ReadAddress(output, "video_url") ?? ReadAddress(output, "url") : null);

    private static Uri? ReadAddress(JsonElement parent, string name) =>
        Uri.TryCreate(Json.Text(parent, name), UriKind.Absolute, out Uri? url) && url.Scheme is "https" or "http" ? url : null;

    private static VideoError? ReadError(JsonElement root)
    {
        if (Json.Text(root, "error") is { Length: > 0 } message)
        {
            return new VideoError { Message = message };
        }

        return Json.Object(root, "error") is not { } error ? null : new VideoError
        {
            Message = Json.Text(error, "message"),
            Type = Json.Text(error, "type"),
            Code = Json.Text(error, "code"),
        };
    }

    private static DateTime? ReadTime(JsonElement root)
    {
        // Unix seconds up to the year 9999; an ISO text where a page writes one.
        if (Json.Money(root, "created") is >= 0 and < 253402300800m and { } seconds)
        {
            return DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000)).UtcDateTime;
        }

        return DateTimeOffset.TryParse(Json.Text(root, "created"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time.UtcDateTime : null;
    }
}
