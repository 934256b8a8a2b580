namespace Chuizi.Video.Sandbox;

/// <summary>The ways in which the sandbox can misbehave when told to.</summary>
public enum FaultKind
{
    /// <summary>The request is read but not processed; the connection is reset without an answer.</summary>
    DropBeforeAcceptance,

    /// <summary>The request is processed (a submit makes and bills its job); then the connection is reset without an answer.</summary>
    DropAfterAcceptance,

    /// <summary>Answers <see cref="SandboxFault.Status"/> (500) with the gateway's error envelope; not processed.</summary>
    Status,

    /// <summary>As <see cref="Status"/>, but the request has been processed.</summary>
    StatusAfterAcceptance,

    /// <summary>
    /// Answers <see cref="SandboxFault.Status"/> (502) like a proxy in between: with an HTML page, or with an empty
    /// body where <see cref="SandboxFault.Word"/> is <c>empty</c>; not processed.
    /// </summary>
    StatusWithoutEnvelope,

    /// <summary>Processes, waits <see cref="SandboxFault.Delay"/>, answers.</summary>
    Slow,

    /// <summary>Processes and answers with half of the JSON, complete as HTTP.</summary>
    MalformedJson,

    /// <summary>Processes and answers 200 with an HTML page.</summary>
    HtmlPage,

    /// <summary>
    /// Processes, announces the full length and closes the connection after <see cref="SandboxFault.At"/> bytes of the body.
    /// </summary>
    Truncated,

    /// <summary>
    /// Processes and stops sending after <see cref="SandboxFault.At"/> bytes of the body; the connection stays open
    /// until the client leaves or, where one is set, <see cref="SandboxFault.Delay"/> has passed.
    /// </summary>
    Stalled,

    /// <summary>
    /// Media: delivers only the file's first <see cref="SandboxFault.At"/> bytes (half of it where that is 0), and
    /// says that this is all.
    /// </summary>
    WrongLength,

    /// <summary>Media: from this request on the file has another ETag and other bytes.</summary>
    ChangedETag,

    /// <summary>
    /// Redirects (307 or <see cref="SandboxFault.Status"/>) to <see cref="SandboxFault.Location"/>, else from the API
    /// to the media origin and from there to the same file under the host name <c>localhost</c>; not processed.
    /// </summary>
    RedirectOtherOrigin,

    /// <summary>
    /// Redirects to <see cref="SandboxFault.Location"/>, else to a host in plain http that does not exist; not processed.
    /// </summary>
    RedirectHttp,

    /// <summary>Redirects to the same address again and again; not processed.</summary>
    RedirectLoop,

    /// <summary>Poll: the status is <see cref="SandboxFault.Word"/> (<c>queued</c>).</summary>
    UnknownStatusWord,

    /// <summary>Poll: answers as the older guide has it (<see cref="SandboxResultShape.Legacy"/>).</summary>
    LegacyShape,

    /// <summary>Media: answers 200 with the whole file to a request with <c>Range</c>; others are not hit.</summary>
    RangeIgnored,

    /// <summary>Media: answers 416 to a request with <c>Range</c>; others are not hit.</summary>
    RangeNotSatisfiable,

    /// <summary>Answers 404, with the gateway's error envelope at the API; not processed.</summary>
    NotFound,
}
