using System.Management.Automation;
using Chuizi.Video.Client.Api;

namespace Chuizi.Video.Module.Cmdlets;

/// <summary>
/// What becomes of each video of a cmdlet: it is passed on, it fails, or it is dropped. One that is dropped, or whose error another cmdlet
/// has written, is still counted by the summary at the pipeline's end. For the pipeline thread.
/// </summary>
internal sealed class VideoOutlet(VideoCmdlet cmdlet, PipelineGroup group)
{
    private readonly HeldErrors _errors = cmdlet.Errors;

    /// <summary>Counts the videos in place of emitting them; null where they are emitted.</summary>
    public VideoTally? Tally { get; set; }

    /// <summary>Notes that a video has come in, and takes over the held errors of the cmdlet that emitted it.</summary>
    public void Receive(Video video)
    {
        VideoFacts facts = VideoFacts.Of(video);
        facts.IsBareId = video.Created is null && !VideoStatus.IsTerminal(video.Status);
        _errors.TakeOver(facts.Emitter);
    }

    /// <summary>Brings a video up to what the API says of it.</summary>
    public static void Update(Video video, VideoState state)
    {
        state.ApplyTo(video);
        VideoFacts facts = VideoFacts.Of(video);
        facts.IsBareId = false;
        facts.Problem = null;
    }

    /// <summary>Whether the failure of a video has been written as an error in this pipeline.</summary>
    public static bool IsReported(Video video) => VideoFacts.Of(video).Reporter is { IsAlive: true };

    /// <summary>Passes a video on: emits it, or counts it where a summary is wanted.</summary>
    public void Pass(Video video)
    {
        VideoFacts facts = VideoFacts.Of(video);
        facts.Emitter = _errors;
        _errors.HasEmitted = true;
        if (Tally is { } tally)
        {
            tally.Add(video, facts.Problem);
        }
        else
        {
            cmdlet.WriteObject(video);
        }
    }

    /// <summary>Writes the error of a failed video, unless that has been done in this pipeline, and passes the video on.</summary>
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

    /// <summary>Passes on a video whose failure one error reports together with others, which the caller writes.</summary>
    /// <param name="video">The video.</param>
    /// <param name="why">What kept it from being done; null where an earlier run or the video itself says so.</param>
    public void FailTogether(Video video, ChuiziException? why)
    {
        VideoFacts facts = VideoFacts.Of(video);
        facts.Reporter = _errors;
        facts.Problem = why is null ? null : VideoProblem.Of(why);
        PassOrDrop(video);
    }

    /// <summary>Writes the error of a video that goes no further here, and drops it.</summary>
    public void Drop(Video video, ErrorRecord error)
    {
        VideoFacts.Of(video).Problem = ErrorRecords.ProblemOf(error);
        Drop(video);
        _errors.Write(error);
    }

    /// <summary>Drops a video that goes no further here; a summary counts it.</summary>
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

    /// <summary>Drops an input that is not a video; a summary counts it.</summary>
    public void Drop(VideoProblem input)
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

    /// <summary>Emits the summary, where one is wanted, with all that earlier cmdlets of the pipeline dropped.</summary>
    public void Complete()
    {
        if (Tally is not { } tally)
        {
            return;
        }

        foreach (Video video in group.Dropped)
        {
            tally.Add(video, VideoFacts.Of(video).Problem);
        }

        group.Refused.ForEach(tally.Refuse);
        cmdlet.WriteObject(tally.Finish(group.HasErrors));
    }

    /// <summary>A bare id that came to nothing is not a video that a later cmdlet could do anything with.</summary>
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
