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
    private readonly HttpClient _submitting;

    /// <summary>Creates a client.</summary>
    /// <param name="sandbox">The server.</param>
    /// <param name="opensConnections">Whether each submission opens its own connection, as it does in the module.</param>
    public BareClient(SandboxProcess sandbox, bool opensConnections = false)
    {
        _http = Make(Timeout.InfiniteTimeSpan);
        _submitting = opensConnections ? Make(TimeSpan.Zero) : _http;

        HttpClient Make(TimeSpan lifetime) => new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = lifetime })
        {
            BaseAddress = sandbox.BaseAddress,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", sandbox.ApiKey) },
        };
    }

    /// <summary>Submits rows concurrently, and polls each one once if <paramref name="polls"/> is true.</summary>
    public Task RunAsync(int rows, int concurrency, bool polls = true) =>
        Parallel.ForEachAsync(
            Enumerable.Range(1, rows),
            new ParallelOptions { MaxDegreeOfParallelism = concurrency },
            async (row, token) =>
            {
                using HttpResponseMessage taken = await _submitting.PostAsJsonAsync(
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
    public void Dispose()
    {
        _http.Dispose();
        _submitting.Dispose();
    }
}
