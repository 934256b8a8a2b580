namespace Chuizi.Video.Client.Tests.Support;

/// <summary>Waits for what another thread does. How long that takes decides nothing but how long the test does.</summary>
internal static class Eventually
{
    public static async Task IsAsync(Func<bool> condition)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(1, patience.Token);
        }
    }
}
