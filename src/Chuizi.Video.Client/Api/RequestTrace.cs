using System.Globalization;

namespace Chuizi.Video.Client.Api;

/// <summary>One attempt of one request, for <c>-Verbose</c> and <c>-Debug</c>: no key.</summary>
/// <param name="Method">GET or POST.</param>
/// <param name="Path">The path at the API, without the host; of a download the address without its query, which may be a signature.</param>
/// <param name="Attempt">1 for the first.</param>
/// <param name="Status">The HTTP status; null where no answer came.</param>
/// <param name="Elapsed">From sending to the last byte of the answer; of a download to its first.</param>
/// <param name="RequestId">The <c>X-Request-Id</c>; null for a download.</param>
/// <param name="Failure">Why no answer came.</param>
internal sealed record RequestTrace(
    string Method,
    string Path,
    int Attempt,
    int? Status,
    TimeSpan Elapsed,
    string? RequestId,
    string? Failure)
{
    /// <summary>What was sent, masked and shortened; null where there was nothing, or nobody asked for it.</summary>
    public string? Sent { get; init; }

    /// <summary>What came, masked and shortened; null where there was nothing, or nobody asked for it.</summary>
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
                Received is null ? null : string.Create(CultureInfo.InvariantCulture, $"{what}, answered {Status}: {Received}"),
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
