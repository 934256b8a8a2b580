using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Chuizi.Video.Client.Tests.Sandbox;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Tests.Support;
using Xunit;

namespace Chuizi.Video.Client.Tests.Gallery;

/// <summary>A headless browser, controlled through the DevTools protocol, because a driver package would be very large.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TempFolder _profile;
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _calls = new();
    private readonly ConcurrentDictionary<string, BrowserPage> _pages = new(StringComparer.Ordinal);
    private int _lastCall;
    private Task _reading = Task.CompletedTask;

    private Browser(Process process, TempFolder profile)
    {
        _process = process;
        _profile = profile;
    }

    /// <summary>Starts a browser, or skips the test if none is installed.</summary>
    public static async Task<Browser> StartAsync()
    {
        string program = ExternalTool.RequireBrowser();
        TempFolder profile = new();
        Process process = ExternalTool.Start(
            program,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-extensions",
            "--hide-scrollbars",
            "--mute-audio",
            "--lang=en-US",
            "--remote-debugging-port=0",
            "--user-data-dir=" + profile.Path,
            "about:blank");
        Browser browser = new(process, profile);
        using CancellationTokenSource patience = new(Eventually.Patience);
        _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        const string Mark = "DevTools listening on ";
        while (await process.StandardError.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith(Mark, StringComparison.Ordinal))
            {
                _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
                await browser._socket.ConnectAsync(new Uri(line[Mark.Length..]), patience.Token);
                browser._reading = Task.Run(browser.ReadAsync, CancellationToken.None);
                return browser;
            }
        }

        await browser.DisposeAsync();
        Assert.Skip($"{program} cannot run here.");
        throw new InvalidOperationException();
    }

    /// <summary>Opens an empty page.</summary>
    public async Task<BrowserPage> NewPageAsync(int width = 1280, int height = 900)
    {
        JsonElement target = await CallAsync("Target.createTarget", new JsonObject { ["url"] = "about:blank" });
        JsonElement session = await CallAsync(
            "Target.attachToTarget",
            new JsonObject { ["targetId"] = target.GetProperty("targetId").GetString(), ["flatten"] = true });
        string id = session.GetProperty("sessionId").GetString()!;
        BrowserPage page = new(this, id, target.GetProperty("targetId").GetString()!);
        _pages[id] = page;
        await page.PrepareAsync(width, height);
        return page;
    }

    public async Task ClosePagesAsync()
    {
        foreach ((string session, BrowserPage page) in _pages)
        {
            _pages.TryRemove(session, out _);
            await CallAsync("Target.closeTarget", new JsonObject { ["targetId"] = page.Target });
        }
    }

    /// <summary>Calls a method of the DevTools protocol.</summary>
    public async Task<JsonElement> CallAsync(string method, JsonObject? parameters = null, string? session = null)
    {
        int number = Interlocked.Increment(ref _lastCall);
        TaskCompletionSource<JsonElement> answer = _calls[number] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        JsonObject message = new() { ["id"] = number, ["method"] = method, ["params"] = parameters ?? [] };
        if (session is not null)
        {
            message["sessionId"] = session;
        }

        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(
                JsonSerializer.SerializeToUtf8Bytes(message),
                WebSocketMessageType.Text,
                endOfMessage: true,
                CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }

        return await answer.Task.WaitAsync(Eventually.Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _reading;
        _socket.Dispose();
        _process.Dispose();
        // Helper processes of the browser may still hold or write a file.
        for (int tries = 0; tries < 100; tries++)
        {
            try
            {
                _profile.Dispose();
                return;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                await Task.Delay(50);
            }
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            byte[] buffer = new byte[64 * 1024];
            while (true)
            {
                using MemoryStream message = new();
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await _socket.ReceiveAsync(buffer.AsMemory(), _stop.Token);
                    message.Write(buffer, 0, part.Count);
                }
                while (!part.EndOfMessage);
                using JsonDocument document = JsonDocument.Parse(message.ToArray());
                Take(document.RootElement.Clone());
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException or JsonException)
        {
            foreach (TaskCompletionSource<JsonElement> call in _calls.Values)
            {
                call.TrySetException(new InvalidOperationException("The browser has ended.", exception));
            }
        }
    }

    private void Take(JsonElement message)
    {
        if (message.TryGetProperty("id", out JsonElement id))
        {
            if (_calls.TryRemove(id.GetInt32(), out TaskCompletionSource<JsonElement>? call))
            {
                _ = message.TryGetProperty("error", out JsonElement error)
                    ? call.TrySetException(new InvalidOperationException(error.ToString()))
                    : call.TrySetResult(message.GetProperty("result"));
            }
        }
        else if (
            message.TryGetProperty("sessionId", out JsonElement session) && _pages.TryGetValue(session.GetString()!, out BrowserPage? page))
        {
            page.Take(message.GetProperty("method").GetString()!, message.GetProperty("params"));
        }
    }
}
