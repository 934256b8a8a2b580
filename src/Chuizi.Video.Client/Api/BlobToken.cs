namespace Chuizi.Video.Client.Api;

/// <summary>A token of Microsoft Entra ID for Azure Storage.</summary>
/// <param name="Value">The token.</param>
/// <param name="Expires">When it expires.</param>
internal sealed record BlobToken(string Value, DateTimeOffset Expires)
{
    /// <summary>When it was obtained.</summary>
    public DateTimeOffset Obtained { get; init; } = DateTimeOffset.UtcNow;

    /// <summary>Omits the value, which gives access.</summary>
    public override string ToString() => $"A token until {Expires:u}";
}
