using System.Net;
using System.Net.Http.Headers;
using Chuizi.Video.Client.Budget;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Api;

/// <summary>
/// All requests to the API go through this class, which handles the key, headers, timeouts, retries, budget tickets and redaction.
/// </summary>
internal sealed class ApiTransport(ApiConnection connection, ChuiziClientOptions options, RequestBudget budget)
{
    /// <summary>The most bytes that are read of a response; no documented response is this long.</summary>
    public const int LongestBody = 8 * 1024 * 1024;

    /// <summary>Called after each 429 that is retried.</summary>
    public Action? Refused { get; init; }

    /// <summary>
    /// Sends a GET, and retries on 408, 429, 5xx and network failures (reading twice costs nothing). Returns the last response.
    /// </summary>
    /// <param name="path">The path relative to the base address.</param>
    /// <param name="kind">The class that each attempt counts as.</param>
    /// <param name="given">A ticket for the first attempt; later attempts get their own.</param>
    /// <param name="cancellationToken">Cancels the request, and the waits for a ticket and between attempts.</param>
    /// <exception cref="ChuiziException">Unreachable or RequestTimeout: the last attempt got no response.</exception>
    public async Task<ApiReply> GetAsync(string path, RequestClass kind, RequestTicket? given, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            ApiReply? reply = null;
            using RequestTicket ticket =
                attempt == 1 && given is not null ? given : await budget.TakeAsync(kind, cancellationToken).ConfigureAwait(false);
            try
            {
                reply = await SendAsync(HttpMethod.Get, path, null, ticket, attempt, options.GetTimeout, cancellationToken)
                    .ConfigureAwait(false);
                if (reply.Status is not (408 or 429 or >= 500) || ApiErrors.IsQuotaRefusal(reply) || attempt > options.Retries)
                {
                    return reply;
                }
            }
            catch (ChuiziException) when (attempt <= options.Retries)
            {
                // No response. Another attempt may get one.
            }

            await DelayAsync(attempt, reply, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Sends the POST of a submission, which is billed. It is re-sent only if the server provably did not accept it: the body was not
    /// started, or <see cref="ApiErrors.IsRepeatable"/>. <paramref name="cancellationToken"/> has an effect only until the body is
    /// started; after that the request runs to its end, because the response contains the id of the billed job.
    /// <paramref name="maySend"/> is asked before each attempt; false ends the request.
    /// </summary>
    /// <exception cref="ChuiziException">
    /// Unreachable or RequestTimeout: not sent. SubmissionOutcomeUnknown: sent, and possibly billed.
    /// </exception>
    public async Task<ApiReply> PostAsync(
        string path,
        Func<RequestBody> makeBody,
        RequestTicket? given,
        CancellationToken cancellationToken,
        Func<Task<bool>>? maySend = null)
    {
        for (int attempt = 1; ; attempt++)
        {
            using RequestTicket ticket =
                attempt == 1 && given is not null
                    ? given
                    : await budget.TakeAsync(RequestClass.Submit, cancellationToken).ConfigureAwait(false);
            if (maySend is not null && !await maySend().ConfigureAwait(false))
            {
                throw new OperationCanceledException("The request may no longer be sent.");
            }

            cancellationToken.ThrowIfCancellationRequested();
            ApiReply? reply = null;
            using (RequestBody body = makeBody())
            {
                using TrackedContent content = new(body);
                using CancellationTokenSource beforeBody = new();
                await using CancellationTokenRegistration stop = cancellationToken.Register(() =>
                {
                    if (content.Abandon())
                    {
                        beforeBody.Cancel();
                    }
                });
                try
                {
                    reply = await SendAsync(HttpMethod.Post, path, content, ticket, attempt, options.PostTimeout, beforeBody.Token)
                        .ConfigureAwait(false);
                    bool isOver = reply.Status == 429
                        ? Math.Max(attempt, budget.RefusalsInARow) > options.RateLimitRetries
                        : attempt > options.Retries;
                    if (isOver || !ApiErrors.IsRepeatable(reply))
                    {
                        return reply;
                    }
                }
                catch (Exception exception) when (content.Started)
                {
                    throw new ChuiziException(ChuiziErrorKind.SubmissionOutcomeUnknown, connection.Mask(exception.Message), exception)
                    {
                        RequestId = (exception as ChuiziException)?.RequestId,
                    };
                }
                catch (ChuiziException) when (attempt <= options.Retries)
                {
                    // Nothing was sent: DNS, the connection or TLS failed.
                }
            }

            await DelayAsync(attempt, reply, cancellationToken).ConfigureAwait(false);
        }
    }

    private Task DelayAsync(int retry, ApiReply? refusal, CancellationToken cancellationToken)
    {
        if (refusal?.Status == 429)
        {
            Refused?.Invoke();
            options.Refused?.Invoke(ApiErrors.From(refusal));
        }

        return Task.Delay(RetryDelay.Next(retry, refusal?.RetryAfter, options.Random()), options.Clock, cancellationToken);
    }

    private async Task<ApiReply> SendAsync(
        HttpMethod method,
        string path,
        TrackedContent? content,
        RequestTicket ticket,
        int attempt,
        TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(method, new Uri(connection.BaseAddress + path))
        {
            Content = content,
            Version = HttpVersion.Version11,
        };
        string requestId = Guid.NewGuid().ToString("N");
        request.Headers.TryAddWithoutValidation("X-Request-Id", requestId);
        request.Headers.TryAddWithoutValidation("User-Agent", HttpPool.UserAgent);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.TryAddWithoutValidation("Accept-Encoding", ContentCodings.Accepted);
        connection.Authorize(request);

        // The timeout starts when the ticket is available, so that waiting for it does not count.
        ticket.Begin();
        using CancellationTokenSource limit = new(timeout, options.Clock);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        long start = options.Clock.GetTimestamp();
        try
        {
            // A submission opens its own connection: on a pooled one that the server is closing, its outcome would be unknown.
            HttpMessageInvoker invoker = HttpPool.For(request.RequestUri!, isNewConnection: content is not null);
            using HttpResponseMessage response = await invoker.SendAsync(request, linked.Token).ConfigureAwait(false);
            ticket.End(RateLimitHeaders.Read(response, options.Clock.GetUtcNow()));
            if (
                response.Headers.TryGetValues("X-Request-Id", out IEnumerable<string>? echoed)
                && echoed.FirstOrDefault() is { Length: > 0 and <= 200 } theirs)
            {
                requestId = TerminalText.WithoutControls(connection.Mask(theirs));
            }

            // Keep a partial response to a POST: it may contain the id of the billed job.
            ReadOnlyMemory<byte> received =
                await ReadBodyAsync(response.Content, keepPart: content is not null, linked.Token).ConfigureAwait(false);
            ReadOnlyMemory<byte> body = connection.Mask(ContentCodings.Decode(
                received, response.Content.Headers.ContentEncoding, response.Content.Headers.ContentType?.CharSet, LongestBody));
            Trace((int)response.StatusCode, null, body);
            return new ApiReply(
                (int)response.StatusCode,
                body,
                response.Content.Headers.ContentType?.MediaType,
                requestId,
                RateLimitHeaders.RetryAfter(response, options.Clock.GetUtcNow()))
            {
                Location = response.Headers.Location,
                ShownLocation = response.Headers.Location is { } location ? connection.Mask(location.OriginalString) : null,
            };
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The attempt's timeout, or the handler's own connect timeout.
            string message = $"No response from {connection.Origin} within {options.Clock.GetElapsedTime(start).TotalSeconds:0} s.";
            Trace(null, "timed out");
            throw new ChuiziException(ChuiziErrorKind.RequestTimeout, message, exception) { RequestId = requestId };
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            string reason = connection.Mask(exception.GetBaseException().Message);
            Trace(null, reason);
            throw new ChuiziException(
                ChuiziErrorKind.Unreachable,
                $"{connection.Origin} "
                    + $"{(content is { Started: true } ? "closed the connection before responding" : "cannot be reached")}: {reason}",
                exception)
            {
                RequestId = requestId,
            };
        }
        finally
        {
            if (content is { Started: false })
            {
                ticket.Return();
            }
            else
            {
                ticket.End();
            }
        }

        void Trace(int? status, string? failure, ReadOnlyMemory<byte> body = default) =>
            options.Trace?.Invoke(
                new RequestTrace(
                    method.Method,
                    connection.Mask(path),
                    attempt,
                    status,
                    options.Clock.GetElapsedTime(start),
                    requestId,
                    failure)
                {
                    Sent = options.TracesBodies && content is { Started: true } ? connection.Mask(content.Describe()) : null,
                    Received = options.TracesBodies && body.Length > 0 ? connection.Mask(TerminalText.OfBody(body.Span)) : null,
                });
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpContent content, bool keepPart, CancellationToken cancellationToken)
    {
        using Stream stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        byte[] buffer = new byte[Math.Clamp(content.Headers.ContentLength ?? 4096, 1, LongestBody)];
        int filled = 0;
        while (true)
        {
            int count;
            try
            {
                count = await stream.ReadAsync(buffer.AsMemory(filled), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (keepPart && exception is (HttpRequestException or IOException or OperationCanceledException))
            {
                count = 0;
            }

            filled += count;
            if (count == 0 || filled == LongestBody)
            {
                return buffer.AsMemory(0, filled);
            }

            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(buffer.Length * 2, LongestBody));
            }
        }
    }
}
