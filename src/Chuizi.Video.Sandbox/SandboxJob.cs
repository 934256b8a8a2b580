using Chuizi.Video.Sandbox.Media;

namespace Chuizi.Video.Sandbox;

/// <summary>A job that a submission created, and that was billed.</summary>
public sealed class SandboxJob
{
    private readonly TimeProvider _clock;
    private int _mediaVersion;

    internal SandboxJob(TimeProvider clock) => _clock = clock;

    /// <summary>The opaque id.</summary>
    public required string Id { get; init; }

    /// <summary>The id of the cost record (<c>x_chuizi.generation_id</c> in the response to the submission).</summary>
    public required string GenerationId { get; init; }

    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>The prompt as received.</summary>
    public required string Prompt { get; init; }

    /// <summary>The video's length in seconds: as requested, otherwise the model's default.</summary>
    public required decimal Duration { get; init; }

    /// <summary><c>720P</c> (the default) or <c>1080P</c>.</summary>
    public required string Resolution { get; init; }

    /// <summary>The aspect ratio as requested, otherwise <c>16:9</c>.</summary>
    public required string AspectRatio { get; init; }

    /// <summary>The billed cost in USD. Refunded if the job fails.</summary>
    public required decimal Cost { get; init; }

    /// <summary>When the submission was accepted (UTC).</summary>
    public required DateTime Created { get; init; }

    /// <summary>When the job ends, or ended (UTC).</summary>
    public required DateTime Ends { get; init; }

    /// <summary>
    /// The received body. If it is over 64 KiB, each string over 1 KiB is shortened to its beginning, its length and
    /// its SHA-256 (of the unescaped text).
    /// </summary>
    public required string Body { get; init; }

    /// <summary><c>processing</c>, <c>succeeded</c> or <c>failed</c>, at the current time of the sandbox's clock.</summary>
    public string Status => _clock.GetUtcNow().UtcDateTime < Ends ? "processing" : Moderated ? "failed" : "succeeded";

    /// <summary>Whether moderation rejects the prompt, so that the job fails.</summary>
    internal bool Moderated { get; init; }

    internal FrameSize Size { get; init; }

    /// <summary>The random seed for the colors of the picture.</summary>
    internal int PictureSeed { get; init; }

    /// <summary>How often the file has changed under the same URL.</summary>
    internal int MediaVersion => Volatile.Read(ref _mediaVersion);

    /// <inheritdoc/>
    public override string ToString() => Id;

    internal void ChangeMedia() => Interlocked.Increment(ref _mediaVersion);
}
