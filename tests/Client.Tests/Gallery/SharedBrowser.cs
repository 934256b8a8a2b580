namespace Chuizi.Video.Client.Tests.Gallery;

/// <summary>One browser for all tests of a class, because each start takes seconds.</summary>
public sealed class SharedBrowser : IAsyncDisposable
{
    private readonly Lazy<Task<Browser>> _browser = new(Browser.StartAsync);

    public async ValueTask DisposeAsync()
    {
        if (_browser.IsValueCreated && _browser.Value.IsCompletedSuccessfully)
        {
            await (await _browser.Value).DisposeAsync();
        }
    }

    /// <summary>The browser, without the pages of earlier tests. Skips the test if no browser is installed.</summary>
    internal async Task<Browser> OpenAsync()
    {
        Browser browser = await _browser.Value;
        await browser.ClosePagesAsync();
        return browser;
    }
}
