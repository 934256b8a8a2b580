using Chuizi.Video.Client.Budget;
using Chuizi.Video.Client.Tests.Support;

namespace Chuizi.Video.Client.Tests.Api;

/// <summary>Base for tests of a separate request budget, on a clock that the test moves.</summary>
public abstract class BudgetTest
{
    internal static readonly RateLimitHints Refused = new(Refused: true);

    protected BudgetTest() => Budget = new RequestBudget(Clock, () => 0);

    internal ManualClock Clock { get; } = new();

    internal RequestBudget Budget { get; }

    internal void Move(double seconds) => Clock.Advance(TimeSpan.FromSeconds(seconds));

    internal RequestTicket? Take(RequestClass kind) => Budget.TryTake(kind, out RequestTicket? ticket) ? ticket : null;

    internal static void Use(RequestTicket ticket)
    {
        ticket.Begin();
        ticket.End(new RateLimitHints(false));
    }

    /// <summary>Sends up to <paramref name="count"/> requests that the budget allows now, and returns how many.</summary>
    internal int Run(RequestClass kind, int count)
    {
        int sent = 0;
        for (; sent < count && Take(kind) is { } ticket; sent++)
        {
            Use(ticket);
        }

        return sent;
    }

    /// <summary>Sends as many requests as the budget allows in that time, trying ten times a second.</summary>
    internal int RunPaced(RequestClass kind, int count, TimeSpan time)
    {
        int sent = 0;
        for (DateTimeOffset end = Clock.GetUtcNow() + time; Clock.GetUtcNow() < end; Clock.Advance(TimeSpan.FromSeconds(0.1)))
        {
            sent += Run(kind, count);
        }

        return sent;
    }

    /// <summary>Sends a request that gets this response.</summary>
    internal void Answer(RateLimitHints hints, RequestClass kind = RequestClass.Submit)
    {
        // A full window does not matter: the request counts as sent earlier.
        RequestTicket ticket = Take(kind) ?? Take(RequestClass.Other)!;
        ticket.Begin();
        ticket.End(hints);
    }
}
