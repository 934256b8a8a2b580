using System.Text.Json;
using Chuizi.Video.Client.Models;
using Chuizi.Video.Client.Videos;

namespace Chuizi.Video.Client.Http;

/// <summary>The calls of the Chuizi video API (API contract, layers 1 and 2).</summary>
public sealed class ChuiziClient
{
    private readonly ApiDoor _door;

    /// <summary>A client of that connection. Cheap: the sockets are pooled for the whole process.</summary>
    public ChuiziClient(ApiConnection connection, ChuiziClientOptions? options = null)
    {
        Connection = connection;
        Options = options ?? new ChuiziClientOptions();
        _door = new ApiDoor(connection, Options);
    }

    /// <summary>Where it is connected to.</summary>
    public ApiConnection Connection { get; }

    /// <summary>How it behaves.</summary>
    public ChuiziClientOptions Options { get; }

    /// <summary>
    /// <c>POST /v1/videos/generations</c>: submits a job, which is billed. <paramref name="cancellationToken"/> keeps it from being
    /// sent; once under way it runs to its end.
    /// </summary>
    /// <exception cref="ChuiziException">
    /// SubmissionOutcomeUnknown: sent, and maybe paid; never to be repeated blindly. Every other kind: not taken, not paid.
    /// </exception>
    /// <exception cref="OperationCanceledException">Not sent.</exception>
    /// <exception cref="IOException">A local image cannot be read; not sent.</exception>
    public async Task<VideoState> SubmitAsync(VideoRequest request, CancellationToken cancellationToken)
    {
        ApiReply reply = await _door.PostAsync("/videos/generations", () => RequestBody.Of(request), cancellationToken).ConfigureAwait(false);
        if (reply.IsSuccess)
        {
            try
            {
                return ReplyParser.ReadSubmitted(reply);
            }
            catch (Exception exception)
            {
                throw Unknown(exception as ChuiziException ?? Json.Malformed(reply, "cannot be read", exception), reply);
            }
        }

        ChuiziException refusal = ApiErrors.From(reply);
        // A 4xx is a refusal. A redirect, or a failure further in, leaves open whether a provider has begun.
        bool notTaken = reply.Status is >= 400 and < 500 and not 408 || ApiErrors.IsRepeatable(reply);
        throw notTaken ? refusal : Unknown(refusal, reply);

        static ChuiziException Unknown(ChuiziException cause, ApiReply reply) =>
            new(ChuiziErrorKind.SubmissionOutcomeUnknown, cause.Message, cause)
            {
                Status = reply.Status,
                Code = cause.Code,
                Type = cause.Type,
                RequestId = reply.RequestId,
            };
    }

    /// <summary><c>GET /v1/videos/{id}</c>: where a job stands.</summary>
    /// <exception cref="ChuiziException">VideoNotFound, an account error, or a transient kind when the retries are used up.</exception>
    public async Task<VideoState> GetAsync(string id, CancellationToken cancellationToken)
    {
        ApiReply reply = await _door.GetAsync("/videos/" + Uri.EscapeDataString(id), cancellationToken).ConfigureAwait(false);
        return reply.IsSuccess ? ReplyParser.ReadState(reply, id) : throw ApiErrors.From(reply, id);
    }

    /// <summary><c>GET /v1/models</c>: what the API lists, with prices where it gives them. Video models may be missing from it.</summary>
    /// <exception cref="ChuiziException">An account error, or a transient kind when the retries are used up.</exception>
    public async Task<IReadOnlyList<ListedModel>> GetModelsAsync(CancellationToken cancellationToken)
    {
        ApiReply reply = await _door.GetAsync("/models", cancellationToken).ConfigureAwait(false);
        return reply.IsSuccess ? ListedModel.ReadAll(reply) : throw ApiErrors.From(reply);
    }

    /// <summary><c>GET /v1/key/info</c>: balance and limits of the key. Costs nothing.</summary>
    /// <exception cref="ChuiziException">An account error, or a transient kind when the retries are used up.</exception>
    public async Task<VideoAccount> GetAccountAsync(CancellationToken cancellationToken)
    {
        ApiReply reply = await _door.GetAsync("/key/info", cancellationToken).ConfigureAwait(false);
        if (!reply.IsSuccess)
        {
            throw ApiErrors.From(reply);
        }

        using JsonDocument document = Json.ParseObject(reply);
        JsonElement root = Json.Object(document.RootElement, "data") ?? document.RootElement;
        return new VideoAccount
        {
            BaseAddress = Connection.BaseAddress,
            Balance = Json.Money(root, "balance"),
            RequestsPerMinute = Json.Whole(root, "rpm_limit"),
            DailyLimit = Json.Money(root, "daily_limit"),
            AllowedModels = Json.Texts(root, "allowed_models"),
        };
    }
}
