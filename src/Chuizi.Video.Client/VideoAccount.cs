namespace Chuizi.Video;

/// <summary>What the API reports about the key (<c>GET /v1/key/info</c>, API contract, layer 2). Values it omits are null.</summary>
public sealed class VideoAccount
{
    /// <summary>The API's base address.</summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>The balance, in USD.</summary>
    public decimal? Balance { get; set; }

    /// <summary>The request limit of the key, in requests per minute.</summary>
    public int? RequestsPerMinute { get; set; }

    /// <summary>The most that the key may spend in a day, in USD.</summary>
    public decimal? DailyLimit { get; set; }

    /// <summary>The models that the key may use; null if all are allowed.</summary>
    public string[]? AllowedModels { get; set; }
}
