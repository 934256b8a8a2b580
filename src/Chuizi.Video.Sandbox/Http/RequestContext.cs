namespace Chuizi.Video.Sandbox.Http;

/// <summary>A request that is being processed, with its log entry and the fault that applies to it.</summary>
internal sealed class RequestContext(HttpRequest request, RecordedRequest recorded)
{
    public HttpRequest Request { get; } = request;

    public RecordedRequest Recorded { get; } = recorded;

    /// <summary>The id in the path or query, of a video or of a cost record; empty for a route without one.</summary>
    public string RequestedId { get; set; } = "";

    /// <summary>Set if the path is known but does not support the method.</summary>
    public string? AllowedMethods { get; set; }

    /// <summary>The fault that applies to the request.</summary>
    public SandboxFault? Fault { get; set; }
}
