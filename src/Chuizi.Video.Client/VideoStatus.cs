namespace Chuizi.Video;

/// <summary>The values of <see cref="Video.Status"/>. The API may add others, which are mapped to these.</summary>
public static class VideoStatus
{
    /// <summary>Submitted and not yet finished.</summary>
    public const string Processing = "processing";

    /// <summary>Finished; the address of the file is known.</summary>
    public const string Succeeded = "succeeded";

    /// <summary>The API could not generate the video; <see cref="Video.Error"/> says why.</summary>
    public const string Failed = "failed";

    /// <summary>Client only: outcome unknown. The submission was sent, but the API may or may not have accepted it.</summary>
    public const string Unknown = "unknown";

    /// <summary>Client only: not submitted.</summary>
    public const string Skipped = "skipped";

    /// <summary>Whether the API will not change a job of this status any more. This is the only place that decides it.</summary>
    public static bool IsTerminal(string status) => status is Succeeded or Failed or Unknown or Skipped;

    /// <summary>
    /// Maps the API's status word to one of ours. <c>completed</c> is an older <c>succeeded</c> (layer 2). An undocumented word means
    /// "still in progress" and is returned in <paramref name="unfamiliar"/>.
    /// </summary>
    public static string FromWire(string? word, out string? unfamiliar)
    {
        unfamiliar = null;
        switch (word?.Trim().ToUpperInvariant())
        {
            case "PROCESSING":
                return Processing;
            case "SUCCEEDED" or "COMPLETED":
                return Succeeded;
            case "FAILED":
                return Failed;
            default:
                unfamiliar = string.IsNullOrWhiteSpace(word) ? "(none)" : word.Trim();
                return Processing;
        }
    }
}
