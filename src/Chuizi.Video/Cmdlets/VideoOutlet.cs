using System.Management.Automation;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Module.Session;

namespace Chuizi.Video.Module.Cmdlets;

/// <summary>
/// Passes on, fails or drops each video of a cmdlet, and counts them for the summary, or the line with the totals, at the end of the
/// pipeline. Videos that are dropped, or whose error another cmdlet wrote, count as well. Use only on the pipeline thread.
/// </summary>
internal sealed class VideoOutlet(VideoCmdlet cmdlet, PipelineGroup group)
{
    private readonly HeldErrors _errors = cmdlet.Errors;
    private readonly Action<Video>? _ended = ModuleSession.Current.Ended;

    private readonly List<(Video Video, ErrorRecord Error)> _ofKind = [];

    // Counts the videos for a line at the end of a pipeline in a console; null for no line.
    private VideoSummaryBuilder? _total;

    /// <summary>Counts the videos instead of emitting them; null if they are emitted.</summary>
    public VideoSummaryBuilder? Tally { get; private set; }

    /// <summary>Counts the videos: for a summary in their place, or for a line at the end in a console.</summary>
    /// <param name="tally">Counts them.</param>
    /// <param name="asSummary">Whether a summary is emitted instead of the videos.</param>
    /// <param name="isQuiet">Whether there is no line at the end.</param>
    public void Count(VideoSummaryBuilder tally, bool asSummary, bool isQuiet)
    {
        Tally = asSummary ? tally : null;
        if (!asSummary && !isQuiet && ProgressDisplay.IsConsole(cmdlet.Host))
        {
            _total = group.Total = tally;
        }
    }

    /// <summary>Registers an incoming video and takes over the held errors of the cmdlet that emitted it.</summary>
    public void Receive(Video video)
    {
        VideoFacts facts = VideoFacts.Of(video);
        facts.IsBareId = video.Created is null && !VideoStatus.IsTerminal(video.Status);
        _errors.TakeOver(facts.Emitter);
    }

    /// <summary>Applies the state that the API returned to a video.</summary>
    public static void Update(Video video, VideoState state)
    {
        VideoFacts facts = VideoFacts.Of(video);
        if (state.Status == VideoStatus.Succeeded && video.Status != VideoStatus.Succeeded)
        {
            facts.SeeFinished();
        }

        state.ApplyTo(video);
        facts.IsBareId = false;
        facts.Problem = null;
    }

    /// <summary>Whether the failure of a video was already reported in this pipeline.</summary>
    public static bool IsReported(Video video) => VideoFacts.Of(video).Reporter is { IsAlive: true };

    /// <summary>Emits a video, or counts it if a summary is requested.</summary>
    public void Pass(Video video)
    {
        VideoFacts facts = VideoFacts.Of(video);
        facts.Emitter = _errors;
        _errors.HasEmitted = true;
        _total?.Add(video, facts.Problem);
        if (Tally is { } tally)
        {
            tally.Add(video, facts.Problem);
            _ended?.Invoke(video);
        }
        else
        {
            cmdlet.WriteObject(video);
        }

        group.Heap.Trim();
    }

    /// <summary>Writes the error of a failed video, unless it was already reported in this pipeline, and passes the video on.</summary>
    public void Fail(Video video, ErrorRecord error)
    {
        if (!IsReported(video))
        {
            VideoFacts facts = VideoFacts.Of(video);
            facts.Reporter = _errors;
            facts.Problem = ErrorRecords.ProblemOf(error);
            _errors.Write(error);
        }

        PassOrDrop(video);
    }

    /// <summary>Passes on a video whose failure is part of one error for several videos, which the caller writes.</summary>
    /// <param name="video">The video.</param>
    /// <param name="why">Why the video was not processed; null if an earlier run or the video itself has the reason.</param>
    public void FailTogether(Video video, ChuiziException? why)
    {
        VideoFacts facts = VideoFacts.Of(video);
        facts.Reporter = _errors;
        facts.Problem = why is null ? null : FailureReason.Of(why);
        PassOrDrop(video);
    }

    /// <summary>Fails a video with an error that is written once for all videos of its kind, at the end.</summary>
    public void FailOfKind(Video video, ErrorRecord error)
    {
        if (!IsReported(video))
        {
            VideoFacts facts = VideoFacts.Of(video);
            facts.Reporter = _errors;
            facts.Problem = ErrorRecords.ProblemOf(error);
            _ofKind.Add((video, error));
        }

        PassOrDrop(video);
    }

    /// <summary>Writes one error for each kind of failure that <see cref="FailOfKind"/> collected.</summary>
    public void WriteKinds()
    {
        foreach (IGrouping<string, (Video Video, ErrorRecord Error)> kind in _ofKind.GroupBy(failed => failed.Error.FullyQualifiedErrorId))
        {
            (Video Video, ErrorRecord Error)[] failed = [.. kind];
            _errors.Write(failed.Length == 1 ? failed[0].Error : ErrorRecords.Combine(failed, cmdlet.CommandsFromHere));
        }

        _ofKind.Clear();
    }

    /// <summary>Writes the error of a video that cannot be processed further, and drops it.</summary>
    public void Drop(Video video, ErrorRecord error)
    {
        VideoFacts.Of(video).Problem = ErrorRecords.ProblemOf(error);
        Drop(video);
        _errors.Write(error);
    }

    /// <summary>Drops a video that cannot be processed further. The summary counts it.</summary>
    public void Drop(Video video)
    {
        if (Tally is { } tally)
        {
            tally.Add(video, VideoFacts.Of(video).Problem);
        }
        else
        {
            group.Dropped.Add(video);
        }
    }

    /// <summary>Drops an input that is not a video. The summary counts it.</summary>
    public void Drop(FailureReason input)
    {
        if (Tally is { } tally)
        {
            tally.Refuse(input);
        }
        else
        {
            group.Refused.Add(input);
        }
    }

    /// <summary>
    /// Emits the summary if one is requested, otherwise writes the line with the totals in a console. Both include what earlier cmdlets of
    /// the pipeline dropped.
    /// </summary>
    public void Complete()
    {
        // Of several cmdlets, only the last one shows the totals.
        if ((Tally ?? (_total == group.Total ? _total : null)) is not { } tally)
        {
            return;
        }

        foreach (Video video in group.Dropped)
        {
            tally.Add(video, VideoFacts.Of(video).Problem);
            _ended?.Invoke(video);
        }

        group.Refused.ForEach(tally.Refuse);
        VideoSummary summary = tally.Finish(group.HasErrors);
        if (Tally is not null)
        {
            cmdlet.WriteObject(summary);
        }
        else if (summary.Total > 1)
        {
            cmdlet.WriteLine($"{summary}.", ProgressDisplay.TotalTag, shows: true);
        }
    }

    /// <summary>A later cmdlet cannot use a video if only its id is known and looking it up failed.</summary>
    private void PassOrDrop(Video video)
    {
        if (VideoFacts.Of(video).IsBareId)
        {
            Drop(video);
        }
        else
        {
            Pass(video);
        }
    }
}
