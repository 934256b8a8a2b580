namespace Chuizi.Video.Client.Budget;

/// <summary>
/// A place in the <see cref="RequestBudget"/>, good for one request. Whoever holds it disposes of it, which gives it back where no
/// request was sent with it, and does nothing otherwise.
/// </summary>
internal sealed class RequestTicket : IDisposable
{
    private const int Unused = 0;
    private const int UnderWay = 1;
    private const int Ended = 2;

    private readonly RequestBudget _budget;
    private int _state;

    internal RequestTicket(RequestBudget budget, RequestClass kind, long number, int used)
    {
        _budget = budget;
        Kind = kind;
        Number = number;
        Used = used;
    }

    internal RequestClass Kind { get; }

    /// <summary>Counts the tickets given out, and requests of others that were noticed.</summary>
    internal long Number { get; }

    /// <summary>What the window held when this was given out, with this.</summary>
    internal int Used { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.CompareExchange(ref _state, Ended, Unused) == Unused)
        {
            _budget.Return(this);
        }
    }

    /// <summary>Its request is about to be sent.</summary>
    internal void Begin()
    {
        if (Interlocked.CompareExchange(ref _state, UnderWay, Unused) != Unused)
        {
            throw new InvalidOperationException("A ticket is good for one request.");
        }
    }

    /// <summary>The answer came; without <paramref name="hints"/>: no answer came, and the server may have counted the request.</summary>
    internal void End(RateLimitHints? hints = null)
    {
        if (Interlocked.Exchange(ref _state, Ended) != Ended)
        {
            _budget.End(this, hints);
        }
    }

    /// <summary>The request provably did not reach the server.</summary>
    internal void Return()
    {
        if (Interlocked.Exchange(ref _state, Ended) != Ended)
        {
            _budget.Return(this);
        }
    }
}
