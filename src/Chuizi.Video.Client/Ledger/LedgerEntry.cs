using System.Globalization;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Ledger;

/// <summary>One submission, put together from its lines.</summary>
internal sealed class LedgerEntry
{
    /// <summary>Its unique name in the ledger.</summary>
    public required string Entry { get; init; }

    /// <summary>The row it is of; null where the ledger does not tell rows apart.</summary>
    public string? Key { get; internal set; }

    /// <summary>The origin of the API it went to.</summary>
    public string? Origin { get; internal set; }

    /// <summary>The run that sent it.</summary>
    public string? Run { get; internal set; }

    /// <summary>The job's id; null where none is known.</summary>
    public string? Id { get; internal set; }

    /// <summary>
    /// <c>processing</c>, <c>succeeded</c> or <c>failed</c>; <c>skipped</c> where it was provably not taken; <c>unknown</c> as long as
    /// nothing is recorded but the intent, or where no answer told.
    /// </summary>
    public string Status { get; internal set; } = VideoStatus.Unknown;

    /// <summary>Whether an end of the request is recorded. Where not, the request is under way, or its run was killed.</summary>
    public bool IsAnswered { get; internal set; }

    /// <summary>The row's number when it was sent.</summary>
    public int? Row { get; internal set; }

    /// <summary>The model.</summary>
    public string? Model { get; internal set; }

    /// <summary>Seconds.</summary>
    public int? Duration { get; internal set; }

    /// <summary>The resolution asked for.</summary>
    public string? Resolution { get; internal set; }

    /// <summary>What it was expected to cost, in USD.</summary>
    public decimal? Estimate { get; internal set; }

    /// <summary>What it cost, in USD.</summary>
    public decimal? Cost { get; internal set; }

    /// <summary>When the intent was written, UTC.</summary>
    public DateTime At { get; internal set; }

    /// <summary>When it was submitted, by the API's clock, UTC.</summary>
    public DateTime? Created { get; internal set; }

    /// <summary>The video's address.</summary>
    public Uri? Url { get; internal set; }

    /// <summary>How long the generation took.</summary>
    public TimeSpan? Latency { get; internal set; }

    /// <summary>Why it failed.</summary>
    public VideoError? Error { get; internal set; }

    /// <summary>The submission's <c>X-Request-Id</c>.</summary>
    public string? RequestId { get; internal set; }

    /// <summary>The file it was saved to.</summary>
    public string? Path { get; internal set; }

    /// <summary>The file's SHA-256.</summary>
    public string? Sha256 { get; internal set; }

    /// <summary>The intent with all inputs; kept by readers that ask for it.</summary>
    public LedgerRecord? Intent { get; internal set; }

    /// <summary>The submission of the same row before this one.</summary>
    internal LedgerEntry? Before { get; set; }

    /// <summary>What it stands in the sum of <see cref="SpentMoney"/> with, in USD.</summary>
    internal decimal Counted { get; set; }

    /// <summary>What it counts as spent, in USD: 0 where it was not taken or failed without a cost; null where nobody knows.</summary>
    public decimal? Spent => Status switch
    {
        VideoStatus.Skipped => 0,
        VideoStatus.Failed => Cost ?? 0,
        _ => Cost ?? Estimate,
    };

    /// <summary>Brings <paramref name="video"/>, made from the same row, to where the ledger has it.</summary>
    public void ApplyTo(Video video)
    {
        video.Id = Id;
        video.Status = Status;
        video.Url = Url;
        video.Cost = Cost;
        video.Latency = Latency;
        video.Created = Created ?? (Id is null ? null : At);
        video.Error = Error;
        video.RequestId = RequestId;
        video.Path = Path;
        video.Sha256 = Sha256;
    }

    /// <summary>The failure of a submission of which nobody knows whether it was taken.</summary>
    public ChuiziException ToUnknown()
    {
        // A damaged line does not tell the time.
        string when = At == default ? "" : string.Create(CultureInfo.InvariantCulture, $" at {At:yyyy-MM-dd HH:mm:ss} UTC");
        string message = IsAnswered
            ? $"It was sent{when}, and no answer told whether the API took it: {Error?.Message ?? "the line with the answer is damaged."}"
            : $"It was being sent{when}, by a run that ended before an answer was recorded.";
        return new ChuiziException(ChuiziErrorKind.SubmissionOutcomeUnknown, message) { RequestId = RequestId };
    }

    /// <summary>The video as the ledger has it; <see cref="Intent"/> gives its inputs.</summary>
    public Video ToVideo()
    {
        Video video = new()
        {
            Origin = Origin,
            Model = Model,
            Prompt = Intent?.Prompt,
            Duration = Duration,
            AspectRatio = Intent?.AspectRatio,
            Resolution = Resolution,
            Image = Intent?.Image,
            ReferenceImage = Intent?.ReferenceImage,
            SourceVideo = Intent?.SourceVideo,
            Input = Intent is { FileName: null, Watermark: null, Parameter: null } or null ? null : new Dictionary<string, object?>
            {
                // What a video has no properties for.
                [nameof(LedgerRecord.FileName)] = Intent.FileName,
                [nameof(LedgerRecord.Watermark)] = Intent.Watermark,
                [nameof(LedgerRecord.Parameter)] = Intent.Parameter is { } fields ? JsonValue.FromElement(fields) : null,
            },
        };
        ApplyTo(video);
        video.Created ??= At;
        return video;
    }
}
