using System.Security.Cryptography;

namespace Chuizi.Video.Sandbox.Http;

/// <summary>The ids of requests, jobs and cost records.</summary>
internal static class SandboxIds
{
    private const int Longest = 128;

    /// <summary>The id of a request: the client's if it sent a valid one (API contract, layer 2), otherwise a new one.</summary>
    public static string Of(HttpRequest request) =>
        request.Headers.TryGetValue("X-Request-Id", out string? id)
        && id.Length is > 0 and <= Longest
        && !id.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? id
            : Make("req-", 8);

    /// <summary>A random id. It is unique across sandboxes, so that a ledger never confuses two jobs.</summary>
    public static string Make(string prefix, int bytes)
    {
        Span<byte> random = stackalloc byte[bytes];
        RandomNumberGenerator.Fill(random);
#pragma warning disable CA1308 // Ids are lower case by design; nothing is compared.
        return prefix + Convert.ToHexString(random).ToLowerInvariant();
#pragma warning restore CA1308
    }
}
