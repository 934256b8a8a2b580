using System.Globalization;

namespace Chuizi.Video.Client.Api;

/// <summary>One attempt of a request, for <c>-Verbose</c> and <c>-Debug</c>. It does not contain the key.</summary>
/// <param name="Method">GET or POST.</param>
/// <param name="Path">
/// The path relative to the base address; for a download, the address without the query, which may contain a signature.
/// </param>
/// <param name="Attempt">1 for the first.</param>
/// <param name="Status">The HTTP status; null without a response.</param>
/// <param name="Elapsed">The time from sending to the last byte of the response; for a download, to the first.</param>
/// <param name="RequestId">The <c>X-Request-Id</c>; null for a download.</param>
/// <param name="Failure">Why no response arrived.</param>
internal sealed record RequestTrace(
    string Method,
    string Path,
    int Attempt,
    int? Status,
    TimeSpan Elapsed,
    string? RequestId,
    string? Failure)
{
    /// <summary>The request body, masked and shortened; null if it is empty or bodies are not traced.</summary>
    public string? Sent { get; init; }

    /// <summary>The response body, masked and shortened; null if it is empty or bodies are not traced.</summary>
    public string? Received { get; init; }

    /// <summary>The lines that <c>-Debug</c> shows.</summary>
    public IEnumerable<string> Bodies
    {
        get
        {
            string what = string.Create(CultureInfo.InvariantCulture, $"{Method} {Path}, attempt {Attempt}");
            return new[]
            {
                Sent is null ? null : $"{what}, sent: {Sent}",
                Received is null ? null : string.Create(CultureInfo.InvariantCulture, $"{what}, received {Status}: {Received}"),
            }.OfType<string>();
        }
    }

    /// <summary>The line that <c>-Verbose</c> shows.</summary>
    public override string ToString()
    {
        string? outcome = Status?.ToString(CultureInfo.InvariantCulture) ?? Failure;
        string request = RequestId is null ? "" : $", request {RequestId}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Method} {Path}: {outcome} in {Elapsed.TotalMilliseconds:0} ms, attempt {Attempt}{request}");
    }
}
