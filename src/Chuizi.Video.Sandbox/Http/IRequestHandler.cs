namespace Chuizi.Video.Sandbox.Http;

/// <summary>Processes the requests of one listener.</summary>
internal interface IRequestHandler
{
    /// <summary><c>api</c> or <c>media</c>.</summary>
    string Name { get; }

    /// <summary>The scheme, host and port, without a trailing slash.</summary>
    string Address { get; }

    /// <summary>Another address to redirect to, without a trailing slash.</summary>
    string OtherAddress { get; }

    /// <summary>The delay before every response.</summary>
    TimeSpan Latency { get; }

    /// <summary>Sets the route of the recorded request and what belongs to it.</summary>
    void Route(RequestContext exchange);

    /// <summary>Processes the request.</summary>
    HttpReply Answer(RequestContext exchange);

    /// <summary>An error in the format of this origin.</summary>
    HttpReply Error(int status, string? code = null, string? message = null);
}
