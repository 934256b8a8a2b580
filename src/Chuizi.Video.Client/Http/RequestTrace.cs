using System.Globalization;

namespace Chuizi.Video.Client.Http;

/// <summary>One attempt of one request, for <c>-Verbose</c>: no body and no key.</summary>
/// <param name="Method">GET or POST.</param>
/// <param name="Path">The path at the API, without the host.</param>
/// <param name="Attempt">1 for the first.</param>
/// <param name="Status">The HTTP status; null where no answer came.</param>
/// <param name="Elapsed">From sending to the last byte of the answer.</param>
/// <param name="RequestId">The <c>X-Request-Id</c>.</param>
/// <param name="Failure">Why no answer came.</param>
public sealed record RequestTrace(string Method, string Path, int Attempt, int? Status, TimeSpan Elapsed, string RequestId, string? Failure)
{
    /// <summary>The line that <c>-Verbose</c> shows.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Method} {Path}: {(Status is { } status ? status : Failure)} in {Elapsed.TotalMilliseconds:0} ms, attempt {Attempt}, request {RequestId}");
}
