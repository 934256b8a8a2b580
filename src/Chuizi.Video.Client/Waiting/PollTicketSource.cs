using Chuizi.Video.Client.Budget;

namespace Chuizi.Video.Client.Waiting;

/// <summary>
/// Gets tickets for a waiter's polls from the request budget: immediately if one is free, otherwise by queueing for one at a time. Not
/// thread-safe.
/// </summary>
/// <param name="budget">The budget of the key.</param>
/// <param name="wake">Called when a queued ticket has arrived.</param>
internal sealed class PollTicketSource(RequestBudget budget, Action wake)
{
    private Task<RequestTicket>? _queued;
    private PollExpectation? _expectation;

    /// <summary>The time until the queued ticket; zero if it has arrived; null if none is queued or the time is not known.</summary>
    public TimeSpan? Next => _queued is null ? null : _queued.IsCompleted ? TimeSpan.Zero : budget.NextPoll;

    /// <summary>Sets whether polls are expected, for which submissions must leave room.</summary>
    /// <param name="polls">Whether there are jobs to poll.</param>
    /// <param name="isLikely">Whether the next poll will probably find its job finished.</param>
    public void Expect(bool polls, bool isLikely)
    {
        if (!polls)
        {
            _expectation?.Dispose();
            _expectation = null;
        }
        else
        {
            _expectation ??= budget.ExpectPolls();
            _expectation.IsLikely = isLikely;
        }
    }

    /// <summary>Returns a ticket, or null if none is free. The waiter is then woken when one arrives.</summary>
    /// <param name="cancellationToken">The run's token, which is always canceled at the end of the run.</param>
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

    /// <summary>Returns a queued ticket that has arrived but is no longer needed.</summary>
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
