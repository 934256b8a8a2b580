namespace Chuizi.Video;

/// <summary>What the API says of the key (<c>GET /v1/key/info</c>, API contract, layer 2). What it leaves out is null.</summary>
public sealed class VideoAccount
{
    /// <summary>The API's base address.</summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>What is left, in USD.</summary>
    public decimal? Balance { get; set; }

    /// <summary>Requests a minute that the key may make.</summary>
    public int? RequestsPerMinute { get; set; }

    /// <summary>What the key may spend in a day, in USD.</summary>
    public decimal? DailyLimit { get; set; }

    /// <summary>The models that the key may use; null where it is not limited.</summary>
    public string[]? AllowedModels { get; set; }
}
