using System.Diagnostics;

namespace Chuizi.Video.Tests.Support;

/// <summary>Waits for the work of another thread or process. A slow machine makes the test slower, not flaky.</summary>
public static class Eventually
{
    /// <summary>Longer than any step of a test takes on a busy machine. Only a hang reaches it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Waits until a condition holds.</summary>
    /// <exception cref="TimeoutException">The condition did not hold within <see cref="Patience"/>.</exception>
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
        if (watch.Elapsed > Patience)
        {
            throw new TimeoutException($"This did not happen within {Patience.TotalSeconds:0} s: {what}.");
        }
    }
}
