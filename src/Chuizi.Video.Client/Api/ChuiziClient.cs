using Chuizi.Video.Client.Budget;
using Chuizi.Video.Client.Models;
using Chuizi.Video.Client.Rows;

namespace Chuizi.Video.Client.Api;

/// <summary>The calls of the Chuizi video API (API contract, layers 1 and 2), and the request budget of the key.</summary>
internal sealed class ChuiziClient
{
    private readonly ApiTransport _transport;

    /// <summary>Creates a client for a connection. This is cheap: the whole process shares one pool of sockets.</summary>
    public ChuiziClient(ApiConnection connection, ChuiziClientOptions? options = null)
    {
        Connection = connection;
        Options = options ?? new ChuiziClientOptions();
        Budget = RequestBudget.For(connection.Identity, Options.Clock, Options.StateFolder);
        _transport = new ApiTransport(connection, Options, Budget) { Refused = () => _ = LearnLimitAsync() };
    }

    /// <summary>The connection.</summary>
    public ApiConnection Connection { get; }

    /// <summary>The options.</summary>
    public ChuiziClientOptions Options { get; }

    /// <summary>
    /// The requests that the key may make in 60 s, as the user set it or as learned from the API's responses; null if no limit is known,
    /// and then nothing is delayed.
    /// </summary>
    public int? RequestsPerMinute => Budget.Limit;

    /// <summary>
    /// The request budget, which all clients of the key share. A ticket of class <see cref="RequestClass.Submit"/> is for one call of
    /// <c>SubmitAsync</c>; disposing an unused ticket returns it.
    /// </summary>
    internal RequestBudget Budget { get; }

    /// <summary>
    /// Sets the user's own limit for the key, for all processes of the user on this machine. The API's limit may lower it, but never raise
    /// it.
    /// </summary>
    /// <param name="limit">Requests in 60 s, 1 or more; null for none.</param>
    public void LimitRequestsPerMinute(int? limit)
    {
        if (limit < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(limit), limit, "The limit must be 1 or more.");
        }

        Budget.UserLimit = limit;
    }

    /// <summary>
    /// <c>POST /v1/videos/generations</c>: submits a job, which is billed. <paramref name="cancellationToken"/> has an effect only until
    /// the request is sent.
    /// </summary>
    /// <exception cref="ChuiziException">
    /// SubmissionOutcomeUnknown: sent, and possibly billed; never re-send it blindly. Any other kind: not accepted, not billed.
    /// </exception>
    /// <exception cref="OperationCanceledException">Not sent.</exception>
    /// <exception cref="IOException">A local image cannot be read; not sent.</exception>
    public Task<VideoState> SubmitAsync(VideoRequest request, CancellationToken cancellationToken) =>
        SubmitAsync(request, null, cancellationToken);

    /// <summary><see cref="SubmitAsync(VideoRequest, CancellationToken)"/> with a ticket that the caller already has.</summary>
    /// <param name="request">The video to generate.</param>
    /// <param name="ticket">A ticket from <see cref="Budget"/> for the first attempt; null to wait for one here.</param>
    /// <param name="cancellationToken">Has an effect only until the request is sent.</param>
    /// <param name="maySend">Asked before each attempt; false cancels the submission. Null to send in any case.</param>
    /// <exception cref="ChuiziException">SubmissionOutcomeUnknown, or another kind if the request was not accepted.</exception>
    /// <exception cref="OperationCanceledException">Not sent.</exception>
    public async Task<VideoState> SubmitAsync(
        VideoRequest request, RequestTicket? ticket, CancellationToken cancellationToken, Func<Task<bool>>? maySend = null)
    {
        ApiReply reply = await _transport
            .PostAsync("/videos/generations", () => RequestBody.Of(request), ticket, cancellationToken, maySend)
            .ConfigureAwait(false);
        try
        {
            return reply.IsSuccess ? ReadSubmitted(reply) : throw Refusal(reply);
        }
        catch (Exception exception) when (exception is not ChuiziException)
        {
            // A bug in reading must not make a paid submission look as if it had not been sent.
            throw Unknown(ReplyParser.Malformed(reply, "cannot be read", null, exception), reply);
        }

        static VideoState ReadSubmitted(ApiReply reply)
        {
            if (ReplyParser.ReadSubmitted(reply) is { } state)
            {
                return state;
            }

            VideoError? error = ApiErrors.ReadError(reply);
            throw ApiErrors.RefusalOf(reply, error) ?? Unknown(ReplyParser.Malformed(reply, "has no id", error), reply);
        }

        static ChuiziException Refusal(ApiReply reply)
        {
            ChuiziException refusal = ApiErrors.From(reply);
            // A 4xx is a rejection, unless it names a job. After a redirect or a failure behind the gateway, a provider may already have
            // started.
            bool notTaken = (reply.Status is >= 400 and < 500 and not (408 or 499) && !ApiErrors.NamesJob(reply))
                || ApiErrors.IsRepeatable(reply);
            return notTaken ? refusal : Unknown(refusal, reply);
        }

        static ChuiziException Unknown(ChuiziException cause, ApiReply reply) =>
            new(ChuiziErrorKind.SubmissionOutcomeUnknown, ApiErrors.WithAnswer(cause.Message, reply), cause)
            {
                Status = reply.Status,
                Code = cause.Code,
                Type = cause.Type,
                RequestId = reply.RequestId,
            };
    }

    /// <summary><c>GET /v1/videos/{id}</c>: the state of a job.</summary>
    /// <exception cref="ChuiziException">VideoNotFound, an account error, or a transient kind after all retries.</exception>
    public Task<VideoState> GetAsync(string id, CancellationToken cancellationToken) => GetAsync(id, null, cancellationToken);

    /// <summary><see cref="GetAsync(string, CancellationToken)"/> with a ticket that the caller already has.</summary>
    internal async Task<VideoState> GetAsync(string id, RequestTicket? ticket, CancellationToken cancellationToken)
    {
        if (!VideoId.IsValid(id))
        {
            // A ledger or a list may contain an invalid id.
            ticket?.Dispose();
            throw new ChuiziException(ChuiziErrorKind.VideoNotFound, $"{ValueReader.Quote(id)} is not a valid video id.") { VideoId = id };
        }

        ApiReply reply = await _transport
            .GetAsync("/videos/" + Uri.EscapeDataString(id), RequestClass.Poll, ticket, cancellationToken)
            .ConfigureAwait(false);
        return reply.IsSuccess ? ReplyParser.ReadState(reply, id) : throw ApiErrors.From(reply, id);
    }

    /// <summary>
    /// <c>GET /v1/models</c>: the models that the API lists, with prices if it has them. Video models may be missing from the list.
    /// </summary>
    /// <exception cref="ChuiziException">An account error, or a transient kind after all retries.</exception>
    public async Task<IReadOnlyList<ListedModel>> GetModelsAsync(CancellationToken cancellationToken)
    {
        ApiReply reply = await _transport.GetAsync("/models", RequestClass.Other, null, cancellationToken).ConfigureAwait(false);
        return reply.IsSuccess ? ReplyParser.ReadModels(reply) : throw ApiErrors.From(reply);
    }

    /// <summary><c>GET /v1/key/info</c>: balance and limits of the key. The request budget uses the request limit. Costs nothing.</summary>
    /// <exception cref="ChuiziException">An account error, or a transient kind after all retries.</exception>
    public Task<VideoAccount> GetAccountAsync(CancellationToken cancellationToken) =>
        GetAccountAsync(RequestClass.Other, cancellationToken);

    private async Task<VideoAccount> GetAccountAsync(RequestClass kind, CancellationToken cancellationToken)
    {
        ApiReply reply = await _transport.GetAsync("/key/info", kind, null, cancellationToken).ConfigureAwait(false);
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

    /// <summary>Asks for the limit after the first refusal that does not state it. Waits for its turn as a poll does.</summary>
    private async Task LearnLimitAsync()
    {
        try
        {
            if (Budget.ShouldAskForLimit())
            {
                await GetAccountAsync(RequestClass.Poll, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (ChuiziException)
        {
            // Without an answer, the limit stays an estimate.
        }
    }
}
