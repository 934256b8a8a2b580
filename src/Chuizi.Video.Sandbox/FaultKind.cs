namespace Chuizi.Video.Sandbox;

/// <summary>The faults that the sandbox can inject.</summary>
public enum FaultKind
{
    /// <summary>The request is read but not processed. The connection is reset without a response.</summary>
    DropBeforeAcceptance,

    /// <summary>
    /// The request is processed (a submission creates and bills its job). Then the connection is reset without a
    /// response.
    /// </summary>
    DropAfterAcceptance,

    /// <summary>Returns <see cref="SandboxFault.Status"/> (500) with the gateway's error envelope. Not processed.</summary>
    Status,

    /// <summary>
    /// Returns <see cref="SandboxFault.Status"/> (500) after processing the request: with the gateway's error envelope, or with the body
    /// of <see cref="StatusWithoutEnvelope"/> if <see cref="SandboxFault.Word"/> is set.
    /// </summary>
    StatusAfterAcceptance,

    /// <summary>
    /// Returns <see cref="SandboxFault.Status"/> (502) like a proxy: with an HTML page, with an empty body if
    /// <see cref="SandboxFault.Word"/> is <c>empty</c>, or with a code and a message as JSON if it is <c>flat</c>. Not processed.
    /// </summary>
    StatusWithoutEnvelope,

    /// <summary>Processes the request, waits <see cref="SandboxFault.Delay"/>, and responds.</summary>
    Slow,

    /// <summary>Processes the request and returns half of the JSON, complete as HTTP.</summary>
    MalformedJson,

    /// <summary>Processes the request and returns 200 with an HTML page.</summary>
    HtmlPage,

    /// <summary>
    /// Processes the request, announces the full length, and closes the connection after <see cref="SandboxFault.At"/>
    /// bytes of the body.
    /// </summary>
    Truncated,

    /// <summary>
    /// Processes the request and stops sending after <see cref="SandboxFault.At"/> bytes of the body. The connection
    /// stays open until the client disconnects or, if set, <see cref="SandboxFault.Delay"/> has passed.
    /// </summary>
    Stalled,

    /// <summary>
    /// Media: returns only the first <see cref="SandboxFault.At"/> bytes of the file (half of it if that is 0), with a
    /// matching length.
    /// </summary>
    WrongLength,

    /// <summary>Media: from this request on, the file has another ETag and other bytes.</summary>
    ChangedETag,

    /// <summary>
    /// Redirects (307 or <see cref="SandboxFault.Status"/>) to <see cref="SandboxFault.Location"/>, otherwise from the
    /// API to the media origin, and from there to the same file on the host name <c>localhost</c>. Not processed.
    /// </summary>
    RedirectOtherOrigin,

    /// <summary>
    /// Redirects to <see cref="SandboxFault.Location"/>, otherwise to an http URL on a host that does not exist. Not
    /// processed.
    /// </summary>
    RedirectHttp,

    /// <summary>Redirects to the same URL again and again. Not processed.</summary>
    RedirectLoop,

    /// <summary>Poll: the status is <see cref="SandboxFault.Word"/> (<c>queued</c>).</summary>
    UnknownStatusWord,

    /// <summary>Poll: responds in the format of the older guide (<see cref="SandboxResultShape.Legacy"/>).</summary>
    LegacyShape,

    /// <summary>Media: returns 200 with the whole file for a request with <c>Range</c>. Requests without it are not affected.</summary>
    RangeIgnored,

    /// <summary>Media: returns 416 for a request with <c>Range</c>. Requests without it are not affected.</summary>
    RangeNotSatisfiable,

    /// <summary>
    /// API: processes the request and returns its body in the content coding <see cref="SandboxFault.Word"/> (<c>gzip</c>,
    /// <c>deflate</c> or <c>br</c>), whatever the client accepts.
    /// </summary>
    ContentCoding,

    /// <summary>Processes the request, responds as if the connection stayed open, and closes it.</summary>
    StaleConnection,

    /// <summary>Submission: returns 200 with the gateway's error envelope. Not processed.</summary>
    ErrorAsSuccess,

    /// <summary>Poll: a finished job has no URL yet.</summary>
    MissingUrl,

    /// <summary>Returns 404, with the gateway's error envelope on the API origin. Not processed.</summary>
    NotFound,
}
