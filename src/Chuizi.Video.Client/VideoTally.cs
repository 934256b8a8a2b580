namespace Chuizi.Video;

/// <summary>Collects the videos of one call for its <see cref="VideoSummary"/>. For one thread.</summary>
/// <param name="wantsFiles">Whether a video is done when it is saved; else when it is finished.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class VideoTally(bool wantsFiles, TimeProvider clock)
{
    /// <summary>What another run would only meet again: somebody has to change a prompt, a name or a ceiling, or to decide.</summary>
    private static readonly HashSet<string> s_forSomebody = new(StringComparer.Ordinal)
    {
        nameof(ChuiziErrorKind.SubmissionOutcomeUnknown), nameof(ChuiziErrorKind.CostLimitReached), nameof(ChuiziErrorKind.ModelNotAllowed),
        nameof(ChuiziErrorKind.FileExists), nameof(ChuiziErrorKind.NotAVideo), nameof(ChuiziErrorKind.UnsafeAddress), "InvalidFileName",
    };

    private readonly DateTime _started = clock.GetUtcNow().UtcDateTime;
    private readonly long _start = clock.GetTimestamp();
    private readonly List<Video> _videos = [];
    private readonly List<(string Reason, string? Message, string? Id)> _problems = [];
    private int _refused;
    private int _open;

    /// <summary>Counts a video, which nothing more will happen to in this call.</summary>
    public void Add(Video video)
    {
        _videos.Add(video);
        if (wantsFiles ? !IsSaved(video) : StatusOf(video) != VideoStatus.Succeeded)
        {
            string reason = video.Problem?.Reason ?? ReasonOf(video);
            _problems.Add((reason, video.Error?.Message ?? video.Problem?.Message, video.Id));
            _open += StatusOf(video) == VideoStatus.Failed || s_forSomebody.Contains(reason) ? 0 : 1;
        }
    }

    /// <summary>Counts an input that is no video.</summary>
    public void Refuse(string reason, string message)
    {
        _refused++;
        _problems.Add((reason, message, null));
    }

    /// <summary>The summary, at the call's end.</summary>
    /// <param name="hadErrors">Whether there were errors.</param>
    public VideoSummary Finish(bool hadErrors)
    {
        // One that came twice was paid once.
        Video[] different = [.. _videos.DistinctBy(video => video.Id is null ? (object)video : (video.Origin, video.Id))];
        (decimal cost, int costUnknown) = VideoFigures.CostOf(different);
        (TimeSpan? median, TimeSpan? longest) = VideoFigures.LatencyOf(different);
        VideoSummary summary = new()
        {
            Total = _videos.Count + _refused,
            Succeeded = Count(VideoStatus.Succeeded),
            Failed = Count(VideoStatus.Failed) + _refused,
            Processing = Count(VideoStatus.Processing),
            Unknown = Count(VideoStatus.Unknown),
            Skipped = Count(VideoStatus.Skipped),
            Saved = _videos.Count(IsSaved),
            Cost = cost,
            CostUnknown = costUnknown,
            Started = _started,
            Ended = clock.GetUtcNow().UtcDateTime,
            Elapsed = clock.GetElapsedTime(_start),
            MedianLatency = median,
            LongestLatency = longest,
            Failures =
            [
                // What another message says is mostly an id or a path, which would make a reason of each video.
                .. _problems.GroupBy(problem => (problem.Reason, problem.Reason == nameof(ChuiziErrorKind.GenerationFailed) ? problem.Message : null))
                    .Select(group => new VideoFailure { Reason = group.Key.Reason, Message = group.First().Message, Count = group.Count(), Ids = [.. group.Select(problem => problem.Id).OfType<string>()] })
                    .OrderByDescending(failure => failure.Count),
            ],
        };
        summary.ExitCode = summary.Total == 0 ? (hadErrors ? 1 : 0) : _open > 0 || (hadErrors && _problems.Count == 0) ? 2 : _problems.Count > 0 ? 3 : 0;
        return summary;

        int Count(string status) => _videos.Count(video => StatusOf(video) == status);
    }

    private static bool IsSaved(Video video) => video is { Status: VideoStatus.Succeeded, Path: not null };

    private static string StatusOf(Video video) => video switch
    {
        // Another try gets the same answer.
        { Problem.Reason: nameof(ChuiziErrorKind.VideoNotFound) or nameof(ChuiziErrorKind.RequestRejected) } => VideoStatus.Failed,
        _ => VideoStatus.IsTerminal(video.Status) ? video.Status : VideoStatus.Processing,
    };

    /// <summary>The reason of one whose error is of another call.</summary>
    private static string ReasonOf(Video video) => StatusOf(video) switch
    {
        VideoStatus.Failed => video.Id is null ? nameof(ChuiziErrorKind.RequestRejected) : nameof(ChuiziErrorKind.GenerationFailed),
        VideoStatus.Unknown => nameof(ChuiziErrorKind.SubmissionOutcomeUnknown),
        VideoStatus.Skipped => "NotSent",
        VideoStatus.Succeeded => "NotSaved",
        _ => "NotFinished",
    };
}
