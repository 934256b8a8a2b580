using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Client.Waiting;
using Chuizi.Video.Module.Cmdlets;

namespace Chuizi.Video.Module.Waiting;

/// <summary>One call of Wait-ChuiziVideo: polls all videos and emits each as it finishes.</summary>
internal sealed class WaitRun
{
    private readonly VideoCmdlet _cmdlet;
    private readonly RecordedWait _wait;

    public WaitRun(VideoCmdlet cmdlet, WaitOptions options)
    {
        _cmdlet = cmdlet;
        _wait = new RecordedWait(cmdlet, options, End);
    }

    /// <summary>Adds a video: waits for it, or passes it on if it is final.</summary>
    public void Add(Video video)
    {
        if (!RecordedWait.IsOpen(video))
        {
            Pass(video);
            return;
        }

        _wait.Add(video);
        if (!_cmdlet.IsWorking)
        {
            _cmdlet.StartWork(_wait.RunAsync);
        }
    }

    /// <summary>Called when there are no more videos.</summary>
    public void Complete() => _wait.Complete();

    /// <summary>The progress record while waiting.</summary>
    public ProgressRecord? DescribeProgress(int activity)
    {
        if (_wait.Progress is not { } progress)
        {
            return null;
        }

        TimeSpan elapsed = _wait.Elapsed;
        int total = Math.Max(progress.Total, _cmdlet.Group.Expected);
        string failed = progress.Failed > 0 ? string.Create(CultureInfo.CurrentCulture, $", {progress.Failed} failed") : "";
        string status = string.Create(
            CultureInfo.CurrentCulture,
            $"{progress.Done} of {total} done{failed}{_cmdlet.Group.DescribeCost(progress.Cost)}, "
            + $"{(int)elapsed.TotalMinutes}:{elapsed.Seconds:00} elapsed, {RecordedWait.DescribeNext(progress)}");
        return new ProgressRecord(activity, "Waiting for videos", status)
        {
            PercentComplete = progress.Done * 100 / Math.Max(1, total),
            SecondsRemaining = _wait.SecondsLeft(progress, total),
        };
    }

    /// <summary>The message for Ctrl+C; null if no video is waited for.</summary>
    public string? DescribeStop() => Resumption.Describe(_wait.Remaining, _cmdlet.CommandsFromHere);

    private void End(WaitOutcome outcome)
    {
        if (outcome.Failure is not { } failure)
        {
            Pass(outcome.Video);
        }
        else if (failure.EndsTheRun)
        {
            _cmdlet.Outlet.FailTogether(outcome.Video, failure);
        }
        else if (failure.Kind is ChuiziErrorKind.WaitTimeout or ChuiziErrorKind.SubmissionElsewhere)
        {
            _cmdlet.Outlet.FailOfKind(outcome.Video, ErrorRecords.From(failure, outcome.Video));
        }
        else
        {
            _cmdlet.Outlet.Fail(outcome.Video, ErrorRecords.From(failure, outcome.Video));
        }
    }

    private void Pass(Video video)
    {
        if (video is { Status: VideoStatus.Failed, Id: not null })
        {
            _cmdlet.Outlet.Fail(video, ErrorRecords.Failed(video));
        }
        else
        {
            _cmdlet.Outlet.Pass(video);
        }
    }
}
