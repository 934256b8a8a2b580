using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Client.Waiting;
using Chuizi.Video.Module.Errors;
using Chuizi.Video.Module.Pipeline;
using Chuizi.Video.Module.Transformation;

namespace Chuizi.Video.Module.Commands;

/// <summary>Waits for all piped videos at once and emits each as it ends, in order of completion.</summary>
[Cmdlet(VerbsLifecycle.Wait, "ChuiziVideo", DefaultParameterSetName = "Id")]
[OutputType(typeof(Video))]
public sealed class WaitChuiziVideoCommand : VideoInputCmdlet
{
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private readonly long _start = Stopwatch.GetTimestamp();
    private VideoWaiter? _waiter;

    /// <summary>How long each video is waited for, from its arrival here: seconds or a TimeSpan.</summary>
    [Parameter]
    [Seconds]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long the whole call may take: seconds or a TimeSpan.</summary>
    [Parameter]
    [Seconds]
    public TimeSpan Deadline { get; set; }

    /// <summary>A fixed time between two polls of a video: seconds or a TimeSpan.</summary>
    [Parameter]
    [Seconds]
    public TimeSpan PollInterval { get; set; }

    /// <summary>The most polls under way at once.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 16;

    internal override void ProcessVideo(Video video)
    {
        if (video.Id is null || VideoStatus.IsTerminal(video.Status))
        {
            Pass(video);
            return;
        }

        // What New-ChuiziVideo gave out has been heard of; a bare id may be long finished.
        Waiter.Add(video, isNew: video.Created is not null);
    }

    internal override void EndVideos() => _waiter?.Complete();

    /// <inheritdoc/>
    protected override ProgressRecord? DescribeProgress(int activity)
    {
        if (_waiter?.Progress is not { } progress)
        {
            return null;
        }

        TimeSpan elapsed = Stopwatch.GetElapsedTime(_start);
        string next = progress.NextPoll > TimeSpan.Zero ? $"next poll in {Math.Ceiling(progress.NextPoll.TotalSeconds):0} s" : "asking";
        string status = string.Create(
            CultureInfo.CurrentCulture,
            $"{progress.Done} of {progress.Total} done, {progress.Failed} failed, {(int)elapsed.TotalMinutes}:{elapsed.Seconds:00} elapsed, {next}");
        return new ProgressRecord(activity, "Waiting for videos", status) { PercentComplete = progress.Total == 0 ? 0 : progress.Done * 100 / progress.Total };
    }

    private VideoWaiter Waiter => _waiter ??= StartWaiter();

    private VideoWaiter StartWaiter()
    {
        VideoWaiter waiter = new(Client, new WaitOptions
        {
            Timeout = Timeout,
            Deadline = MyInvocation.BoundParameters.ContainsKey(nameof(Deadline)) ? Deadline : null,
            PollInterval = MyInvocation.BoundParameters.ContainsKey(nameof(PollInterval)) ? PollInterval : null,
            ThrottleLimit = ThrottleLimit,
        })
        {
            UnfamiliarStatus = word => Post(() => WarnOnce($"The API answers with the status '{word}', which is not documented; it counts as still running.")),
            PollFailed = (video, exception) => Post(() => WarnOnce($"A poll failed and is repeated until the time is over: {exception.Message}")),
        };
        StartWork(async token =>
        {
            Task run = waiter.RunAsync(token);
            try
            {
                await foreach (WaitOutcome outcome in waiter.Outcomes.ReadAllAsync(token).ConfigureAwait(false))
                {
                    Post(() => End(outcome));
                }
            }
            finally
            {
                await run.ConfigureAwait(false);
            }
        });
        return waiter;
    }

    private void End(WaitOutcome outcome)
    {
        Video video = outcome.Settle();
        if (outcome.Failure is { } failure)
        {
            Report(video, ErrorRecords.From(failure, video));
            if (video.Created is not null)
            {
                Emit(video);
            }
        }
        else
        {
            Pass(video);
        }
    }

    private void Pass(Video video)
    {
        if (video is { Status: VideoStatus.Failed, Id: not null })
        {
            Report(video, ErrorRecords.Failed(video));
        }

        Emit(video);
    }

    private void WarnOnce(string message)
    {
        if (_told.Add(message))
        {
            WriteWarning(message);
        }
    }
}
