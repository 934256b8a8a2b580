using System.Globalization;
using System.Text;
using System.Text.Json;
using Chuizi.Video.Client.Models;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Api;

/// <summary>
/// Reads the API's responses in every form of the API contract, layers 1 and 2. Only the <c>id</c> of a submission response is required;
/// anything that is missing, null or of another type counts as absent.
/// </summary>
internal static class ReplyParser
{
    /// <summary>Reads the response to a submission. If it is truncated or malformed, a complete id in it is enough.</summary>
    /// <exception cref="ChuiziException">MalformedReply: not a JSON object, or no id.</exception>
    public static VideoState ReadSubmitted(ApiReply reply)
    {
        JsonDocument document;
        try
        {
            document = ParseObject(reply);
        }
        catch (ChuiziException) when (FindId(Json.WithoutMark(reply.Body).Span) is { } found)
        {
            return new VideoState
            {
                Id = found,
                Status = VideoStatus.Processing,
                RequestId = reply.RequestId,
            };
        }

        using (document)
        {
            // The response may be wrapped in `data`; do not miss the id of a billed job.
            string? id =
                Json.Exact(document.RootElement, "id")
                ?? (Json.Object(document.RootElement, "data") is { } data ? Json.Exact(data, "id") : null);
            // Of duplicate fields the parser returns the last. If that is not a valid id, an earlier one may be.
            id = VideoId.IsValid(id) ? id : FindId(Json.WithoutMark(reply.Body).Span);
            return id is null ? throw Malformed(reply, "has no id") : Read(document.RootElement, id, reply, submitted: true);
        }
    }

    /// <summary>The field <c>id</c> of the outer object or of its <c>data</c>, as far as the JSON is valid, at any nesting depth.</summary>
    private static string? FindId(ReadOnlySpan<byte> body)
    {
        Utf8JsonReader reader = new(
            body,
            isFinalBlock: false,
            new JsonReaderState(new JsonReaderOptions { MaxDepth = ApiTransport.LongestBody }));
        bool isInData = false;
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                {
                    continue;
                }

                if (reader.CurrentDepth == 1)
                {
                    isInData = reader.ValueTextEquals("data"u8);
                }

                if ((reader.CurrentDepth == 1 || (reader.CurrentDepth == 2 && isInData)) && reader.ValueTextEquals("id"u8) && reader.Read()
                    && IdOf(reader) is { } id && VideoId.IsValid(id))
                {
                    return id;
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The JSON is invalid from here on.
        }

        return null;

        static string? IdOf(Utf8JsonReader reader) => reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => Encoding.ASCII.GetString(reader.ValueSpan),
            _ => null,
        };
    }

    /// <summary>Reads the response to a poll of <paramref name="id"/>.</summary>
    /// <exception cref="ChuiziException">MalformedReply: not a JSON object.</exception>
    public static VideoState ReadState(ApiReply reply, string id)
    {
        using JsonDocument document = ParseObject(reply);
        return Read(document.RootElement, id, reply, submitted: false);
    }

    /// <summary>Reads the response to <c>GET /v1/models</c>.</summary>
    /// <exception cref="ChuiziException">MalformedReply: no list of models.</exception>
    public static IReadOnlyList<ListedModel> ReadModels(ApiReply reply)
    {
        using JsonDocument document = ParseObject(reply);
        if (Json.Find(document.RootElement, "data") is not { ValueKind: JsonValueKind.Array } data)
        {
            throw Malformed(reply, "has no list of models");
        }

        return [.. data.EnumerateArray().Select(ReadModel).OfType<ListedModel>()];
    }

    /// <summary>Reads the response to <c>GET /v1/key/info</c>, plain or wrapped in <c>data</c>.</summary>
    /// <exception cref="ChuiziException">MalformedReply: not a JSON object.</exception>
    public static VideoAccount ReadAccount(ApiReply reply, Uri baseAddress)
    {
        using JsonDocument document = ParseObject(reply);
        JsonElement root = Json.Object(document.RootElement, "data") ?? document.RootElement;
        return new VideoAccount
        {
            BaseAddress = baseAddress,
            Balance = Json.Money(root, "balance"),
            RequestsPerMinute = Json.Whole(root, "rpm_limit"),
            DailyLimit = Json.Money(root, "daily_limit"),
            AllowedModels = Json.Texts(root, "allowed_models"),
        };
    }

    /// <summary>The field <c>error</c>, an object or a string (API contract, layers 1 and 2), with any echoed key masked.</summary>
    public static VideoError? ReadError(JsonElement parent)
    {
        if (Json.Object(parent, "error") is { } error)
        {
            return new VideoError { Message = Masked(error, "message"), Type = Masked(error, "type"), Code = Masked(error, "code") };
        }

        return Masked(parent, "error") is { Length: > 0 } message ? new VideoError { Message = message } : null;

        static string? Masked(JsonElement from, string name) => Json.Text(from, name) is { } text ? SecretRedactor.Mask(text) : null;
    }

    /// <summary>The exception for a response that does not match the API contract.</summary>
    public static ChuiziException Malformed(ApiReply reply, string what, Exception? inner = null)
    {
        string type = reply.ContentType is { Length: > 0 } named ? $" ({named})" : "";
        return new ChuiziException(ChuiziErrorKind.MalformedReply, $"The API's response{type} {what}.", inner)
        {
            Status = reply.Status,
            RequestId = reply.RequestId,
        };
    }

    private static ListedModel? ReadModel(JsonElement entry)
    {
        if (Json.Text(entry, "id") is not { Length: > 0 } name)
        {
            return null;
        }

        string? unit = null;
        decimal? price = null;
        if (Json.Object(entry, "pricing") is { } pricing)
        {
            unit = Json.Text(pricing, "unit");
            // The documentation does not say which field contains the single price of a second or a request.
            string[] names = ["price", unit ?? "", "per_" + unit, "output", "completion", "amount"];
            price = names.Select(field => Json.Amount(pricing, field)).FirstOrDefault(value => value is not null);
        }

        return new ListedModel(name, Json.Text(entry, "owned_by"), Json.Texts(entry, "aliases") ?? [], price, unit);
    }

    /// <exception cref="ChuiziException">MalformedReply: the body is not a JSON object.</exception>
    private static JsonDocument ParseObject(ApiReply reply)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(Json.WithoutMark(reply.Body));
        }
        catch (JsonException exception)
        {
            throw Malformed(reply, "is not JSON", exception);
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            return document;
        }

        document.Dispose();
        throw Malformed(reply, "is not a JSON object");
    }

    private static VideoState Read(JsonElement body, string id, ApiReply reply, bool submitted)
    {
        // The record may be wrapped in `data` (layer 2).
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
            Cost = Json.Amount(root, "cost"),
            Latency = Json.Money(root, "latency_ms") is >= 0 and < 1e12m and { } ms ? TimeSpan.FromMilliseconds((double)ms) : null,
            Created = ReadTime(root),
            Error = status == VideoStatus.Failed ? error ?? new VideoError { Message = "The API gave no reason." } : null,
            RequestId = reply.RequestId,
        };
    }

    private static Uri? ReadAddress(JsonElement root) =>
        ReadAddress(root, "video_url") ?? ReadAddress(root, "url")
        ?? (Json.Object(root, "output") is { } output ? ReadAddress(output, "video_url") ?? ReadAddress(output, "url") : null);

    private static Uri? ReadAddress(JsonElement parent, string name) =>
        Uri.TryCreate(Json.Exact(parent, name), UriKind.Absolute, out Uri? url) && url.Scheme is "https" or "http" ? url : null;

    private static DateTime? ReadTime(JsonElement root)
    {
        // Unix seconds up to the year 9999, or an ISO 8601 string as in some examples.
        if (Json.Money(root, "created") is >= 0 and < 253402300800m and { } seconds)
        {
            return DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000)).UtcDateTime;
        }

        return DateTimeOffset.TryParse(
            Json.Text(root, "created"),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out DateTimeOffset time)
            ? time.UtcDateTime
            : null;
    }
}
