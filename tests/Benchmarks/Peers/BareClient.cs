using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Chuizi.Video.Benchmarks.Peers;

/// <summary>
/// The same requests with a bare <see cref="HttpClient"/>: no ledger, no request budget, no retries, no output objects.
/// </summary>
internal sealed class BareClient : IDisposable
{
    private readonly HttpClient _http;

    public BareClient(SandboxProcess sandbox)
    {
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = sandbox.BaseAddress };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", sandbox.ApiKey);
    }

    /// <summary>Submits rows concurrently, and polls each one once if <paramref name="polls"/> is true.</summary>
    public Task RunAsync(int rows, int concurrency, bool polls = true) =>
        Parallel.ForEachAsync(
            Enumerable.Range(1, rows),
            new ParallelOptions { MaxDegreeOfParallelism = concurrency },
            async (row, token) =>
            {
                using HttpResponseMessage taken = await _http.PostAsJsonAsync(
                    "v1/videos/generations",
                    new { model = "google/veo-3.1-lite", prompt = $"a prompt {row}" },
                    token);
                taken.EnsureSuccessStatusCode();
                JsonElement job = await taken.Content.ReadFromJsonAsync<JsonElement>(token);
                if (polls)
                {
                    JsonElement state = await _http.GetFromJsonAsync<JsonElement>($"v1/videos/{job.GetProperty("id").GetString()}", token);
                    _ = state.GetProperty("status").GetString();
                }
            });

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
