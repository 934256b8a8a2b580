namespace Chuizi.Video;

/// <summary>Collects the videos of one call for its <see cref="VideoSummary"/>. For one thread.</summary>
/// <param name="wantsFiles">Whether a video is done when it is saved; otherwise it is done when it is finished at the API.</param>
/// <param name="clock">The clock that the call is timed with.</param>
internal sealed class VideoTally(bool wantsFiles, TimeProvider clock)
{
    /// <summary>Running again gives the same result: a prompt, a file name or a ceiling has to be changed, or a decision made.</summary>
    private static readonly HashSet<string> s_needsAttention = new(StringComparer.Ordinal)
    {
        nameof(ChuiziErrorKind.SubmissionOutcomeUnknown),
        nameof(ChuiziErrorKind.CostLimitReached),
        nameof(ChuiziErrorKind.ModelNotAllowed),
        nameof(ChuiziErrorKind.FileExists),
        nameof(ChuiziErrorKind.NotAVideo),
        nameof(ChuiziErrorKind.UnsafeAddress),
        "InvalidFileName",
    };

    private readonly DateTime _started = clock.GetUtcNow().UtcDateTime;
    private readonly long _start = clock.GetTimestamp();
    private readonly List<(Video Video, string Status)> _videos = [];
    private readonly List<(string Reason, string? Message, string? Id)> _problems = [];
    private int _refused;
    private int _retryable;

    /// <summary>Counts a video, which nothing more will happen to in this call.</summary>
    /// <param name="video">The video.</param>
    /// <param name="problem">What kept it from being done; null where nothing did, or where another call knows.</param>
    public void Add(Video video, VideoProblem? problem = null)
    {
        string status = StatusOf(video, problem);
        _videos.Add((video, status));
        if (wantsFiles ? !IsSaved(video) : status != VideoStatus.Succeeded)
        {
            string reason = problem?.Reason ?? ReasonOf(video, status);
            _problems.Add((reason, video.Error?.Message ?? problem?.Message, video.Id));
            _retryable += status == VideoStatus.Failed || s_needsAttention.Contains(reason) ? 0 : 1;
        }
    }

    /// <summary>Counts an input that is not a video.</summary>
    public void Refuse(VideoProblem problem)
    {
        _refused++;
        _problems.Add((problem.Reason, problem.Message, null));
    }

    /// <summary>The summary, at the call's end.</summary>
    /// <param name="hadErrors">Whether there were errors.</param>
    public VideoSummary Finish(bool hadErrors)
    {
        // A video that came twice was paid for once.
        Video[] distinct =
        [
            .. _videos.Select(counted => counted.Video).DistinctBy(video => video.Id is null ? (object)video : (video.Origin, video.Id)),
        ];
        (decimal cost, int costUnknown) = VideoFigures.CostOf(distinct);
        (TimeSpan? median, TimeSpan? longest) = VideoFigures.LatencyOf(distinct);
        return new VideoSummary
        {
            Total = _videos.Count + _refused,
            Succeeded = Count(VideoStatus.Succeeded),
            Failed = Count(VideoStatus.Failed) + _refused,
            Processing = Count(VideoStatus.Processing),
            Unknown = Count(VideoStatus.Unknown),
            Skipped = Count(VideoStatus.Skipped),
            Saved = _videos.Count(counted => IsSaved(counted.Video)),
            Cost = cost,
            CostUnknown = costUnknown,
            Started = _started,
            Ended = clock.GetUtcNow().UtcDateTime,
            Elapsed = clock.GetElapsedTime(_start),
            MedianLatency = median,
            LongestLatency = longest,
            Failures = Failures(),
            ExitCode = ExitCode(hadErrors),
        };

        int Count(string status) => _videos.Count(counted => counted.Status == status);
    }

    /// <summary>What a script may end with; the numbers are those of <see cref="VideoSummary.ExitCode"/>.</summary>
    private int ExitCode(bool hadErrors)
    {
        const int Done = 0;
        const int NothingCame = 1;
        const int RunAgain = 2;
        const int NeedsAttention = 3;
        bool isEmpty = _videos.Count + _refused == 0;
        if (isEmpty)
        {
            return hadErrors ? NothingCame : Done;
        }

        if (_problems.Count == 0)
        {
            // Every video that came is done. An error then is about what did not come: rows that were not sent, for example.
            return hadErrors ? RunAgain : Done;
        }

        // One video that another run may finish is reason enough to run again, whatever the others need.
        return _retryable > 0 ? RunAgain : NeedsAttention;
    }

    // Most messages name an id or a path, which would make each video a reason of its own. What the API says of a generation does not.
    private VideoFailure[] Failures() =>
    [
        .. _problems
            .GroupBy(problem => (problem.Reason, problem.Reason == nameof(ChuiziErrorKind.GenerationFailed) ? problem.Message : null))
            .Select(group => new VideoFailure
            {
                Reason = group.Key.Reason,
                Message = group.First().Message,
                Count = group.Count(),
                Ids = [.. group.Select(problem => problem.Id).OfType<string>()],
            })
            .OrderByDescending(failure => failure.Count),
    ];

    private static bool IsSaved(Video video) => video is { Status: VideoStatus.Succeeded, Path: not null };

    private static string StatusOf(Video video, VideoProblem? problem) => problem?.Reason switch
    {
        // Asking again gets the same answer.
        nameof(ChuiziErrorKind.VideoNotFound) or nameof(ChuiziErrorKind.RequestRejected) => VideoStatus.Failed,
        _ => VideoStatus.IsTerminal(video.Status) ? video.Status : VideoStatus.Processing,
    };

    /// <summary>The reason of one whose error was reported in another call.</summary>
    private static string ReasonOf(Video video, string status) => status switch
    {
        VideoStatus.Failed => video.Id is null ? nameof(ChuiziErrorKind.RequestRejected) : nameof(ChuiziErrorKind.GenerationFailed),
        VideoStatus.Unknown => nameof(ChuiziErrorKind.SubmissionOutcomeUnknown),
        VideoStatus.Skipped => "NotSent",
        VideoStatus.Succeeded => "NotSaved",
        _ => "NotFinished",
    };
}
