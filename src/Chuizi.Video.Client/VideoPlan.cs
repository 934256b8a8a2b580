namespace Chuizi.Video;

/// <summary>What New-ChuiziVideo would do with one video of a list. Money is USD.</summary>
public sealed class VideoPlan
{
    /// <summary>The number of its row in the list, from 1; null without a list.</summary>
    public int? Row { get; set; }

    /// <summary>The line of the row in the file, from 1; null if it is not known.</summary>
    public int? Line { get; set; }

    /// <summary>Its number among the videos of the row, from 1; null if the row is submitted once.</summary>
    public int? Take { get; set; }

    /// <summary>
    /// <c>Send</c>: it is submitted and billed. <c>Wait</c>, <c>Save</c>, <c>Done</c>: it was submitted before, and is in progress,
    /// finished but not saved, or saved. <c>Failed</c>, <c>Unknown</c>: the outcome of an earlier submission. <c>Skip</c>: it is not
    /// submitted now. <c>Invalid</c>: it has errors, or a limit requires its price, which is unknown.
    /// </summary>
    public string Action { get; set; } = "";

    /// <summary>The model.</summary>
    public string? Model { get; set; }

    /// <summary>The prompt.</summary>
    public string? Prompt { get; set; }

    /// <summary>The estimated cost of a video that is not submitted yet; null if unknown.</summary>
    public decimal? EstimatedCost { get; set; }

    /// <summary>
    /// Where the estimate comes from: <c>Listed</c> (the API's price list), <c>Seen</c> (earlier videos in the ledger), <c>Stated</c>
    /// (-EstimatedCost), <c>None</c>.
    /// </summary>
    public string PriceSource { get; set; } = "";

    /// <summary>What is wrong or remarkable; null if nothing is.</summary>
    public string? Problem { get; set; }

    /// <summary>What to do about it; null if nothing.</summary>
    public string? Fix { get; set; }

    /// <summary>The id of the earlier submission.</summary>
    public string? Id { get; set; }

    /// <summary>The file that it was saved to.</summary>
    public string? Path { get; set; }

    /// <summary>The input row with every column, or the bound parameters if there was no row; null if it contains an API key.</summary>
    public object? Input { get; set; }
}
