using System.Net.Sockets;
using Chuizi.Video.Sandbox.Api;
using Chuizi.Video.Sandbox.Http;
using Chuizi.Video.Sandbox.Media;

namespace Chuizi.Video.Sandbox;

/// <summary>
/// The Chuizi video API on this machine: offline and free, following layers 1 and 2 of the API contract, with faults on
/// demand. Listens on two ports of 127.0.0.1, because the API and the videos have different origins.
/// </summary>
public sealed class SandboxServer : IDisposable, IAsyncDisposable
{
    /// <summary>The default key. It cannot be mistaken for a real one.</summary>
    public const string DefaultApiKey = "ck-sandbox0000000000000000000000000";

    private readonly RequestLog _log;
    private readonly JobStore _jobs;
    private readonly RequestPipeline _pipeline;
    private readonly ConnectionListener _api;
    private readonly ConnectionListener _media;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lazy<Task> _stop;

    private SandboxServer(SandboxOptions options)
    {
        ApiKey = options.ApiKey;
        _log = new RequestLog(options.MaximumRecordedRequests);
        _jobs = new JobStore(options);
        _pipeline = new RequestPipeline(options, _log, Faults, _stopping.Token);
        _api = new ConnectionListener(options.Port);
        try
        {
            _media = new ConnectionListener(options.MediaPort);
        }
        catch (SocketException)
        {
            _api.Dispose();
            throw;
        }

        BaseAddress = new Uri(_api.Address + "/v1");
        MediaAddress = new Uri(_media.Address);
        _stop = new Lazy<Task>(StopAsync);
        _api.Start(new ApiHandler(options, _jobs, _api.Address, _media.Address), _pipeline);
        _media.Start(new MediaHandler(options, _jobs, _media.Address), _pipeline);
    }

    /// <summary>The base address for clients: <c>http://127.0.0.1:port/v1</c>.</summary>
    public Uri BaseAddress { get; }

    /// <summary>The address of the videos: <c>http://127.0.0.1:port/</c>, on another port than the API.</summary>
    public Uri MediaAddress { get; }

    /// <summary>The only key accepted.</summary>
    public string ApiKey { get; }

    /// <summary>
    /// A snapshot of the most recent requests (<see cref="SandboxOptions.MaximumRecordedRequests"/>), in order. Requests in
    /// progress still change until they are answered.
    /// </summary>
    public IReadOnlyList<RecordedRequest> Requests => _log.Snapshot();

    /// <summary>A snapshot of the jobs created so far, in order.</summary>
    public IReadOnlyList<SandboxJob> Jobs => _jobs.Snapshot();

    /// <summary>The faults to inject.</summary>
    public FaultScript Faults { get; } = new();

    /// <summary>The remaining balance in USD.</summary>
    public decimal Balance => _jobs.Balance;

    /// <summary>The number of open connections, across both origins.</summary>
    public int OpenConnections => _api.OpenConnections + _media.OpenConnections;

    /// <summary>The number of requests being read or answered now, across both origins.</summary>
    public int ActiveRequests => _pipeline.Active;

    /// <summary>The highest value of <see cref="ActiveRequests"/> so far.</summary>
    public int PeakActiveRequests => _pipeline.Peak;

    /// <summary>Starts a sandbox, which serves requests immediately.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="SocketException">A port is already in use.</exception>
    public static SandboxServer Start(SandboxOptions? options = null)
    {
        options ??= new SandboxOptions();
        SandboxOptions.Validate(options);
        return new SandboxServer(options);
    }

    /// <summary>Closes both ports and all connections. Recorded requests and jobs remain available.</summary>
    public void Dispose() => _stop.Value.GetAwaiter().GetResult();

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync() => new(_stop.Value);

    // Runs on the thread pool, so that Dispose does not depend on the caller's synchronization context.
    private Task StopAsync() => Task.Run(async () =>
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_api.StopAsync(), _media.StopAsync());
        _api.Dispose();
        _media.Dispose();
        _stopping.Dispose();
    });
}
