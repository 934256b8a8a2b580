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

    /// <summary>The permanent address of the finished MP4 (API contract, layer 1).</summary>
    public Uri? Url { get; set; }

    /// <summary>The cost in USD, as the API reports it.</summary>
    public decimal? Cost { get; set; }

    /// <summary>How long the generation took, as the API reports it.</summary>
    public TimeSpan? Latency { get; set; }

    /// <summary>When it was submitted, UTC.</summary>
    public DateTime? Created { get; set; }

    /// <summary>Why the video failed, in the API's words.</summary>
    public VideoError? Error { get; set; }

    /// <summary>The <c>X-Request-Id</c> of the submission, which support asks for.</summary>
    public string? RequestId { get; set; }

    /// <summary>The full path of the saved file.</summary>
    public string? Path { get; set; }

    /// <summary>The SHA-256 of the saved file, in lowercase hexadecimal digits.</summary>
    public string? Sha256 { get; set; }

    /// <summary>The path of the ledger that records the video.</summary>
    public string? Ledger { get; set; }

    /// <summary>The input row with every column, or the bound parameters if there was no row.</summary>
    public object? Input { get; set; }

    /// <summary>The origin of the API that has the video, if known: the runspace may have connected elsewhere since.</summary>
    internal string? Origin { get; set; }

    /// <inheritdoc/>
    public override string ToString() => Id ?? "";
}
