namespace Chuizi.Video.Sandbox.Http;

/// <summary>What answers the requests of one listener.</summary>
internal interface IOrigin
{
    /// <summary><c>api</c> or <c>media</c>.</summary>
    string Name { get; }

    /// <summary>Scheme, host and port, without a slash at the end.</summary>
    string Address { get; }

    /// <summary>Another address to redirect to, without a slash at the end.</summary>
    string OtherAddress { get; }

    /// <summary>Waited before every answer.</summary>
    TimeSpan Latency { get; }

    /// <summary>Sets the recorded request's route, and what goes with it.</summary>
    void Route(Exchange exchange);

    /// <summary>Processes the request.</summary>
    HttpReply Answer(Exchange exchange);

    /// <summary>An error as this origin words it.</summary>
    HttpReply Error(int status, string? code = null, string? message = null);
}
