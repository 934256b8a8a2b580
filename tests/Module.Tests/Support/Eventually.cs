using System.Diagnostics;

namespace Chuizi.Video.Module.Tests.Support;

/// <summary>Waits for what another thread or process is about to do; gives up only when it plainly never comes.</summary>
internal static class Eventually
{
    public static void Is(Func<bool> condition, string what)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > TimeSpan.FromSeconds(30))
            {
                throw new TimeoutException($"It never came: {what}.");
            }

            Thread.Sleep(5);
        }
    }
}
