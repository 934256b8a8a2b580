namespace Chuizi.Video;

/// <summary>
/// One video from submission to file. Plain properties and a parameterless constructor, so that it survives
/// CLIXML: jobs, remoting and Export-Clixml.
/// </summary>
public sealed class Video
{
    /// <summary>The job's id at the API, opaque; null where none is known (<c>unknown</c>, <c>skipped</c>).</summary>
    public string? Id { get; set; }

    /// <summary>One of <see cref="VideoStatus"/>'s words.</summary>
    public string Status { get; set; } = VideoStatus.Processing;

    /// <summary>The model that makes it.</summary>
    public string? Model { get; set; }

    /// <summary>What it shows, as asked for.</summary>
    public string? Prompt { get; set; }

    /// <summary>The length asked for, in seconds.</summary>
    public int? Duration { get; set; }

    /// <summary>The aspect ratio asked for, e.g. <c>16:9</c>.</summary>
    public string? AspectRatio { get; set; }

    /// <summary>The resolution asked for: <c>720P</c> or <c>1080P</c>.</summary>
    public string? Resolution { get; set; }

    /// <summary>The source image: an address or the path of a local file.</summary>
    public string? Image { get; set; }

    /// <summary>The reference images: addresses or paths of local files.</summary>
    public string[]? ReferenceImage { get; set; }

    /// <summary>The address of the source video.</summary>
    public string? SourceVideo { get; set; }

    /// <summary>Where the finished MP4 is, permanently (API contract, layer 1).</summary>
    public Uri? Url { get; set; }

    /// <summary>What the API says it cost, in USD.</summary>
    public decimal? Cost { get; set; }

    /// <summary>How long the API says the generation took.</summary>
    public TimeSpan? Latency { get; set; }

    /// <summary>When it was submitted, UTC.</summary>
    public DateTime? Created { get; set; }

    /// <summary>Why it failed, in the API's words.</summary>
    public VideoError? Error { get; set; }

    /// <summary>The <c>X-Request-Id</c> of the submission, which is what support asks for.</summary>
    public string? RequestId { get; set; }

    /// <summary>The full path of the saved file.</summary>
    public string? Path { get; set; }

    /// <summary>The SHA-256 of the saved file, in lower-case hexadecimal digits.</summary>
    public string? Sha256 { get; set; }

    /// <summary>The ledger that records it.</summary>
    public string? Ledger { get; set; }

    /// <summary>The row it came from with every column, or the bound parameters where there was none.</summary>
    public object? Input { get; set; }

    /// <summary>The origin of the API that has it, where that is known: the runspace may be connected elsewhere since.</summary>
    internal string? Origin { get; set; }

    /// <inheritdoc/>
    public override string ToString() => Id ?? "";
}
