using System.Net.Sockets;
using Chuizi.Video.Sandbox.Api;
using Chuizi.Video.Sandbox.Http;
using Chuizi.Video.Sandbox.Media;

namespace Chuizi.Video.Sandbox;

/// <summary>
/// The Chuizi video API on this machine: offline and free, keeping layers 1 and 2 of the API contract, with faults on
/// demand. Listens on 127.0.0.1 with two ports, since API and videos are different origins.
/// </summary>
public sealed class SandboxServer : IDisposable, IAsyncDisposable
{
    /// <summary>The key accepted unless another is set; nobody can take it for a real one.</summary>
    public const string DefaultApiKey = "ck-sandbox0000000000000000000000000";

    private readonly RequestLog _log;
    private readonly JobStore _jobs;
    private readonly RequestPipeline _pipeline;
    private readonly HttpListenerLoop _api;
    private readonly HttpListenerLoop _media;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lazy<Task> _stop;

    private SandboxServer(SandboxOptions options)
    {
        ApiKey = options.ApiKey;
        _log = new RequestLog(options.MaximumRecordedRequests);
        _jobs = new JobStore(options);
        _pipeline = new RequestPipeline(options, _log, Faults, _stopping.Token);
        _api = new HttpListenerLoop(options.Port);
        try
        {
            _media = new HttpListenerLoop(options.MediaPort);
        }
        catch (SocketException)
        {
            _api.Dispose();
            throw;
        }

        BaseAddress = new Uri(_api.Address + "/v1");
        MediaAddress = new Uri(_media.Address);
        _stop = new Lazy<Task>(StopAsync);
        _api.Start(new ApiOrigin(options, _jobs, _api.Address, _media.Address), _pipeline);
        _media.Start(new MediaOrigin(options, _jobs, _media.Address), _pipeline);
    }

    /// <summary>What a client takes as its base address: <c>http://127.0.0.1:port/v1</c>.</summary>
    public Uri BaseAddress { get; }

    /// <summary>Where the videos are: <c>http://127.0.0.1:port/</c>, another port than the API's.</summary>
    public Uri MediaAddress { get; }

    /// <summary>The only key accepted.</summary>
    public string ApiKey { get; }

    /// <summary>The requests read so far, in order, as of now; those under way change until they are answered.</summary>
    public IReadOnlyList<RecordedRequest> Requests => _log.Snapshot();

    /// <summary>The jobs made so far, in order, as of now.</summary>
    public IReadOnlyList<SandboxJob> Jobs => _jobs.Snapshot();

    /// <summary>What is to go wrong.</summary>
    public FaultScript Faults { get; } = new();

    /// <summary>The money left on the account, in USD.</summary>
    public decimal Balance => _jobs.Balance;

    /// <summary>Connections open now, over both origins.</summary>
    public int OpenConnections => _api.OpenConnections + _media.OpenConnections;

    /// <summary>Requests being read or answered now, over both origins.</summary>
    public int ActiveRequests => _pipeline.Active;

    /// <summary>The most <see cref="ActiveRequests"/> there have been.</summary>
    public int PeakActiveRequests => _pipeline.Peak;

    /// <summary>Starts a sandbox, which serves at once.</summary>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    /// <exception cref="SocketException">A port is taken.</exception>
    public static SandboxServer Start(SandboxOptions? options = null)
    {
        options ??= new SandboxOptions();
        SandboxOptions.Validate(options);
        return new SandboxServer(options);
    }

    /// <summary>Closes both ports and all connections. What was recorded stays readable.</summary>
    public void Dispose() => _stop.Value.GetAwaiter().GetResult();

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync() => new(_stop.Value);

    // On the pool, so that no caller's context is waited for.
    private Task StopAsync() => Task.Run(async () =>
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_api.StopAsync(), _media.StopAsync());
        _api.Dispose();
        _media.Dispose();
        _stopping.Dispose();
    });
}
