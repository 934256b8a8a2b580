using System.Globalization;
using System.Text;
using System.Text.Json;
using Chuizi.Video.Client.Models;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Api;

/// <summary>
/// Reads the answers of the API: every shape of the API contract, layers 1 and 2. Only <c>id</c> is required of a
/// submit reply; what is missing, null or of another type counts as not said.
/// </summary>
internal static class ReplyParser
{
    /// <summary>The reply to a submission. Of one that breaks off or is malformed, an id that stands whole in it is enough.</summary>
    /// <exception cref="ChuiziException">MalformedReply: no JSON object, or no id in it.</exception>
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
            // A paid job's id is looked for in the wrapper's `data` too.
            string? id =
                Json.Exact(document.RootElement, "id")
                ?? (Json.Object(document.RootElement, "data") is { } data ? Json.Exact(data, "id") : null);
            // Of a field that comes twice the last counts; where that is none, one before may be.
            id = VideoId.IsValid(id) ? id : FindId(Json.WithoutMark(reply.Body).Span);
            return id is null ? throw Malformed(reply, "has no id") : Read(document.RootElement, id, reply, submitted: true);
        }
    }

    /// <summary>The field <c>id</c> of the outer object or of its <c>data</c>, as far as the JSON goes, however deep it is.</summary>
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
            // No JSON from here on.
        }

        return null;

        static string? IdOf(Utf8JsonReader reader) => reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => Encoding.ASCII.GetString(reader.ValueSpan),
            _ => null,
        };
    }

    /// <summary>The reply to a poll of <paramref name="id"/>.</summary>
    /// <exception cref="ChuiziException">MalformedReply: no JSON object.</exception>
    public static VideoState ReadState(ApiReply reply, string id)
    {
        using JsonDocument document = ParseObject(reply);
        return Read(document.RootElement, id, reply, submitted: false);
    }

    /// <summary>The reply to <c>GET /v1/models</c>.</summary>
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

    /// <summary>The reply to <c>GET /v1/key/info</c>, flat or wrapped in <c>data</c>.</summary>
    /// <exception cref="ChuiziException">MalformedReply: no JSON object.</exception>
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

    /// <summary>
    /// The field <c>error</c>, an object or a text (API contract, layers 1 and 2), without any key that a server repeats.
    /// </summary>
    public static VideoError? ReadError(JsonElement parent)
    {
        if (Json.Object(parent, "error") is { } error)
        {
            return new VideoError { Message = Masked(error, "message"), Type = Masked(error, "type"), Code = Masked(error, "code") };
        }

        return Masked(parent, "error") is { Length: > 0 } message ? new VideoError { Message = message } : null;

        static string? Masked(JsonElement from, string name) => Json.Text(from, name) is { } text ? SecretRedactor.Mask(text) : null;
    }

    /// <summary>An answer that is not what the contract says.</summary>
    public static ChuiziException Malformed(ApiReply reply, string what, Exception? inner = null)
    {
        string type = reply.ContentType is { Length: > 0 } named ? $" ({named})" : "";
        return new ChuiziException(ChuiziErrorKind.MalformedReply, $"The API's answer{type} {what}.", inner)
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
            // The pages leave open what the one price of a second or a request is called.
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
            Cost = Json.Amount(root, "cost"),
            Latency = Json.Money(root, "latency_ms") is >= 0 and < 1e12m and { } ms ? TimeSpan.FromMilliseconds((double)ms) : null,
            Created = ReadTime(root),
            Error = status == VideoStatus.Failed ? error ?? new VideoError { Message = "The API gives no reason." } : null,
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
        // Unix seconds up to the year 9999; an ISO text where a page writes one.
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
