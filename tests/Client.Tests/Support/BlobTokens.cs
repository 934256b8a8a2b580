using Chuizi.Video.Client.Api;

namespace Chuizi.Video.Client.Tests.Support;

/// <summary>Creates tokens of any age.</summary>
internal static class BlobTokens
{
    /// <summary>Creates a token.</summary>
    /// <param name="value">The token.</param>
    /// <param name="life">How long it is still valid.</param>
    /// <param name="age">How long ago it was obtained.</param>
    public static BlobToken Of(string value, TimeSpan life, TimeSpan age = default) =>
        new(value, DateTimeOffset.UtcNow + life) { Obtained = DateTimeOffset.UtcNow - age };
}
