using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Chuizi.Video.Client.Tests.Gallery;

/// <summary>One page in a <see cref="Browser"/>, with all it complained of and asked for.</summary>
internal sealed class BrowserPage(Browser browser, string session)
{
    private readonly ConcurrentQueue<string> _problems = new();
    private readonly ConcurrentQueue<string> _requests = new();

    /// <summary>Errors and warnings of the console, violations of the policy and uncaught exceptions among them.</summary>
    public IReadOnlyCollection<string> Problems => _problems;

    /// <summary>The addresses it asked for.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    public Task<JsonElement> CallAsync(string method, JsonObject? parameters = null) => browser.CallAsync(method, parameters, session);

    public async Task PrepareAsync(int width, int height)
    {
        foreach (string domain in new[] { "Page", "Runtime", "Log", "Network", "Audits" })
        {
            await CallAsync($"{domain}.enable");
        }

        await ResizeAsync(width, height);
        // Anything from data that ran would do this; and the videos' own tales, for those that are unloaded again.
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

    /// <summary>Opens a file and waits until it is there.</summary>
    public async Task OpenAsync(string file)
    {
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

    /// <summary>Waits until a script says true.</summary>
    public async Task UntilAsync(string script)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
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

    /// <summary>A key, as a keyboard gives it.</summary>
    public async Task PressAsync(string key, string code, int number, string? text = null)
    {
        foreach (string type in new[] { "keyDown", "keyUp" })
        {
            JsonObject stroke = new() { ["type"] = type, ["key"] = key, ["code"] = code, ["windowsVirtualKeyCode"] = number };
            if (text is not null && type == "keyDown")
            {
                stroke["text"] = text;
            }

            await CallAsync("Input.dispatchKeyEvent", stroke);
        }
    }

    public async Task TypeAsync(string text)
    {
        foreach (char letter in text)
        {
            // The numbers of other letters are those of keys that delete, insert and the like.
            await PressAsync(
                letter.ToString(),
                "",
                char.IsAsciiLetterOrDigit(letter) ? char.ToUpperInvariant(letter) : 0,
                letter.ToString());
        }
    }

    /// <summary>A picture of the window, or of the whole page.</summary>
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
