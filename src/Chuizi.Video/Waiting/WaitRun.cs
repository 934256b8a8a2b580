using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Waiting;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Input;
using Chuizi.Video.Module.Session;

namespace Chuizi.Video.Module.Waiting;

/// <summary>One call of Wait-ChuiziVideo: polls all videos and emits each as it finishes.</summary>
internal sealed class WaitRun(VideoCmdlet cmdlet, WaitOptions options)
{
    private const int MostIdsNamed = 10;

    private readonly long _start = Stopwatch.GetTimestamp();
    private VideoWaiter? _waiter;

    /// <summary>Adds a video: waits for it, or passes it on if it is final.</summary>
    public void Add(Video video)
    {
        if (video.Id is null || VideoStatus.IsTerminal(video.Status))
        {
            Pass(video);
            return;
        }

        // A video from New-ChuiziVideo is new. A video known only by its id may have finished long ago.
        _waiter ??= Start();
        if (!_waiter.Add(video, isNew: video.Created is not null))
        {
            cmdlet.Outlet.FailTogether(video, _waiter.EndedBy);
        }
    }

    /// <summary>Called when there are no more videos.</summary>
    public void Complete() => _waiter?.Complete();

    /// <summary>The progress record while waiting.</summary>
    public ProgressRecord? DescribeProgress(int activity)
    {
        if (_waiter?.Progress is not { } progress)
        {
            return null;
        }

        TimeSpan elapsed = Stopwatch.GetElapsedTime(_start);
        string next = progress.NextPoll > TimeSpan.Zero ? $"next poll in {Math.Ceiling(progress.NextPoll.TotalSeconds):0} s" : "polling";
        string status = string.Create(
            CultureInfo.CurrentCulture,
            $"{progress.Done} of {progress.Total} done, {progress.Failed} failed, "
            + $"{(int)elapsed.TotalMinutes}:{elapsed.Seconds:00} elapsed, {next}");
        return new ProgressRecord(activity, "Waiting for videos", status)
        {
            PercentComplete = progress.Done * 100 / Math.Max(1, progress.Total),
        };
    }

    /// <summary>The message for Ctrl+C; null if no video is waited for.</summary>
    public string? DescribeStop()
    {
        if (_waiter?.Remaining is not { Count: > 0 } left)
        {
            return null;
        }

        string count = left.Count == 1 ? "1 video is" : $"{left.Count} videos are";
        if (left.Select(video => video.Ledger ?? "").Distinct().ToArray() is [{ Length: > 0 } ledger])
        {
            string some = string.Join(", ", left.Take(MostIdsNamed).Select(video => video.Id));
            string more = left.Count > MostIdsNamed ? $" and {left.Count - MostIdsNamed} more" : "";
            return $"{count} still in progress: {some}{more}. To continue, run: "
                + $"Get-ChuiziVideo -Ledger {CommandArgument.SingleQuote(ledger)} -Status processing | Wait-ChuiziVideo";
        }

        // Without a ledger, this is the last chance to see the ids, so all of them are shown.
        string ids = string.Join(", ", left.Select(video => CommandArgument.Quote(video.Id)));
        return $"{count} still in progress. To continue, run: Wait-ChuiziVideo -Id {ids}";
    }

    private VideoWaiter Start()
    {
        // The deadline starts with the call, before its first video.
        TimeSpan? deadline = options.Deadline is { } whole
            ? TimeSpan.FromTicks(Math.Max(0, (whole - Stopwatch.GetElapsedTime(_start)).Ticks))
            : null;
        ChuiziClient client = cmdlet.Client;
        VideoWaiter waiter = new(client, options with { Deadline = deadline })
        {
            UnfamiliarStatus = word => cmdlet.WarnOnce(
                $"The API returned the undocumented status '{word}'. The video is treated as in progress."),
            PollFailed = (_, exception) => cmdlet.WarnOnce(
                $"A poll failed and will be retried until the timeout: {exception.Message}", $"poll: {exception.Kind}"),
        };
        IReadOnlyList<string> ledgers = [.. ModuleSession.Current.RecentLedgers];
        _ = Task.Run(() => LearnedDurations.For(client.Connection, client.Options.Clock).ReadOnce(ledgers, client.Connection.Origin));
        cmdlet.StartWork(async token =>
        {
            Task run = waiter.RunAsync(token);
            try
            {
                while (await waiter.Outcomes.WaitToReadAsync(token).ConfigureAwait(false))
                {
                    List<WaitOutcome> group = [];
                    while (waiter.Outcomes.TryRead(out WaitOutcome? outcome))
                    {
                        group.Add(outcome);
                    }

                    IEnumerable<(Video, VideoState)> answered =
                        group.Where(outcome => outcome.State is not null).Select(outcome => (outcome.Video, outcome.State!));
                    await cmdlet.RecordAsync(client, answered).ConfigureAwait(false);
                    group.ForEach(outcome => cmdlet.Post(() => End(outcome)));
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
        Video video = outcome.Video;
        video.Origin ??= cmdlet.Client.Connection.Origin;
        if (outcome.State is { } state)
        {
            VideoOutlet.Update(video, state);
        }

        if (outcome.Failure is not { } failure)
        {
            Pass(video);
        }
        else if (failure.EndsTheRun)
        {
            cmdlet.Outlet.FailTogether(video, failure);
        }
        else
        {
            cmdlet.Outlet.Fail(video, ErrorRecords.From(failure, video));
        }
    }

    private void Pass(Video video)
    {
        if (video is { Status: VideoStatus.Failed, Id: not null })
        {
            cmdlet.Outlet.Fail(video, ErrorRecords.Failed(video));
        }
        else
        {
            cmdlet.Outlet.Pass(video);
        }
    }
}
