namespace Chuizi.Video.Sandbox.Http;

/// <summary>A request on its way to an answer.</summary>
internal sealed class Exchange(HttpRequest request, RecordedRequest recorded)
{
    public HttpRequest Request { get; } = request;

    public RecordedRequest Recorded { get; } = recorded;

    /// <summary>What in the path follows the route, e.g. an id.</summary>
    public string Argument { get; set; } = "";

    /// <summary>Set where the path is known but the method is not its own.</summary>
    public string? AllowedMethods { get; set; }

    /// <summary>What is to go wrong with it.</summary>
    public SandboxFault? Fault { get; set; }
}
