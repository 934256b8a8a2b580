using Chuizi.Video.Client.Budget;
using Chuizi.Video.Client.Models;
using Chuizi.Video.Client.Rows;

namespace Chuizi.Video.Client.Api;

/// <summary>The calls of the Chuizi video API (API contract, layers 1 and 2).</summary>
internal sealed class ChuiziClient
{
    private readonly ApiTransport _door;

    /// <summary>A client of that connection. Cheap: the sockets are pooled for the whole process.</summary>
    public ChuiziClient(ApiConnection connection, ChuiziClientOptions? options = null)
    {
        Connection = connection;
        Options = options ?? new ChuiziClientOptions();
        Budget = RequestBudget.For(connection.Identity, Options.Clock);
        _door = new ApiTransport(connection, Options, Budget);
    }

    /// <summary>Where it is connected to.</summary>
    public ApiConnection Connection { get; }

    /// <summary>How it behaves.</summary>
    public ChuiziClientOptions Options { get; }

    /// <summary>
    /// The requests that the key may make in 60 s, as far as is known from the user, the API's answers or its refusals; null where
    /// nothing is known, and nothing is held back.
    /// </summary>
    public int? RequestsPerMinute => Budget.Limit;

    /// <summary>
    /// The request budget, which all clients of the key share. A ticket of the class <see cref="RequestClass.Submit"/> is good for one
    /// call of <see cref="SubmitAsync(VideoRequest, RequestTicket?, CancellationToken)"/>. Dispose an unused ticket to return its turn.
    /// </summary>
    internal RequestBudget Budget { get; }

    /// <summary>Sets the user's own limit for the key, in the whole process: the API's may lower it, never raise it.</summary>
    /// <param name="limit">Requests in 60 s, 1 or more; null for none.</param>
    public void LimitRequestsPerMinute(int? limit)
    {
        if (limit < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(limit), limit, "The limit is 1 or more.");
        }

        Budget.UserLimit = limit;
    }

    /// <summary>
    /// <c>POST /v1/videos/generations</c>: submits a job, which is billed. <paramref name="cancellationToken"/> keeps it from being
    /// sent; once under way it runs to its end.
    /// </summary>
    /// <exception cref="ChuiziException">
    /// SubmissionOutcomeUnknown: sent, and maybe paid; never to be repeated blindly. Every other kind: not taken, not paid.
    /// </exception>
    /// <exception cref="OperationCanceledException">Not sent.</exception>
    /// <exception cref="IOException">A local image cannot be read; not sent.</exception>
    public Task<VideoState> SubmitAsync(VideoRequest request, CancellationToken cancellationToken) =>
        SubmitAsync(request, null, cancellationToken);

    /// <summary>As <see cref="SubmitAsync(VideoRequest, CancellationToken)"/>, with a turn that has come already.</summary>
    /// <param name="request">What to make.</param>
    /// <param name="ticket">From <see cref="Budget"/>, for the first attempt; null to wait for one here.</param>
    /// <param name="cancellationToken">Keeps it from being sent.</param>
    /// <exception cref="ChuiziException">
    /// SubmissionOutcomeUnknown if the API may have accepted the request; any other kind if it did not.
    /// </exception>
    public async Task<VideoState> SubmitAsync(VideoRequest request, RequestTicket? ticket, CancellationToken cancellationToken)
    {
        ApiReply reply = await _door
            .PostAsync("/videos/generations", () => RequestBody.Of(request), ticket, cancellationToken)
            .ConfigureAwait(false);
        if (reply.IsSuccess)
        {
            try
            {
                return ReplyParser.ReadSubmitted(reply);
            }
            catch (Exception exception)
            {
                throw Unknown(exception as ChuiziException ?? ReplyParser.Malformed(reply, "cannot be read", exception), reply);
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
    public Task<VideoState> GetAsync(string id, CancellationToken cancellationToken) => GetAsync(id, null, cancellationToken);

    /// <summary>As <see cref="GetAsync(string, CancellationToken)"/>, with a turn that has come already.</summary>
    internal async Task<VideoState> GetAsync(string id, RequestTicket? ticket, CancellationToken cancellationToken)
    {
        if (!VideoId.IsValid(id))
        {
            // As a ledger or a list may hold one.
            ticket?.Dispose();
            throw new ChuiziException(ChuiziErrorKind.VideoNotFound, $"{ValueReader.Quote(id)} can be no video's id.") { VideoId = id };
        }

        ApiReply reply = await _door
            .GetAsync("/videos/" + Uri.EscapeDataString(id), RequestClass.Poll, ticket, cancellationToken)
            .ConfigureAwait(false);
        return reply.IsSuccess ? ReplyParser.ReadState(reply, id) : throw ApiErrors.From(reply, id);
    }

    /// <summary><c>GET /v1/models</c>: what the API lists, with prices where it gives them. Video models may be missing from it.</summary>
    /// <exception cref="ChuiziException">An account error, or a transient kind when the retries are used up.</exception>
    public async Task<IReadOnlyList<ListedModel>> GetModelsAsync(CancellationToken cancellationToken)
    {
        ApiReply reply = await _door.GetAsync("/models", RequestClass.Other, null, cancellationToken).ConfigureAwait(false);
        return reply.IsSuccess ? ReplyParser.ReadModels(reply) : throw ApiErrors.From(reply);
    }

    /// <summary><c>GET /v1/key/info</c>: balance and limits of the key, which the request budget keeps to. Costs nothing.</summary>
    /// <exception cref="ChuiziException">An account error, or a transient kind when the retries are used up.</exception>
    public async Task<VideoAccount> GetAccountAsync(CancellationToken cancellationToken)
    {
        ApiReply reply = await _door.GetAsync("/key/info", RequestClass.Other, null, cancellationToken).ConfigureAwait(false);
        if (!reply.IsSuccess)
        {
            throw ApiErrors.From(reply);
        }

        VideoAccount account = ReplyParser.ReadAccount(reply, Connection.BaseAddress);
        if (account.RequestsPerMinute is > 0 and { } limit)
        {
            Budget.State(limit);
        }

        return account;
    }
}
