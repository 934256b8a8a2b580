using System.Globalization;
using System.Text;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Api;

/// <summary>One attempt of one request, for <c>-Verbose</c> and <c>-Debug</c>: no key.</summary>
/// <param name="Method">GET or POST.</param>
/// <param name="Path">The path at the API, without the host; of a download the address without its query, which may be a signature.</param>
/// <param name="Attempt">1 for the first.</param>
/// <param name="Status">The HTTP status; null where no answer came.</param>
/// <param name="Elapsed">From sending to the last byte of the answer; of a download to its first.</param>
/// <param name="RequestId">The <c>X-Request-Id</c>; null for a download.</param>
/// <param name="Failure">Why no answer came.</param>
internal sealed record RequestTrace(string Method, string Path, int Attempt, int? Status, TimeSpan Elapsed, string? RequestId, string? Failure)
{
    private const int LongestBody = 4000;

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
            return new[] { Sent is null ? null : $"{what}, sent: {Sent}", Received is null ? null : string.Create(CultureInfo.InvariantCulture, $"{what}, answered {Status}: {Received}") }.OfType<string>();
        }
    }

    /// <summary>The line that <c>-Verbose</c> shows.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Method} {Path}: {(Status is { } status ? status : Failure)} in {Elapsed.TotalMilliseconds:0} ms, attempt {Attempt}{(RequestId is null ? "" : ", request ")}{RequestId}");

    /// <summary>A body as it is shown: one line, of bounded length, without a key and without what would steer a terminal.</summary>
    internal static string Show(ReadOnlySpan<byte> body)
    {
        // A letter is up to four bytes; one cut in half is shown as a mark.
        string text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, LongestBody * 4)]);
        string rest = text.Length > LongestBody || body.Length > LongestBody * 4 ? string.Create(CultureInfo.InvariantCulture, $"… ({body.Length:N0} bytes in all)") : "";
        return SecretRedactor.Mask(VideoFormat.Line(text.Length > LongestBody ? text[..LongestBody] : text)) + rest;
    }
}
