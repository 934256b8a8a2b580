using Chuizi.Video.Client.Rows;

namespace Chuizi.Video.Client.Submitting;

/// <summary>One row on its way to the API.</summary>
/// <param name="Row">Its number from 1; null where there is only one prompt.</param>
/// <param name="Request">What is sent.</param>
/// <param name="Key">How the ledger recognises the row; null where it does not tell rows apart.</param>
/// <param name="Estimate">What it will cost in USD; null where nobody knows.</param>
public sealed record Submission(int? Row, VideoRequest Request, string? Key = null, decimal? Estimate = null)
{
    /// <summary>The name that the row wants for its file, which the ledger keeps.</summary>
    public string? FileName { get; init; }
}
