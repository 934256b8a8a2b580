namespace Chuizi.Video.Client.Api;

/// <summary>The state of a job, from one response of the API.</summary>
internal sealed record VideoState
{
    /// <summary>The job's id.</summary>
    public required string Id { get; init; }

    /// <summary>
    /// The place of the id in the response to the submission, if it is not where the contract puts it; null otherwise. If the API does
    /// not know such an id, it may not be the id of the job, and the outcome is unknown.
    /// </summary>
    public string? IdSource { get; init; }

    /// <summary>One of the constants of <see cref="VideoStatus"/>.</summary>
    public required string Status { get; init; }

    /// <summary>The API's status word, if it is undocumented.</summary>
    public string? UnfamiliarStatus { get; init; }

    /// <summary>The model, if the response contains it.</summary>
    public string? Model { get; init; }

    /// <summary>The address of the finished MP4.</summary>
    public Uri? Url { get; init; }

    /// <summary>The cost in USD.</summary>
    public decimal? Cost { get; init; }

    /// <summary>How long the generation took.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>When the job was created, UTC.</summary>
    public DateTime? Created { get; init; }

    /// <summary>Why the job failed.</summary>
    public VideoError? Error { get; init; }

    /// <summary>The <c>X-Request-Id</c> of the response.</summary>
    public string? RequestId { get; init; }

    /// <summary>Copies this state to <paramref name="video"/>. Values that the response omits are left unchanged.</summary>
    public void ApplyTo(Video video)
    {
        video.Id = Id;
        video.Status = Status;
        video.Model ??= Model;
        video.Url = Url ?? video.Url;
        video.Cost = Cost ?? video.Cost;
        video.Latency = Latency?.TotalSeconds ?? video.Latency;
        video.Created ??= Created;
        video.Finished ??= VideoStatus.IsTerminal(video.Status) ? VideoFigures.EndOf(video.Created, video.Latency) : null;
        video.Error = Error ?? video.Error;
        video.RequestId ??= RequestId;
    }
}
