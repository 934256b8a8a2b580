namespace Chuizi.Video.Client.Api;

/// <summary>What one answer of the API says of a job.</summary>
internal sealed record VideoState
{
    /// <summary>The job's id.</summary>
    public required string Id { get; init; }

    /// <summary>One of <see cref="VideoStatus"/>'s words.</summary>
    public required string Status { get; init; }

    /// <summary>The API's status word, where it is none that is documented.</summary>
    public string? UnfamiliarStatus { get; init; }

    /// <summary>The model, where the answer names it.</summary>
    public string? Model { get; init; }

    /// <summary>The address of the finished MP4.</summary>
    public Uri? Url { get; init; }

    /// <summary>The cost in USD.</summary>
    public decimal? Cost { get; init; }

    /// <summary>How long the generation took.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>When the job was made, UTC.</summary>
    public DateTime? Created { get; init; }

    /// <summary>Why the job failed.</summary>
    public VideoError? Error { get; init; }

    /// <summary>The <c>X-Request-Id</c> of the answer.</summary>
    public string? RequestId { get; init; }

    /// <summary>Brings <paramref name="video"/> up to this state. What the answer leaves out stays as it was.</summary>
    public void ApplyTo(Video video)
    {
        video.Id = Id;
        video.Status = Status;
        video.Model ??= Model;
        video.Url = Url ?? video.Url;
        video.Cost = Cost ?? video.Cost;
        video.Latency = Latency ?? video.Latency;
        video.Created ??= Created;
        video.Error = Error ?? video.Error;
        video.RequestId ??= RequestId;
    }
}
