namespace Chuizi.Video;

/// <summary>The words of <see cref="Video.Status"/>: an open set at the API, these at ours.</summary>
public static class VideoStatus
{
    /// <summary>Submitted and not yet finished.</summary>
    public const string Processing = "processing";

    /// <summary>Finished; the address is known.</summary>
    public const string Succeeded = "succeeded";

    /// <summary>The API gave up on it; <see cref="Video.Error"/> says why.</summary>
    public const string Failed = "failed";

    /// <summary>The client's own: sent, but whether the API took it is not known.</summary>
    public const string Unknown = "unknown";

    /// <summary>The client's own: not sent.</summary>
    public const string Skipped = "skipped";

    /// <summary>Whether nothing more will happen to a job of that status at the API. The one place that decides it.</summary>
    public static bool IsTerminal(string status) => status is Succeeded or Failed or Unknown or Skipped;

    /// <summary>
    /// Our word for the API's. <c>completed</c> is an older <c>succeeded</c> (layer 2); a word that nobody has documented
    /// means "still running" and is given back through <paramref name="unfamiliar"/>.
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
