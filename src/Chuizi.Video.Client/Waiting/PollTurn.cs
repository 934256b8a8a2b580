using Chuizi.Video.Client.Budget;

namespace Chuizi.Video.Client.Waiting;

/// <summary>A waiter's turn in the request budget: at once, or by waiting for it, for one poll at a time. Not synchronised.</summary>
internal sealed class PollTurn(RequestBudget budget, Action wake)
{
    private Task<RequestTicket>? _asked;
    private IDisposable? _expectation;

    /// <summary>The time until the turn that is waited for; zero where it has come; null where none is, or nobody can tell.</summary>
    public TimeSpan? Next => _asked is null ? null : _asked.IsCompleted ? TimeSpan.Zero : budget.NextPoll;

    /// <summary>Whether polls will come, for which submits must leave room.</summary>
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

    /// <summary>A ticket, or null, and then the waiter is woken when there is one.</summary>
    /// <param name="cancellationToken">Of the run: cancelled at its end, whatever that is.</param>
    public RequestTicket? Take(CancellationToken cancellationToken)
    {
        if (_asked is null)
        {
            if (budget.TryTake(RequestClass.Poll, out RequestTicket? ticket))
            {
                return ticket;
            }

            _asked = budget.TakeAsync(RequestClass.Poll, cancellationToken);
            _ = _asked.ContinueWith(_ => wake(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        return TakeCome();
    }

    /// <summary>Gives back a turn that has come when it is not needed any more.</summary>
    public void GiveBack() => TakeCome()?.Dispose();

    private RequestTicket? TakeCome()
    {
        if (_asked is not { IsCompletedSuccessfully: true } come)
        {
            return null;
        }

        _asked = null;
        return come.Result;
    }
}
