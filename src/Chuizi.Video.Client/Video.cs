namespace Chuizi.Video;

/// <summary>
/// One video, from submission to file. It has plain properties and a parameterless constructor, so that it survives CLIXML (jobs, remoting
/// and Export-Clixml).
/// </summary>
public sealed class Video
{
    /// <summary>The API's id of the job, opaque; null if it is not known (<c>unknown</c>, <c>skipped</c>).</summary>
    public string? Id { get; set; }

    /// <summary>One of the constants of <see cref="VideoStatus"/>.</summary>
    public string Status { get; set; } = VideoStatus.Processing;

    /// <summary>The model that generates the video.</summary>
    public string? Model { get; set; }

    /// <summary>The prompt.</summary>
    public string? Prompt { get; set; }

    /// <summary>The requested length, in seconds.</summary>
    public int? Duration { get; set; }

    /// <summary>The requested aspect ratio, e.g. <c>16:9</c>.</summary>
    public string? AspectRatio { get; set; }

    /// <summary>The requested resolution: <c>720P</c> or <c>1080P</c>.</summary>
    public string? Resolution { get; set; }

    /// <summary>The source image: a URL or the path of a local file.</summary>
    public string? Image { get; set; }

    /// <summary>The reference images: URLs or paths of local files.</summary>
    public string[]? ReferenceImage { get; set; }

    /// <summary>The URL of the source video.</summary>
    public string? SourceVideo { get; set; }

    /// <summary>Whether the provider adds its watermark; null if not specified.</summary>
    public bool? Watermark { get; set; }

    /// <summary>The permanent address of the finished MP4 (API contract, layer 1).</summary>
    public Uri? Url { get; set; }

    /// <summary>The cost in USD, as the API reports it.</summary>
    public decimal? Cost { get; set; }

    /// <summary>The cost in USD that was estimated before the submission; null if no price was known or asked for.</summary>
    public decimal? EstimatedCost { get; set; }

    /// <summary>How long the generation took, in seconds, as the API reports it.</summary>
    public double? Latency { get; set; }

    /// <summary>When it was submitted, UTC.</summary>
    public DateTime? Created { get; set; }

    /// <summary>When it was finished, UTC: the time of submission plus <see cref="Latency"/>; null if one is not known.</summary>
    public DateTime? Finished { get; set; }

    /// <summary>Why the video failed, in the API's words if it gave a reason.</summary>
    public VideoError? Error { get; set; }

    /// <summary>The <c>X-Request-Id</c> of the submission, which support asks for.</summary>
    public string? RequestId { get; set; }

    /// <summary>The name for the saved file, from the row; it may have folders, separated by <c>/</c>. Not sent.</summary>
    public string? FileName { get; set; }

    /// <summary>The full path of the saved file.</summary>
    public string? Path { get; set; }

    /// <summary>The size of the saved file, in bytes.</summary>
    public long? Size { get; set; }

    /// <summary>The SHA-256 of the saved file, in lowercase hexadecimal digits.</summary>
    public string? Sha256 { get; set; }

    /// <summary>The path of the ledger that records the video, or the address of its blob.</summary>
    public string? Ledger { get; set; }

    /// <summary>The origin of the API that has the video, if known: the runspace may have connected elsewhere since.</summary>
    public string? Origin { get; set; }

    /// <summary>The number of its row in the list, from 1; null if there was no list.</summary>
    public int? Row { get; set; }

    /// <summary>Its number among the videos of the same row, from 1; null if the row was submitted once.</summary>
    public int? Take { get; set; }

    /// <summary>Whether another run, with the same ledger, has submitted it and was still active when it was last seen.</summary>
    public bool Elsewhere { get; set; }

    /// <summary>What the user decided about it: <c>Kept</c> or <c>Rejected</c>; null if nothing.</summary>
    public string? Verdict { get; set; }

    /// <summary>The user's rating, from 1 to 5; null for none.</summary>
    public int? Rating { get; set; }

    /// <summary>The user's note about it.</summary>
    public string? Note { get; set; }

    /// <summary>The input row with every column, or the bound parameters if there was no row.</summary>
    public object? Input
    {
        get => KeptInput is IKeptInput kept ? KeptInput = kept.Restore() : KeptInput;
        set => KeptInput = value;
    }

    /// <summary>The input, possibly in the form that needs less memory until somebody asks for it.</summary>
    internal object? KeptInput { get; private set; }

    /// <inheritdoc/>
    public override string ToString() => Id ?? "";
}
