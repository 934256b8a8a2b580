using System.Collections.Concurrent;
using System.Globalization;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Budget;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;

namespace Chuizi.Video.Client.Submitting;

/// <summary>
/// Submits the rows of a plan, several requests at a time, and records each one in the ledger before it is sent and when its response
/// arrives. A failure that would affect every later request (the account, the address, the network, the ledger) ends the batch: nothing
/// more is sent, and requests in progress are awaited. A model that the key may not use ends only the rows of that model.
/// </summary>
/// <param name="client">The client.</param>
/// <param name="throttleLimit">The most requests in progress at once.</param>
/// <param name="claims">Claims the rows, and records their outcomes.</param>
internal sealed class BatchSubmitter(ChuiziClient client, int throttleLimit, SubmissionClaims claims)
{
    /// <summary>For a list longer than this, the key's limit is requested first.</summary>
    private const int LongList = 30;

    private const int ManyTasks = 1000;

    private readonly ConcurrentBag<PlannedRow> _notSent = [];
    private readonly ConcurrentDictionary<string, ChuiziException> _refusedModels = new(StringComparer.Ordinal);
    private int _ended;
    private int _underWay;

    /// <summary>
    /// The time available for submitting. Rows that have not been sent by then are not sent, as if the account had refused them. Null for
    /// no limit.
    /// </summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>Publishes local files just before a row is sent; null to send images in the request.</summary>
    public PublishedFiles? Publisher { get; init; }

    /// <summary>What ended the batch early; null if nothing did.</summary>
    public ChuiziException? End { get; private set; }

    /// <summary>The rows that were not sent, or provably not accepted, because of <see cref="End"/>.</summary>
    public IReadOnlyList<PlannedRow> NotSent => [.. _notSent.OrderBy(row => row.Position)];

    /// <summary>The number of rows that are done with: submitted, refused, or not sent because of a limit or another run.</summary>
    public int Ended => _ended;

    /// <summary>The number of requests in progress.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Why submissions are waiting now, as text; null if they are not.</summary>
    public string? HeldBackBy => client.Budget.WaitingSubmits == 0 ? null
        : client.Budget.Limit is { } limit
            ? string.Create(CultureInfo.InvariantCulture, $"waiting because of the request limit ({limit} per minute)")
        : "waiting for the delay that the API requested";

    /// <summary>Submits all of <paramref name="rows"/>.</summary>
    /// <param name="rows">Rows without errors.</param>
    /// <param name="ended">Called with each row that has its outcome, on any thread; it must not block.</param>
    /// <param name="cancellationToken">Stops sending and returns at once; requests in progress run to their end and are recorded.</param>
    public async Task RunAsync(IReadOnlyList<PlannedRow> rows, Action<PlannedRow> ended, CancellationToken cancellationToken)
    {
        // Disposed after the last request, which may outlive this call.
        CancellationTokenSource sending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using CancellationTokenRegistration stop = cancellationToken.Register(claims.Stop);
        SemaphoreSlim free = new(throttleLimit);
        List<Task> underWay = [];
        int most = ManyTasks;
        End = Deadline <= TimeSpan.Zero ? Late() : null;
        await using ITimer? deadline = Deadline is { } time && End is null
            ? client.Options.Clock.CreateTimer(_ => OnDeadline(sending), null, time, Timeout.InfiniteTimeSpan)
            : null;
        try
        {
            if (End is null && rows.Count > LongList && client.RequestsPerMinute is null)
            {
                // Not "End ??= await", which would remove what the deadline has set meanwhile.
                ChuiziException? refusal = await FetchLimitAsync(sending.Token, cancellationToken).ConfigureAwait(false);
                End ??= refusal;
            }

            Task before = Task.CompletedTask;
            foreach (PlannedRow row in rows)
            {
                await free.WaitAsync(cancellationToken).ConfigureAwait(false);
                if (End is not null)
                {
                    free.Release();
                    _notSent.Add(row);
                    continue;
                }

                // Started in list order. The budget keeps that order.
                TaskCompletionSource claimed = new(TaskCreationOptions.RunContinuationsAsynchronously);
                if (underWay.Count >= most)
                {
                    // A task that has ended without a failure is not needed any more.
                    underWay.RemoveAll(task => task.IsCompletedSuccessfully);
                    most = Math.Max(ManyTasks, 2 * underWay.Count);
                }

                underWay.Add(SubmitAsync(row, before, claimed, sending, free, ended));
                before = claims.ClaimsInOrder ? claimed.Task : before;
            }
        }
        finally
        {
            await EndAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        async Task EndAsync()
        {
            try
            {
                await Task.WhenAll(underWay).ConfigureAwait(false);
            }
            finally
            {
                claims.Dispose();
                sending.Dispose();
                free.Dispose();
            }
        }
    }

    private static ChuiziException Late() => new(ChuiziErrorKind.DeadlineReached, "The deadline for submitting was reached.");

    /// <summary>Handles the deadline: no more rows are sent, and requests in progress are awaited.</summary>
    private void OnDeadline(CancellationTokenSource sending)
    {
        try
        {
            End ??= Late();
            sending.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // All rows were sent in the meantime.
        }
    }

    /// <summary>
    /// Requests the key's limit, so that a long list does not exceed it. Returns an error only if it would end the batch anyway.
    /// </summary>
    /// <param name="sending">Ends the request: at the deadline, without an error.</param>
    /// <param name="cancellationToken">The part of it that the caller cancels.</param>
    private async Task<ChuiziException?> FetchLimitAsync(CancellationToken sending, CancellationToken cancellationToken)
    {
        try
        {
            _ = await client.GetAccountAsync(sending).ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (ChuiziException exception)
        {
            // Other errors do not matter: responses to the submissions will report the limit, or a 429.
            return exception.EndsTheRun ? exception : null;
        }
    }

    /// <summary>Submits one row, again if it was withdrawn because its claim was no longer in effect or the process seemed to be ending.
    /// </summary>
    /// <param name="row">The row.</param>
    /// <param name="before">The row is claimed after this.</param>
    /// <param name="claimed">Completed when the row has been claimed, or has not.</param>
    /// <param name="sending">Stops sending.</param>
    /// <param name="free">The requests that may still be in progress.</param>
    /// <param name="ended">Called with the outcome.</param>
    private async Task SubmitAsync(
        PlannedRow row,
        Task before,
        TaskCompletionSource claimed,
        CancellationTokenSource sending,
        SemaphoreSlim free,
        Action<PlannedRow> ended)
    {
        bool hasOutcome = await SendAsync(row, before, claimed, sending, free).ConfigureAwait(false);
        if (!hasOutcome && InFlightSubmissions.IsFinal && !sending.IsCancellationRequested)
        {
            End ??= new ChuiziException(ChuiziErrorKind.DeadlineReached, "The process was told to end before all rows were submitted.");
            await sending.CancelAsync().ConfigureAwait(false);
        }

        while (!hasOutcome && !sending.IsCancellationRequested && await IsFreeAsync(free, sending.Token).ConfigureAwait(false))
        {
            // The row was withdrawn, but the process did not end.
            hasOutcome = await SendAsync(row, before, claimed, sending, free).ConfigureAwait(false);
        }

        if (hasOutcome)
        {
            Interlocked.Increment(ref _ended);
            ended(row);
        }
        else
        {
            _notSent.Add(row);
        }
    }

    private static async Task<bool> IsFreeAsync(SemaphoreSlim free, CancellationToken cancellationToken)
    {
        try
        {
            await free.WaitAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>
    /// Submits one row and records it. Returns false if it has no outcome: it was not sent, or it was refused with an error that ends the
    /// batch.
    /// </summary>
    private async Task<bool> SendAsync(
        PlannedRow row, Task before, TaskCompletionSource claimed, CancellationTokenSource sending, SemaphoreSlim free)
    {
        bool isFree = false;
        bool isCounted = false;
        RequestTicket? ticket = null;
        LedgerRecord? intent = null;
        VideoState? state = null;
        ChuiziException? failure = null;
        bool IsRefused() => _refusedModels.TryGetValue(row.Request.Model, out failure);
        try
        {
            try
            {
                // Before the ticket: rows that waited with all the tickets for a row that has none would wait forever.
                await before.ConfigureAwait(false);
                VideoRequest request = row.Request;
                if (Publisher is not null && request.LocalFiles.Any())
                {
                    // An upload may take long, so it comes before the ticket and the intent: killed meanwhile, the row was not sent.
                    if (!await claims.CanClaimAsync(row).ConfigureAwait(false))
                    {
                        return true;
                    }

                    request = await Publisher.PublishAsync(request, sending.Token).ConfigureAwait(false);
                }

                // Wait for the ticket first, so that the intent is recorded just before the request is sent.
                ticket = IsRefused() ? null : await client.Budget.TakeAsync(RequestClass.Submit, sending.Token).ConfigureAwait(false);
                if (IsRefused())
                {
                    row.Failure = failure;
                    return true;
                }

                await InFlightSubmissions.EnterAsync(sending.Token).ConfigureAwait(false);
                isCounted = true;
                Interlocked.Increment(ref _underWay);
                using CancellationTokenSource leaving =
                    CancellationTokenSource.CreateLinkedTokenSource(sending.Token, InFlightSubmissions.Ending);
                leaving.Token.ThrowIfCancellationRequested();
                Task<LedgerRecord?> claim = claims.ClaimAsync(row);
                if (claims.OrdersClaims)
                {
                    claimed.TrySetResult();
                }

                intent = await claim.ConfigureAwait(false);
                claimed.TrySetResult();
                if (intent is null)
                {
                    return true;
                }

                LedgerRecord sent = intent;
                state = await client
                    .SubmitAsync(request, ticket, leaving.Token, () => claims.IsInEffectAsync(row, sent))
                    .ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // Provably not sent: failure and state stay null.
            }
            catch (Exception exception)
            {
                failure = FailureOf(exception);
                await StopOnAsync(failure, row, sending).ConfigureAwait(false);
            }

            // Let the next request start while this one is recorded.
            isFree = true;
            free.Release();
            ChuiziException? unrecorded = intent is null ? null : await RecordAsync(intent, state, failure).ConfigureAwait(false);
            if (unrecorded is not null)
            {
                await StopOnAsync(unrecorded, row, sending).ConfigureAwait(false);
            }

            if (state is null && (failure is null || EndsTheBatch(failure)))
            {
                return false;
            }

            row.State = state;
            row.Failure = failure;
            row.Unrecorded = state is null ? null : unrecorded;
            return true;
        }
        finally
        {
            claimed.TrySetResult();
            ticket?.Dispose();
            if (isCounted)
            {
                Interlocked.Decrement(ref _underWay);
                InFlightSubmissions.Leave();
            }

            if (!isFree)
            {
                free.Release();
            }
        }
    }

    private static ChuiziException FailureOf(Exception exception) =>
        exception switch
        {
            ChuiziException typed => typed,
            IOException or UnauthorizedAccessException => new ChuiziException(
                ChuiziErrorKind.RequestRejected,
                $"Not submitted, because the image cannot be read: {exception.Message}",
                exception),
            // The client reports everything that happens after the first byte was sent, so this was before.
            _ => new ChuiziException(ChuiziErrorKind.RequestRejected, $"Not submitted: {exception.Message}", exception),
        };

    private async Task<ChuiziException?> RecordAsync(LedgerRecord intent, VideoState? state, ChuiziException? failure)
    {
        try
        {
            await (state is not null ? claims.SubmittedAsync(intent, state) : claims.SettledAsync(intent, failure)).ConfigureAwait(false);
            return null;
        }
        catch (ChuiziException exception)
        {
            return exception;
        }
    }

    /// <summary>Stops the other rows that a failure affects.</summary>
    private async Task StopOnAsync(ChuiziException failure, PlannedRow row, CancellationTokenSource sending)
    {
        if (EndsTheBatch(failure))
        {
            End ??= failure;
            await sending.CancelAsync().ConfigureAwait(false);
        }
        else if (failure.Kind == ChuiziErrorKind.ModelNotAllowed)
        {
            _refusedModels[row.Request.Model] = failure;
        }
    }

    private static bool EndsTheBatch(ChuiziException exception) =>
        exception.EndsTheRun
        || exception.Kind
            is ChuiziErrorKind.Unreachable
                or ChuiziErrorKind.RequestTimeout
                or ChuiziErrorKind.RateLimited
                or ChuiziErrorKind.BudgetUnavailable
                or ChuiziErrorKind.LedgerUnavailable
                or ChuiziErrorKind.InvalidLedger;
}
