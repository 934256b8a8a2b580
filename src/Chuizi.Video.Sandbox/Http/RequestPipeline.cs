using Chuizi.Video.Sandbox.Faults;

namespace Chuizi.Video.Sandbox.Http;

/// <summary>The steps for every request of either origin: recording, faults, processing.</summary>
internal sealed class RequestPipeline(SandboxOptions options, RequestLog log, FaultScript faults, CancellationToken stopping)
{
    // Timers do not accept very long delays.
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromDays(1);

    private int _active;
    private int _peak;

    public int Active => Volatile.Read(ref _active);

    public int Peak => Volatile.Read(ref _peak);

    public DateTimeOffset Now => options.Clock.GetUtcNow();

    public void Begin()
    {
        int active = Interlocked.Increment(ref _active);
        for (int peak = Peak; active > peak; peak = Peak)
        {
            if (Interlocked.CompareExchange(ref _peak, active, peak) == peak)
            {
                break;
            }
        }
    }

    public void End() => Interlocked.Decrement(ref _active);

    public void Report(RecordedRequest request) => options.RequestFinished?.Invoke(request);

    public RequestContext Receive(HttpRequest request, IRequestHandler handler)
    {
        var recorded = new RecordedRequest(request.Body.Span)
        {
            Time = Now.UtcDateTime,
            Method = request.Method,
            Path = request.Target,
            Origin = handler.Name,
            Headers = request.Headers,
            RequestId = SandboxIds.Of(request),
        };
        var context = new RequestContext(request, recorded);
        handler.Route(context);
        log.Add(recorded);
        return context;
    }

    /// <summary>
    /// Creates the response, including faults. An exception in the sandbox or in <see cref="SandboxFault.Match"/> results
    /// in 500.
    /// </summary>
    public HttpReply Process(RequestContext context, IRequestHandler handler)
    {
        try
        {
            if (context.Request.Headers.TryGetValue(FaultHeader.Name, out string? asked))
            {
                if (!FaultHeader.TryParse(asked, out SandboxFault? fault, out string problem))
                {
                    return handler.Error(400, message: problem);
                }

                // Like a scripted fault, it applies only if it has an effect on this request.
                if (FaultScope.Covers(fault!, context.Recorded))
                {
                    faults.CountInjected();
                    context.Fault = fault;
                }
            }

            context.Fault ??= faults.Take(context.Recorded);
            return FaultInjector.Answer(context, handler);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return handler.Error(500, message: $"The sandbox failed: {exception.Message}");
        }
    }

    public Task DelayAsync(TimeSpan delay, CancellationToken cancellation = default) =>
        Task.Delay(delay < s_longestDelay ? delay : s_longestDelay, options.Clock, cancellation.CanBeCanceled ? cancellation : stopping);
}
