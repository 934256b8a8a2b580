using Chuizi.Video.Client.Budget;
using Chuizi.Video.Client.Tests.Support;

namespace Chuizi.Video.Client.Tests.Api;

/// <summary>A budget of the test's own, on a clock that the test moves.</summary>
public abstract class BudgetTest
{
    internal static readonly RateLimitHints Refused = new(Refused: true);

    protected BudgetTest() => Budget = new RequestBudget(Clock);

    internal ManualClock Clock { get; } = new();

    internal RequestBudget Budget { get; }

    internal void Move(double seconds) => Clock.Advance(TimeSpan.FromSeconds(seconds));

    internal RequestTicket? Take(RequestClass kind) => Budget.TryTake(kind, out RequestTicket? ticket) ? ticket : null;

    internal static void Use(RequestTicket ticket)
    {
        ticket.Begin();
        ticket.End();
    }

    /// <summary>Sends as many of <paramref name="count"/> as may be sent now.</summary>
    internal int Run(RequestClass kind, int count)
    {
        int sent = 0;
        for (; sent < count && Take(kind) is { } ticket; sent++)
        {
            Use(ticket);
        }

        return sent;
    }

    /// <summary>Sends as many as may be sent in that time, looking ten times a second.</summary>
    internal int RunPaced(RequestClass kind, int count, TimeSpan time)
    {
        int sent = 0;
        for (DateTimeOffset end = Clock.GetUtcNow() + time; Clock.GetUtcNow() < end; Clock.Advance(TimeSpan.FromSeconds(0.1)))
        {
            sent += Run(kind, count);
        }

        return sent;
    }

    /// <summary>A request gets this answer.</summary>
    internal void Answer(RateLimitHints hints, RequestClass kind = RequestClass.Submit)
    {
        // In a full window too: it was sent before.
        RequestTicket ticket = Take(kind) ?? Take(RequestClass.Other)!;
        ticket.Begin();
        ticket.End(hints);
    }
}
