using System.Collections.Concurrent;
using System.Globalization;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Budget;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Submitting;

/// <summary>
/// Submits the rows of a plan, several requests at a time, and records each in the ledger before it leaves and when it is answered. A
/// failure that every further request would meet (the account, the address, the network, the ledger) ends the batch: nothing more is
/// sent, and requests under way are awaited. A model that the key may not use ends the rows of that model.
/// </summary>
/// <param name="client">The client.</param>
/// <param name="throttleLimit">The most requests under way at once.</param>
/// <param name="log">What the run writes.</param>
internal sealed class BatchSubmitter(ChuiziClient client, int throttleLimit, SubmissionLog log)
{
    /// <summary>A longer list than this is worth asking for the key's limit first.</summary>
    private const int LongList = 30;

    private readonly ConcurrentBag<PlannedRow> _notSent = [];
    private readonly ConcurrentDictionary<string, ChuiziException> _refusedModels = new(StringComparer.Ordinal);
    private int _ended;
    private int _underWay;

    /// <summary>
    /// How long there is to send. What has not left by then is not sent, as if the account had refused it. No end where it is null.
    /// </summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>What ended the batch before all was sent; null where nothing did.</summary>
    public ChuiziException? End { get; private set; }

    /// <summary>The rows that were not sent, or provably not accepted, because of <see cref="End"/>.</summary>
    public IReadOnlyList<PlannedRow> NotSent => [.. _notSent.OrderBy(row => row.Position)];

    /// <summary>How many submissions have ended.</summary>
    public int Ended => _ended;

    /// <summary>How many requests are under way.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>What keeps submissions from being sent now, in words; null where nothing does.</summary>
    public string? HeldBackBy => client.Budget.WaitingSubmits == 0 ? null
        : client.Budget.Limit is { } limit
            ? string.Create(CultureInfo.InvariantCulture, $"waiting, since the key may make {limit} requests a minute")
        : "waiting, since the API asks for it";

    /// <summary>Submits all of <paramref name="rows"/>.</summary>
    /// <param name="rows">Rows without errors.</param>
    /// <param name="ended">Called with each row that has its outcome, on whatever thread; it must not block.</param>
    /// <param name="cancellationToken">
    /// Sends nothing more and returns at once; requests under way run to their end, and are recorded.
    /// </param>
    public async Task RunAsync(IReadOnlyList<PlannedRow> rows, Action<PlannedRow> ended, CancellationToken cancellationToken)
    {
        // Disposed of by the last of the requests, which may outlive this call.
        CancellationTokenSource sending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using CancellationTokenRegistration stop = cancellationToken.Register(log.Stop);
        SemaphoreSlim free = new(throttleLimit);
        List<Task> underWay = [];
        End = Deadline <= TimeSpan.Zero ? Late() : null;
        await using ITimer? deadline = Deadline is { } time && End is null
            ? client.Options.Clock.CreateTimer(_ => EndLate(sending), null, time, Timeout.InfiniteTimeSpan)
            : null;
        try
        {
            End ??= rows.Count > LongList && client.RequestsPerMinute is null
                ? await AskLimitAsync(cancellationToken).ConfigureAwait(false)
                : null;
            foreach (PlannedRow row in rows)
            {
                await free.WaitAsync(cancellationToken).ConfigureAwait(false);
                if (End is not null)
                {
                    free.Release();
                    _notSent.Add(row);
                    continue;
                }

                // Begun in their order, in which the budget serves them too.
                underWay.Add(SubmitAsync(row, sending, free, ended));
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
                log.Dispose();
                sending.Dispose();
                free.Dispose();
            }
        }
    }

    private static ChuiziException Late() => new(ChuiziErrorKind.DeadlineReached, "The time for sending is over.");

    /// <summary>The time is over: nothing more leaves, and what is under way is awaited.</summary>
    private void EndLate(CancellationTokenSource sending)
    {
        try
        {
            End ??= Late();
            sending.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // All was sent meanwhile.
        }
    }

    /// <summary>Asks for the key's limit, so that a long list does not run into it; gives back what would end the batch anyway.</summary>
    private async Task<ChuiziException?> AskLimitAsync(CancellationToken cancellationToken)
    {
        try
        {
            _ = await client.GetAccountAsync(cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (ChuiziException exception)
        {
            // Where it is another failure, the answers to the submissions will tell the limit, or a 429.
            return exception.EndsTheRun ? exception : null;
        }
    }

    private async Task SubmitAsync(PlannedRow row, CancellationTokenSource sending, SemaphoreSlim free, Action<PlannedRow> ended)
    {
        bool hasOutcome = await SendAsync(row, sending, free).ConfigureAwait(false);
        while (!hasOutcome && !sending.IsCancellationRequested && await IsFreeAsync(free, sending.Token).ConfigureAwait(false))
        {
            // It was withdrawn since the process seemed to end, and then did not.
            hasOutcome = await SendAsync(row, sending, free).ConfigureAwait(false);
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
    /// Sends one and records it. False where it has no outcome: it was not sent because of what ended the batch, or may end the process.
    /// </summary>
    private async Task<bool> SendAsync(PlannedRow row, CancellationTokenSource sending, SemaphoreSlim free)
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
                // The turn first: an intent is written when the request is about to leave.
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
                intent = await log.ClaimAsync(row).ConfigureAwait(false);
                if (intent is null)
                {
                    return true;
                }

                state = await client.SubmitAsync(row.Request, ticket, leaving.Token).ConfigureAwait(false);
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

            // The next may be sent while this one is recorded.
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
                $"It is not sent, since its image cannot be read: {exception.Message}",
                exception),
            // A defect of ours: one row's, and nobody knows how far it came.
            _ => new ChuiziException(ChuiziErrorKind.SubmissionOutcomeUnknown, SecretRedactor.Mask(exception.Message), exception),
        };

    private async Task<ChuiziException?> RecordAsync(LedgerRecord intent, VideoState? state, ChuiziException? failure)
    {
        try
        {
            await (state is not null ? log.SubmittedAsync(intent, state) : log.SettledAsync(intent, failure)).ConfigureAwait(false);
            return null;
        }
        catch (ChuiziException exception)
        {
            return exception;
        }
    }

    /// <summary>Keeps what a failure concerns besides its own row from being sent.</summary>
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
                or ChuiziErrorKind.LedgerUnavailable
                or ChuiziErrorKind.InvalidLedger;
}
