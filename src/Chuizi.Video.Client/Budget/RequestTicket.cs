namespace Chuizi.Video.Client.Budget;

/// <summary>
/// A ticket from the <see cref="RequestBudget"/>, valid for one request. The holder disposes it: that returns the ticket if no request was
/// sent with it, and does nothing otherwise.
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

    /// <summary>A running number, which counts issued tickets, requests of other processes, and noticed ones of other clients.</summary>
    internal long Number { get; }

    /// <summary>The requests in the window when this ticket was issued, including this one.</summary>
    internal int Used { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.CompareExchange(ref _state, Ended, Unused) == Unused)
        {
            _budget.Return(this);
        }
    }

    /// <summary>Marks its request as about to be sent.</summary>
    internal void Begin()
    {
        if (Interlocked.CompareExchange(ref _state, UnderWay, Unused) != Unused)
        {
            throw new InvalidOperationException("A ticket is good for one request.");
        }
    }

    /// <summary>
    /// Marks its request as ended. Without <paramref name="hints"/> there was no response, and the server may have counted the request.
    /// </summary>
    internal void End(RateLimitHints? hints = null)
    {
        if (Interlocked.Exchange(ref _state, Ended) != Ended)
        {
            _budget.End(this, hints);
        }
    }

    /// <summary>Marks its request as provably not received by the server.</summary>
    internal void Return()
    {
        if (Interlocked.Exchange(ref _state, Ended) != Ended)
        {
            _budget.Return(this);
        }
    }
}
