using Chuizi.Video.Tests.Support;

namespace Chuizi.Video.Client.Tests.Support;

/// <summary>Moves a <see cref="ManualClock"/> from timer to timer while nothing else is running.</summary>
internal static class ClockPump
{
    /// <summary>Moves the clock until <paramref name="task"/> has ended.</summary>
    /// <param name="clock">The clock.</param>
    /// <param name="task">The task to complete.</param>
    /// <param name="isIdle">Whether only the clock can make progress.</param>
    /// <param name="horizon">Timers that are due later are left alone, because those are timeouts.</param>
    public static async Task RunAsync(ManualClock clock, Task task, Func<bool> isIdle, TimeSpan? horizon = null)
    {
        using CancellationTokenSource patience = new(Eventually.Patience);
        TimeSpan farthest = horizon ?? TimeSpan.FromDays(30);
        while (!task.IsCompleted)
        {
            if (isIdle() && clock.NextDue is { } due && due - clock.GetUtcNow() is var wait && wait <= farthest)
            {
                clock.Advance(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
            }

            await Task.Delay(1, patience.Token);
        }

        await task;
    }
}
