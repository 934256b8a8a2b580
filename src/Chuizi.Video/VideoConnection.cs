namespace Chuizi.Video;

/// <summary>The connection that the cmdlets of a runspace use, and the limits on its spending. It does not contain the key.</summary>
public sealed class VideoConnection
{
    /// <summary>The API's base address.</summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>Where the key comes from: <c>Connect-ChuiziVideo</c>, <c>Sandbox</c> or <c>CHUIZI_API_KEY</c>.</summary>
    public string? Source { get; set; }

    /// <summary>Whether it is a sandbox, where nothing is billed.</summary>
    public bool IsSandbox { get; set; }

    /// <summary>The known request limit, in requests per minute; null if none is known.</summary>
    public int? RequestsPerMinute { get; set; }

    /// <summary>The ledger that records submissions without -Ledger; null if they are not recorded in a file.</summary>
    public string? Ledger { get; set; }

    /// <summary>The spending limit of CHUIZI_MAX_COST, in USD; null if it is not set.</summary>
    public decimal? MaxCost { get; set; }

    /// <summary>The budget of CHUIZI_MONTHLY_BUDGET, in USD; null if it is not set.</summary>
    public decimal? MonthlyBudget { get; set; }
}
