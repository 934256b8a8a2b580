namespace Chuizi.Video;

/// <summary>Collects the videos of one call for its <see cref="VideoSummary"/>. Not thread-safe.</summary>
/// <param name="wantsFiles">Whether a video is done when it is saved; otherwise it is done when the API has finished it.</param>
/// <param name="clock">The clock that times the call.</param>
internal sealed class VideoSummaryBuilder(bool wantsFiles, TimeProvider clock)
{
    /// <summary>
    /// The reasons for which another run would give the same result: a prompt, a file name or the spending limit has to be changed, or a
    /// decision made.
    /// </summary>
    private static readonly HashSet<string> s_needsAttention = new(StringComparer.Ordinal)
    {
        nameof(ChuiziErrorKind.SubmissionOutcomeUnknown),
        nameof(ChuiziErrorKind.CostLimitReached),
        nameof(ChuiziErrorKind.BudgetReached),
        nameof(ChuiziErrorKind.ModelNotAllowed),
        nameof(ChuiziErrorKind.ModelNotFound),
        nameof(ChuiziErrorKind.GenerationFailed),
        nameof(ChuiziErrorKind.FileExists),
        nameof(ChuiziErrorKind.UnsafeAddress),
        "InvalidFileName",
    };

    private readonly DateTime _started = clock.GetUtcNow().UtcDateTime;
    private readonly long _start = clock.GetTimestamp();
    private readonly List<(Video Video, string Status)> _videos = [];
    private readonly List<(string Reason, string? Message, string? Id)> _problems = [];
    private int _refused;
    private int _retryable;

    /// <summary>Counts a video that has reached its end in this call.</summary>
    /// <param name="video">The video.</param>
    /// <param name="problem">Why it is not done; null if it is, or if an earlier call reported the reason.</param>
    public void Add(Video video, FailureReason? problem = null)
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
    public void Refuse(FailureReason problem)
    {
        _refused++;
        _problems.Add((problem.Reason, problem.Message, null));
    }

    /// <summary>Returns the summary at the end of the call.</summary>
    /// <param name="hadErrors">Whether there were errors.</param>
    public VideoSummary Finish(bool hadErrors)
    {
        // A video that was piped in twice was billed once.
        Video[] distinct =
        [
            .. _videos.Select(counted => counted.Video).DistinctBy(video => video.Id is null ? (object)video : (video.Origin, video.Id)),
        ];
        (decimal cost, int costUnknown) = VideoFigures.CostOf(distinct);
        (double? median, double? longest) = VideoFigures.LatencyOf(distinct);
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
            Elapsed = clock.GetElapsedTime(_start).TotalSeconds,
            MedianLatency = median,
            LongestLatency = longest,
            Problems = Problems(),
            ExitCode = ExitCode(hadErrors),
        };

        int Count(string status) => _videos.Count(counted => counted.Status == status);
    }

    /// <summary>An exit code for scripts; see <see cref="VideoSummary.ExitCode"/>.</summary>
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
            // Every video that arrived is done. Errors are then about videos that did not arrive, such as rows that were not submitted.
            return hadErrors ? RunAgain : Done;
        }

        // One video that another run may finish is enough to recommend another run.
        return _retryable > 0 ? RunAgain : NeedsAttention;
    }

    // Most messages contain an id or a path, so grouping by them would give each video its own reason. The API's reasons for failed
    // generations do not.
    private VideoSummaryProblem[] Problems() =>
    [
        .. _problems
            .GroupBy(problem => (problem.Reason, problem.Reason == nameof(ChuiziErrorKind.GenerationFailed) ? problem.Message : null))
            .Select(group => new VideoSummaryProblem
            {
                Reason = group.Key.Reason,
                Message = group.First().Message,
                Count = group.Count(),
                Ids = [.. group.Select(problem => problem.Id).OfType<string>()],
            })
            .OrderByDescending(failure => failure.Count),
    ];

    private static bool IsSaved(Video video) => video is { Status: VideoStatus.Succeeded, Path: not null };

    private static string StatusOf(Video video, FailureReason? problem) => problem?.Reason switch
    {
        // Another poll gets the same response.
        nameof(ChuiziErrorKind.VideoNotFound) or nameof(ChuiziErrorKind.RequestRejected) => VideoStatus.Failed,
        _ => VideoStatus.IsTerminal(video.Status) ? video.Status : VideoStatus.Processing,
    };

    /// <summary>The reason of a video whose error was reported in an earlier call.</summary>
    private static string ReasonOf(Video video, string status) => status switch
    {
        VideoStatus.Failed => video.Id is null ? nameof(ChuiziErrorKind.RequestRejected) : nameof(ChuiziErrorKind.GenerationFailed),
        VideoStatus.Unknown => nameof(ChuiziErrorKind.SubmissionOutcomeUnknown),
        VideoStatus.Skipped => "NotSent",
        VideoStatus.Succeeded => "NotSaved",
        _ => "NotFinished",
    };
}
