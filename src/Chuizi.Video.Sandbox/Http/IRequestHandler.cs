namespace Chuizi.Video.Sandbox.Http;

/// <summary>What happens to the requests of one listener: those to the API, or those for media.</summary>
internal interface IRequestHandler
{
    /// <summary><c>api</c> or <c>media</c>, recorded with each request as <see cref="RecordedRequest.Origin"/>.</summary>
    string Name { get; }

    /// <summary>The scheme, host and port, without a trailing slash.</summary>
    string Address { get; }

    /// <summary>Another address to redirect to, without a trailing slash.</summary>
    string OtherAddress { get; }

    /// <summary>The delay before every response.</summary>
    TimeSpan Latency { get; }

    /// <summary>Sets the route and the requested id; or the allowed methods, if the path does not support the method.</summary>
    void Route(RequestContext context);

    /// <summary>Processes the request, and creates the response.</summary>
    HttpReply Answer(RequestContext context);

    /// <summary>An error response: JSON from the API, plain text for media.</summary>
    HttpReply Error(int status, string? code = null, string? message = null);
}
