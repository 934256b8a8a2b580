using System.Diagnostics;

namespace Chuizi.Video.Tests.Support;

/// <summary>Waits for the work of another thread or process. A slow machine makes the test slower, not flaky.</summary>
public static class Eventually
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <summary>Waits until a condition holds.</summary>
    /// <exception cref="TimeoutException">The condition did not hold within 2 minutes.</exception>
    public static void Is(Func<bool> condition, string what)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition())
        {
            ThrowWhenLate(watch, what);
            Thread.Sleep(5);
        }
    }

    /// <inheritdoc cref="Is"/>
    public static async Task IsAsync(Func<bool> condition, string what = "the condition")
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition())
        {
            ThrowWhenLate(watch, what);
            await Task.Delay(1).ConfigureAwait(false);
        }
    }

    private static void ThrowWhenLate(Stopwatch watch, string what)
    {
        if (watch.Elapsed > s_patience)
        {
            throw new TimeoutException($"This did not happen within {s_patience.TotalSeconds:0} s: {what}.");
        }
    }
}
