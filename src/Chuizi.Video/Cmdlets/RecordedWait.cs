using System.Diagnostics;
using System.Globalization;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Waiting;
using Chuizi.Video.Module.Session;

namespace Chuizi.Video.Module.Cmdlets;

/// <summary>
/// Waits for the videos of a cmdlet, records how they ended, and hands each one back. Use only on the pipeline thread, except where noted.
/// </summary>
/// <param name="cmdlet">The cmdlet that writes.</param>
/// <param name="options">How long to wait.</param>
/// <param name="end">Called on the pipeline thread for each video that is no longer waited for, after its state was applied to it.</param>
internal sealed class RecordedWait(VideoCmdlet cmdlet, WaitOptions options, Action<WaitOutcome> end)
{
    /// <summary>The most recent videos of ledgers to learn durations from.</summary>
    private const int VideosRead = 200;

    /// <summary>The longest time to read them.</summary>
    private static readonly TimeSpan s_longestRead = TimeSpan.FromSeconds(1);

    private readonly long _start = Stopwatch.GetTimestamp();
    private VideoWaiter? _waiter;

    /// <summary>Whether a video was added.</summary>
    public bool IsStarted => _waiter is not null;

    /// <summary>The progress; null before the first video.</summary>
    public WaitProgress? Progress => _waiter?.Progress;

    /// <summary>The time since this object was created: with the call or, in Save-ChuiziVideo, with the first video to wait for.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    /// <summary>When the next check is, and what delays it.</summary>
    public static string DescribeNext(WaitProgress progress)
    {
        string limit = progress.Limit is { } perMinute
            ? string.Create(CultureInfo.CurrentCulture, $" (limit of {perMinute} requests per minute)")
            : "";
        return progress.NextPoll <= TimeSpan.Zero
            ? "checking"
            : string.Create(CultureInfo.CurrentCulture, $"next check in {Math.Ceiling(progress.NextPoll.TotalSeconds):0} s{limit}");
    }

    /// <summary>The seconds until the whole batch will probably be done; -1 if not known.</summary>
    public int SecondsLeft(WaitProgress progress, int total)
    {
        const int FewDone = 3;
        double? rate = progress.Done >= FewDone && progress.Total < total
            ? (total - progress.Done) * Elapsed.TotalSeconds / progress.Done
            : null;
        double? left = progress.TimeLeft is { } known ? Math.Max(known.TotalSeconds, rate ?? 0) : rate;
        return left is { } seconds ? (int)Math.Ceiling(Math.Min(seconds, int.MaxValue / 2)) : -1;
    }

    /// <summary>The videos that are still waited for.</summary>
    public IReadOnlyList<Video> Remaining => _waiter?.Remaining ?? [];

    /// <summary>Whether a video is in progress, so that it has to be waited for: here, or by a run elsewhere.</summary>
    public static bool IsOpen(Video video) => video.Id is not null
        ? !VideoStatus.IsTerminal(video.Status)
        : video is { Elsewhere: true, Status: VideoStatus.Processing } && VideoProvenance.Of(video)?.Claimed is not null;

    /// <summary>Adds a video. If the waiting has already ended with an error, the video fails with it.</summary>
    public void Add(Video video)
    {
        // A video from New-ChuiziVideo is new. A video known only by its id may have finished long ago.
        _waiter ??= Start();
        bool isAdded = video.Elsewhere && VideoProvenance.Of(video)?.Claimed is { } row
            ? _waiter.Follow(video, row.Run.HasEnded ? row with { Run = cmdlet.Run } : row)
            : _waiter.Add(video, isNew: video.Created is not null);
        if (!isAdded)
        {
            cmdlet.Outlet.FailTogether(video, _waiter.EndedBy);
        }
    }

    /// <summary>Called when there are no more videos.</summary>
    public void Complete() => _waiter?.Complete();

    /// <summary>Polls until all videos have ended. Runs on the thread pool, after the first video was added.</summary>
    /// <exception cref="ChuiziException">The error that ended the waiting for all videos.</exception>
    public async Task RunAsync(CancellationToken token)
    {
        VideoWaiter waiter = _waiter!;
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
                await cmdlet.RecordAsync(cmdlet.Client, answered).WaitAsync(token).ConfigureAwait(false);
                group.ForEach(outcome => cmdlet.Post(() => End(outcome)));
            }
        }
        finally
        {
            await run.ConfigureAwait(false);
        }
    }

    private void End(WaitOutcome outcome)
    {
        outcome.Video.Origin ??= cmdlet.Client.Connection.Origin;
        ClaimFollower.Apply(outcome);
        if (outcome.State is { } state)
        {
            VideoOutlet.Update(outcome.Video, state);
        }

        end(outcome);
    }

    private VideoWaiter Start()
    {
        // The deadline starts with the call, before its first video.
        TimeSpan? deadline = options.Deadline is { } whole ? TimeSpan.FromTicks(Math.Max(0, (whole - Elapsed).Ticks)) : null;
        ChuiziClient client = cmdlet.Client;
        IReadOnlyList<string> ledgers = [.. ModuleSession.Current.RecentLedgers];
        string origin = client.Connection.Origin;
        _ = Task.Run(() => LearnedDurations.For(client.Connection, client.Options.Clock)
            .LearnOnce(() => RecentVideos.Read(ledgers, origin, VideosRead, s_longestRead), origin));
        return new VideoWaiter(client, options with { Deadline = deadline })
        {
            UnfamiliarStatus = word => cmdlet.WarnOnce(
                $"The API returned the undocumented status '{word}'. The video is treated as in progress."),
            PollFailed = (_, exception) => cmdlet.WarnOnce(
                $"A poll failed and will be retried until the timeout: {exception.Message}", $"poll: {exception.Kind}"),
        };
    }
}
