using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Chuizi.Video.Tests.Support;

namespace Chuizi.Video.Client.Tests.Gallery;

/// <summary>One page in a <see cref="Browser"/>, with its problems and its requests.</summary>
internal sealed class BrowserPage(Browser browser, string session, string target)
{
    private readonly ConcurrentQueue<string> _problems = new();
    private readonly ConcurrentQueue<string> _requests = new();

    /// <summary>The id of the page in the DevTools protocol.</summary>
    public string Target => target;

    /// <summary>Console errors and warnings, including policy violations and uncaught exceptions.</summary>
    public IReadOnlyCollection<string> Problems => _problems;

    /// <summary>The URLs that it requested.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    public Task<JsonElement> CallAsync(string method, JsonObject? parameters = null) => browser.CallAsync(method, parameters, session);

    public async Task PrepareAsync(int width, int height)
    {
        foreach (string domain in new[] { "Page", "Runtime", "Log", "Network", "Audits" })
        {
            await CallAsync($"{domain}.enable");
        }

        await ResizeAsync(width, height);
        // Records any script from data that runs, and which videos have loaded, because the page unloads some again.
        await CallAsync("Page.addScriptToEvaluateOnNewDocument", new JsonObject
        {
            ["source"] = """
                window.executed = [];
                window.alert = window.confirm = window.prompt = text => { window.executed.push(String(text)); };
                window.known = new Set();
                window.failedMedia = [];
                document.addEventListener('loadedmetadata', event => window.known.add(event.target.getAttribute('src')), true);
                document.addEventListener('error', event => window.failedMedia.push(event.target.getAttribute('src')), true);
                """,
        });
    }

    public Task ResizeAsync(int width, int height) => CallAsync("Emulation.setDeviceMetricsOverride", new JsonObject
    {
        ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = false,
    });

    public Task EmulateAsync(string scheme = "light", string media = "screen") => CallAsync("Emulation.setEmulatedMedia", new JsonObject
    {
        ["media"] = media,
        ["features"] = new JsonArray(
            new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = scheme },
            new JsonObject { ["name"] = "prefers-reduced-motion", ["value"] = "reduce" }),
    });

    /// <summary>Opens a file, also one that is open, and waits until it is loaded.</summary>
    public async Task OpenAsync(string file)
    {
        await CallAsync("Page.navigate", new JsonObject { ["url"] = "about:blank" });
        await UntilAsync("location.protocol === 'about:'");
        await CallAsync("Page.navigate", new JsonObject { ["url"] = new Uri(file).AbsoluteUri });
        await UntilAsync("location.protocol === 'file:' && document.readyState === 'complete'");
    }

    public async Task<JsonElement> EvaluateAsync(string script)
    {
        JsonElement answer = await CallAsync(
            "Runtime.evaluate",
            new JsonObject
            {
                ["expression"] = script,
                ["awaitPromise"] = true,
                ["returnByValue"] = true,
            });
        return answer.TryGetProperty("exceptionDetails", out JsonElement failure)
            ? throw new InvalidOperationException($"{script}: {failure}")
            : answer.GetProperty("result").TryGetProperty("value", out JsonElement value) ? value : default;
    }

    public async Task<int> CountAsync(string script) => (await EvaluateAsync(script)).GetInt32();

    public async Task<string[]> TextsAsync(string script) =>
        [.. (await EvaluateAsync(script)).EnumerateArray().Select(item => item.GetString()!)];

    /// <summary>Waits until a script returns true.</summary>
    public async Task UntilAsync(string script)
    {
        using CancellationTokenSource patience = new(Eventually.Patience);
        while ((await EvaluateAsync(script)).ValueKind != JsonValueKind.True)
        {
            try
            {
                await Task.Delay(20, patience.Token);
            }
            catch (OperationCanceledException exception)
            {
                throw new TimeoutException($"Never: {script}", exception);
            }
        }
    }

    /// <summary>Presses a key, as on a keyboard.</summary>
    public async Task PressAsync(string key, string code, int number, string? text = null)
    {
        Task down = CallAsync("Input.dispatchKeyEvent", Stroke("keyDown", text));
        await CallAsync("Input.dispatchKeyEvent", Stroke("keyUp", null));
        await down;

        JsonObject Stroke(string type, string? typed)
        {
            JsonObject stroke = new() { ["type"] = type, ["key"] = key, ["code"] = code, ["windowsVirtualKeyCode"] = number };
            if (typed is not null)
            {
                stroke["text"] = typed;
            }

            return stroke;
        }
    }

    public async Task TypeAsync(string text)
    {
        foreach (char letter in text)
        {
            // The codes of some characters are those of editing keys such as Delete and Insert.
            await PressAsync(
                letter.ToString(),
                "",
                char.IsAsciiLetterOrDigit(letter) ? char.ToUpperInvariant(letter) : 0,
                letter.ToString());
        }
    }

    /// <summary>A screenshot of the window, or of the whole page.</summary>
    public async Task<byte[]> PictureAsync(bool isWhole = false, string format = "png")
    {
        JsonElement answer = await CallAsync(
            "Page.captureScreenshot",
            new JsonObject { ["format"] = format, ["captureBeyondViewport"] = isWhole });
        return answer.GetProperty("data").GetBytesFromBase64();
    }

    public void Take(string method, JsonElement told)
    {
        switch (method)
        {
            case "Runtime.exceptionThrown":
                _problems.Enqueue(told.ToString());
                break;
            case "Runtime.consoleAPICalled" when told.GetProperty("type").GetString() is "error" or "warning" or "assert":
                _problems.Enqueue(told.ToString());
                break;
            case "Log.entryAdded" when told.GetProperty("entry").GetProperty("level").GetString() is "error" or "warning":
                _problems.Enqueue(told.ToString());
                break;
            case "Audits.issueAdded" when told.GetProperty("issue").GetProperty("code").GetString() == "ContentSecurityPolicyIssue":
                _problems.Enqueue(told.ToString());
                break;
            case "Network.requestWillBeSent":
                _requests.Enqueue(told.GetProperty("request").GetProperty("url").GetString()!);
                break;
        }
    }
}
