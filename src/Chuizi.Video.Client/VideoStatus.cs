namespace Chuizi.Video;

/// <summary>The values of <see cref="Video.Status"/>. The API may add others, which are mapped to these.</summary>
public static class VideoStatus
{
    /// <summary>Submitted and not yet finished.</summary>
    public const string Processing = "processing";

    /// <summary>Finished; <see cref="Video.Url"/> has the address of the file, unless the response had none.</summary>
    public const string Succeeded = "succeeded";

    /// <summary>The API could not generate the video; <see cref="Video.Error"/> says why.</summary>
    public const string Failed = "failed";

    /// <summary>Client only: outcome unknown. The submission was sent, but the API may or may not have accepted it.</summary>
    public const string Unknown = "unknown";

    /// <summary>Client only: not submitted.</summary>
    public const string Skipped = "skipped";

    /// <summary>Whether the API will not change a job of this status any more. This is the only place that decides it.</summary>
    public static bool IsTerminal(string status) => status is Succeeded or Failed or Unknown or Skipped;
}
