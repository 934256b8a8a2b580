namespace Chuizi.Video.Sandbox.Http;

/// <summary>A request that is being processed.</summary>
internal sealed class RequestContext(HttpRequest request, RecordedRequest recorded)
{
    public HttpRequest Request { get; } = request;

    public RecordedRequest Recorded { get; } = recorded;

    /// <summary>The part of the path after the route, such as an id.</summary>
    public string Argument { get; set; } = "";

    /// <summary>Set if the path is known but does not support the method.</summary>
    public string? AllowedMethods { get; set; }

    /// <summary>The fault that applies to the request.</summary>
    public SandboxFault? Fault { get; set; }
}
