using Chuizi.Video.Client.Budget;

namespace Chuizi.Video.Client.Waiting;

/// <summary>
/// Gets a waiter's polls their tickets from the request budget: at once where one is free, else by queueing for one at a time.
/// Not synchronised.
/// </summary>
/// <param name="budget">The budget of the key.</param>
/// <param name="wake">Called when a ticket that was queued for has come.</param>
internal sealed class PollTicketSource(RequestBudget budget, Action wake)
{
    private Task<RequestTicket>? _queued;
    private IDisposable? _expectation;

    /// <summary>The time until the queued ticket; zero where it has come; null where none is queued, or its time is not known.</summary>
    public TimeSpan? Next => _queued is null ? null : _queued.IsCompleted ? TimeSpan.Zero : budget.NextPoll;

    /// <summary>Says whether polls will come, for which submits must leave room.</summary>
    public void Expect(bool polls)
    {
        if (!polls)
        {
            _expectation?.Dispose();
            _expectation = null;
        }
        else
        {
            _expectation ??= budget.ExpectPolls();
        }
    }

    /// <summary>A ticket; or null, and then the waiter is woken when there is one.</summary>
    /// <param name="cancellationToken">The run's, which is cancelled at its end in every case.</param>
    public RequestTicket? TryTake(CancellationToken cancellationToken)
    {
        if (_queued is null)
        {
            if (budget.TryTake(RequestClass.Poll, out RequestTicket? ticket))
            {
                return ticket;
            }

            _queued = budget.TakeAsync(RequestClass.Poll, cancellationToken);
            _ = _queued.ContinueWith(_ => wake(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        return TakeQueued();
    }

    /// <summary>Returns a queued ticket that has come and is no longer needed.</summary>
    public void ReturnUnused() => TakeQueued()?.Dispose();

    private RequestTicket? TakeQueued()
    {
        if (_queued is not { IsCompletedSuccessfully: true } come)
        {
            return null;
        }

        _queued = null;
        return come.Result;
    }
}
