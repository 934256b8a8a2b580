using System.Globalization;
using System.Text;
using System.Text.Json;
using Chuizi.Video.Client.Models;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Api;

/// <summary>
/// Reads the API's responses in every form of the API contract, layers 1 and 2. Anything that is missing, null or of another type counts as
/// absent. Required are only the <c>id</c> of a submission, a status or URL of a poll, and the list of models.
/// </summary>
internal static class ReplyParser
{
    /// <summary>Stands for a missing status.</summary>
    private const string NoStatus = "(none)";

    private static readonly string[] s_wrappers = ["data", "result", "output", "response", "generation", "video", "task"];
    private static readonly string[] s_errorFields =
        ["error", "errors", "failure_reason", "fail_reason", "failure_reasons", "error_message"];
    private static readonly string[] s_reasonFields =
        ["message", "reason", "detail", "details", "msg", "error_msg", "status_message", "description"];

    /// <summary>
    /// Reads the response to a submission. If it is truncated or malformed, a complete id in it is enough. Null if it has no id.
    /// </summary>
    public static VideoState? ReadSubmitted(ApiReply reply)
    {
        JsonDocument? document = TryParse(reply, out _);
        using (document)
        {
            JsonElement root = document?.RootElement ?? default;
            VideoError? error = ReadError(root);
            (string Id, string Source)? found = SubmittedIds(root, reply).Where(pair => VideoId.IsValid(pair.Id)).FirstOrDefault();
            if (found is not { Id: { } id, Source: { } source })
            {
                return null;
            }

            VideoState state = root.ValueKind == JsonValueKind.Object
                ? Read(root, id, reply, submitted: true)
                : new VideoState { Id = id, Status = VideoStatus.Processing, RequestId = reply.RequestId };
            // The id next to an error may be the id of the request or of the error.
            source = error is null ? source : $"{source}, next to an error";
            return source == "id" ? state : state with { IdSource = source };
        }
    }

    /// <summary>All texts in a response that <see cref="ReadSubmitted"/> could take for the id.</summary>
    public static IReadOnlyList<string> ReadIds(ApiReply reply)
    {
        using JsonDocument? document = TryParse(reply, out _);
        return [.. SubmittedIds(document?.RootElement ?? default, reply).Select(found => found.Id).Where(VideoId.IsValid)];
    }

    /// <summary>
    /// The texts that may be the id, most reliable first, each with its place (API contract, layers 1 and 2): <c>id</c>, also in
    /// <c>data</c>; then <c>task_id</c> and <c>x_chuizi.generation_id</c>; then the same one level down, in an object or in the first item
    /// of a list; then the address in <c>Location</c>.
    /// </summary>
    private static IEnumerable<(string Id, string Source)> SubmittedIds(JsonElement root, ApiReply reply)
    {
        ReadOnlyMemory<byte> text = Json.Payload(reply.Body);
        // Of duplicate fields the parser returns the last. If that is not a valid id, an earlier one may be.
        string? inner = Json.Object(root, "data") is { } data ? Json.Exact(data, "id") : null;
        foreach (string? id in (string?[])[Json.Exact(root, "id"), inner, FindId(text.Span, "id")])
        {
            if (id is not null)
            {
                yield return (id, "id");
            }
        }

        foreach ((JsonElement item, string place) in Wrapped(root).Prepend((root, "")))
        {
            foreach ((string? id, string name) in new[]
            {
                (place.Length > 0 ? Json.Exact(item, "id") : null, "id"),
                (Json.Exact(item, "task_id"), "task_id"),
                (Json.Object(item, "x_chuizi") is { } own ? Json.Exact(own, "generation_id") : null, "x_chuizi.generation_id"),
            })
            {
                if (id is not null)
                {
                    yield return (id, place + name);
                }
            }
        }

        if (FindId(text.Span, "task_id") is { } task)
        {
            yield return (task, "task_id");
        }

        if (reply.Location is { } location && LastSegment(location) is { } segment)
        {
            yield return (segment, "Location");
        }
    }

    /// <summary>The objects one level down that may be the record of a job.</summary>
    private static IEnumerable<(JsonElement Item, string Place)> Wrapped(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Array)
        {
            return root.EnumerateArray().Take(1).Select(item => (item, "[0]."));
        }

        return s_wrappers
            .Select(name => (Value: Json.Find(root, name), Place: name))
            .Where(wrapper => wrapper.Value is not null)
            .SelectMany(wrapper => wrapper.Value!.Value.ValueKind == JsonValueKind.Array
                ? wrapper.Value.Value.EnumerateArray().Take(1).Select(item => (item, $"{wrapper.Place}[0]."))
                : [(wrapper.Value.Value, $"{wrapper.Place}.")]);
    }

    /// <summary>The last segment of the address of a job, such as <c>/v1/videos/{id}</c>; null for any other address.</summary>
    private static string? LastSegment(Uri location)
    {
        string[] segments = location.OriginalString.Split('?', '#')[0].TrimEnd('/').Split('/');
        return segments is [.., "videos" or "generations", { Length: > 0 } last] && last is not ("generations" or "videos")
            ? Uri.UnescapeDataString(last)
            : null;
    }

    /// <summary>
    /// The first valid id in a field of the outer object or of its <c>data</c>, as far as the JSON is valid. Values before it may be nested
    /// to any depth.
    /// </summary>
    private static string? FindId(ReadOnlySpan<byte> body, string name)
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

                if ((reader.CurrentDepth == 1 || (reader.CurrentDepth == 2 && isInData)) && reader.ValueTextEquals(name) && reader.Read()
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
    /// <exception cref="ChuiziException">
    /// MalformedReply: not a JSON object, or neither a status nor a URL, which says nothing about a billed job. Such a poll is repeated.
    /// </exception>
    public static VideoState ReadState(ApiReply reply, string id)
    {
        using JsonDocument document = ParseObject(reply);
        VideoState state = Read(document.RootElement, id, reply, submitted: false);
        return state.UnfamiliarStatus is not NoStatus ? state : throw Malformed(reply, "has no status", ReadError(document.RootElement));
    }

    /// <summary>Reads the response to <c>GET /v1/models</c>.</summary>
    /// <exception cref="ChuiziException">MalformedReply: no list of models.</exception>
    public static IReadOnlyList<ListedModel> ReadModels(ApiReply reply)
    {
        using JsonDocument document = ParseObject(reply);
        if (Json.Find(document.RootElement, "data") is not { ValueKind: JsonValueKind.Array } data)
        {
            throw Malformed(reply, "has no list of models", ReadError(document.RootElement));
        }

        return [.. data.EnumerateArray().Select(ReadModel).OfType<ListedModel>()];
    }

    /// <summary>Reads the response to <c>GET /v1/key/info</c>, plain or wrapped in <c>data</c>.</summary>
    /// <exception cref="ChuiziException">MalformedReply: not a JSON object, or an error.</exception>
    public static VideoAccount ReadAccount(ApiReply reply, Uri baseAddress)
    {
        using JsonDocument document = ParseObject(reply);
        if (ReadErrorField(document.RootElement) is { } error)
        {
            throw Malformed(reply, "has no account", error);
        }

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
    /// The error in a response, with any echoed key masked; null if it has none. It is the field <c>error</c>, an object, a text or a list
    /// (API contract, layers 1 and 2); a <c>code</c> with a <c>message</c>; or a field such as <c>failure_reason</c>. A code that says
    /// success is not an error.
    /// </summary>
    public static VideoError? ReadError(JsonElement parent)
    {
        if (ReadErrorField(parent) is { } error)
        {
            return error;
        }

        return Json.Text(parent, "code") is { } code && !IsSuccessCode(code) && FirstText(parent, s_reasonFields) is { } message
            ? new VideoError { Message = message, Code = SecretRedactor.Mask(code), Type = Masked(parent, "type") }
            : null;
    }

    /// <summary>The error in a field that exists only for errors. A code with a message may also describe a job that is running.</summary>
    private static VideoError? ReadErrorField(JsonElement parent)
    {
        foreach (string name in s_errorFields)
        {
            if (Json.Find(parent, name) is { } value && OfValue(value) is { } error)
            {
                return error;
            }
        }

        return null;

        static VideoError? OfValue(JsonElement value)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.Array:
                    VideoError[] all = [.. value.EnumerateArray().Take(10).Select(OfValue).OfType<VideoError>()];
                    string[] messages = [.. all.Select(error => error.Message).OfType<string>()];
                    return all.Length == 0 ? null : new VideoError
                    {
                        Message = messages.Length == 0 ? null : string.Join("; ", messages),
                        Code = all[0].Code,
                        Type = all[0].Type,
                    };
                case JsonValueKind.Object:
                    VideoError read = new()
                    {
                        Message = FirstText(value, s_reasonFields),
                        Type = Masked(value, "type"),
                        Code = Masked(value, "code"),
                    };
                    bool isError = read.Code is { } named ? !IsSuccessCode(named) : (read.Message ?? read.Type) is not null;
                    return isError ? read : null;
                case JsonValueKind.String when Json.Text(value) is { } text && !IsSuccessCode(text)
                    && text.Trim().ToUpperInvariant() is not ("" or "NONE" or "NULL" or "FALSE"):
                    return new VideoError { Message = SecretRedactor.Mask(text) };
                default:
                    return null;
            }
        }
    }

    private static string? Masked(JsonElement from, string name) => Json.Text(from, name) is { } text ? SecretRedactor.Mask(text) : null;

    private static string? FirstText(JsonElement from, string[] names) =>
        names.Select(name => Masked(from, name)).FirstOrDefault(text => !string.IsNullOrWhiteSpace(text));

    /// <summary>Whether a code means that nothing went wrong, as some gateways add to every response.</summary>
    private static bool IsSuccessCode(string code) =>
        code.Trim().ToUpperInvariant() is "0" or "00000" or "200" or "OK" or "SUCCESS" or "SUCCEED" or "SUCCEEDED";

    /// <summary>The exception for a response that does not match the API contract.</summary>
    /// <param name="reply">The response.</param>
    /// <param name="what">What is wrong with it, as a predicate.</param>
    /// <param name="error">The error that it contains, whose words are used instead of the body's.</param>
    /// <param name="inner">The cause.</param>
    public static ChuiziException Malformed(ApiReply reply, string what, VideoError? error = null, Exception? inner = null)
    {
        string type = reply.ContentType is { Length: > 0 } named ? $" ({named})" : "";
        string said = error?.Message is { Length: > 0 } message ? Truncation.Middle(message) : ApiErrors.Excerpt(reply);
        return new ChuiziException(ChuiziErrorKind.MalformedReply, $"The API's response{type} {what}: {said}", inner)
        {
            Status = reply.Status,
            Code = error?.Code,
            Type = error?.Type,
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
        JsonDocument document = TryParse(reply, out JsonException? cause) ?? throw Malformed(reply, "is not JSON", null, cause);
        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            return document;
        }

        document.Dispose();
        throw Malformed(reply, "is not a JSON object");
    }

    /// <summary>The JSON value in a response; null if it is not JSON.</summary>
    public static JsonDocument? TryParse(ApiReply reply, out JsonException? cause)
    {
        try
        {
            // Reads one value and ignores what follows it, such as the end of an event stream.
            Utf8JsonReader reader = new(Json.Payload(reply.Body).Span);
            cause = null;
            return JsonDocument.ParseValue(ref reader);
        }
        catch (JsonException exception)
        {
            cause = exception;
            return null;
        }
    }

    private static VideoState Read(JsonElement body, string id, ApiReply reply, bool submitted)
    {
        // The record may be wrapped in `data` (layer 2).
        JsonElement root = Json.Find(body, "status") is null && Json.Object(body, "data") is { } data ? data : body;
        VideoError? error = ReadError(root)
            ?? Wrapped(root).Select(wrapped => ReadError(wrapped.Item)).FirstOrDefault(inner => inner is not null);
        Uri? url = ReadAddress(root);
        string? unfamiliar = null;
        string? word = Json.Text(root, "status");
        string status = !string.IsNullOrWhiteSpace(word) ? StatusOf(word, out unfamiliar)
            : submitted ? VideoStatus.Processing
            : url is not null ? VideoStatus.Succeeded
            : StatusOf(NoStatus, out unfamiliar);
        bool isError = ReadErrorField(root) is not null || Wrapped(root).Any(wrapped => ReadErrorField(wrapped.Item) is not null);
        if (unfamiliar is not (null or NoStatus) && (url is not null || isError))
        {
            // The response itself shows what the undocumented word means.
            status = url is not null ? VideoStatus.Succeeded : VideoStatus.Failed;
            unfamiliar = null;
        }
        else if (status == VideoStatus.Succeeded && url is null && isError)
        {
            // Finished without a video, for example because of moderation.
            status = VideoStatus.Failed;
        }

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
            Error = status != VideoStatus.Failed ? null
                : error ?? new VideoError { Message = ReadReason(root) ?? "The API gave no reason." },
            RequestId = reply.RequestId,
        };
    }

    /// <summary>
    /// Maps the API's status word to one of ours. <c>completed</c> is an older <c>succeeded</c> (layer 2). An undocumented word means
    /// "still in progress" and is returned in <paramref name="unfamiliar"/>.
    /// </summary>
    internal static string StatusOf(string? word, out string? unfamiliar)
    {
        unfamiliar = null;
        switch (word?.Trim().ToUpperInvariant())
        {
            case "PROCESSING":
                return VideoStatus.Processing;
            case "SUCCEEDED" or "COMPLETED":
                return VideoStatus.Succeeded;
            case "FAILED":
                return VideoStatus.Failed;
            default:
                unfamiliar = string.IsNullOrWhiteSpace(word) ? NoStatus : word.Trim();
                return VideoStatus.Processing;
        }
    }

    /// <summary>A reason next to the status of a failed job, outside of an error.</summary>
    private static string? ReadReason(JsonElement root) => FirstText(root, s_reasonFields);

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
