using System.Globalization;
using System.Threading.Channels;
using Chuizi.Video.Client.Http;
using Chuizi.Video.Client.Videos;

namespace Chuizi.Video.Client.Waiting;

/// <summary>
/// Waits for many jobs at once and gives them back in the order in which they end. One loop for all: a waiting job is an entry in a
/// queue and no more. A failed poll is no failed job: it is asked again until its time is over.
/// </summary>
public sealed class VideoWaiter
{
    /// <summary>A job so young may not be known to every server of the API yet.</summary>
    private static readonly TimeSpan s_settlingTime = TimeSpan.FromSeconds(30);

    /// <summary>Timers take no more than 49 days; no job lives that long.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(24);

    /// <summary>The API gives the time of creation in whole seconds, so up to one of them may not have passed.</summary>
    private static readonly TimeSpan s_createdStep = TimeSpan.FromSeconds(1);

    private readonly ChuiziClient _client;
    private readonly WaitOptions _options;
    private readonly TimeProvider _clock;
    private readonly long _start;
    private readonly object _gate = new();
    private readonly JobQueue _jobs = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Channel<WaitOutcome> _outcomes = Channel.CreateUnbounded<WaitOutcome>(new() { SingleReader = true });
    private int _total;
    private int _done;
    private int _failed;
    private int _polling;
    private bool _complete;
    private Exception? _end;

    /// <summary>A waiter; nothing is asked before <see cref="RunAsync"/>.</summary>
    public VideoWaiter(ChuiziClient client, WaitOptions options)
    {
        _client = client;
        _options = options;
        _clock = client.Options.Clock;
        _start = _clock.GetTimestamp();
    }

    /// <summary>Told of a status word that nobody has documented, at each poll that meets it.</summary>
    public Action<string>? UnfamiliarStatus { get; init; }

    /// <summary>Told of a poll that failed and will be repeated.</summary>
    public Action<Video, ChuiziException>? PollFailed { get; init; }

    /// <summary>The videos whose waiting has ended. It ends when all have, and fails with what ends the run.</summary>
    public ChannelReader<WaitOutcome> Outcomes => _outcomes.Reader;

    /// <summary>How far it is.</summary>
    public WaitProgress Progress
    {
        get
        {
            lock (_gate)
            {
                return new WaitProgress(_total, _done, _failed, _polling, _polling > 0 ? TimeSpan.Zero : _jobs.Next(Now) ?? TimeSpan.Zero);
            }
        }
    }

    private TimeSpan Now => _clock.GetElapsedTime(_start);

    /// <summary>Adds a job; false where the run has ended already.</summary>
    /// <param name="video">With an id.</param>
    /// <param name="isNew">Whether it may have been submitted just now; a bare id is asked for at once.</param>
    public bool Add(Video video, bool isNew)
    {
        TimeSpan now = Now;
        TimeSpan age = !isNew ? TimeSpan.MaxValue
            : video.Created is { } created ? Times.Later(_clock.GetUtcNow().UtcDateTime - created - s_createdStep, TimeSpan.Zero) : TimeSpan.Zero;
        TimeSpan deadline = now + Times.Earlier(_options.Timeout, s_longest);
        if (_options.Deadline is { } end && end < deadline)
        {
            deadline = end;
        }

        WaitingJob job = new(video, now, age, deadline);
        TimeSpan first = _options.PollInterval is { } interval && interval < PollSchedule.First ? interval : PollSchedule.First;
        lock (_gate)
        {
            if (_end is not null)
            {
                return false;
            }

            _total++;
            _jobs.Add(job, age < first ? now + first - age : now);
        }

        Wake();
        return true;
    }

    /// <summary>Says that no more jobs will come.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _complete = true;
        }

        Wake();
    }

    /// <summary>Does the waiting, until all jobs have ended and <see cref="Complete"/> was called, or until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource run = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using ITimer timer = _clock.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            while (!StartWhatIsDue(run, out TimeSpan? next))
            {
                timer.Change(next ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                await _wake.Reader.ReadAsync(run.Token).ConfigureAwait(false);
            }

            _outcomes.Writer.TryComplete();
        }
        catch (OperationCanceledException exception)
        {
            // Either the caller's wish, or a poll has met what ends the run.
            while (Progress.Polling > 0)
            {
                await _wake.Reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
            }

            GiveBackTheRest();
            _outcomes.Writer.TryComplete(_end ?? exception);
        }
    }

    /// <summary>Starts polls, as many as may be under way; true when there is nothing left to do.</summary>
    private bool StartWhatIsDue(CancellationTokenSource run, out TimeSpan? next)
    {
        List<WaitingJob> due;
        List<WaitingJob> expired;
        lock (_gate)
        {
            TimeSpan now = Now;
            (due, expired) = _jobs.Take(now, _options.ThrottleLimit - _polling);
            _polling += due.Count;
            next = _jobs.Next(now);
        }

        foreach (WaitingJob job in expired)
        {
            Expire(job);
        }

        foreach (WaitingJob job in due)
        {
            _ = PollAsync(job, run);
        }

        lock (_gate)
        {
            return _complete && _polling == 0 && _jobs.Count == 0;
        }
    }

    private async Task PollAsync(WaitingJob job, CancellationTokenSource run)
    {
        try
        {
            await Task.Yield();
            using CancellationTokenSource limit = new(Times.Later(job.Deadline - Now, TimeSpan.Zero), _clock);
            using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, run.Token);
            VideoState state = await _client.GetAsync(job.Video.Id!, linked.Token).ConfigureAwait(false);
            if (state.UnfamiliarStatus is { } word)
            {
                UnfamiliarStatus?.Invoke(word);
            }

            if (VideoStatus.IsTerminal(state.Status))
            {
                End(new WaitOutcome(job.Video, state, null), state.Status == VideoStatus.Failed);
            }
            else
            {
                Schedule(job);
            }
        }
        catch (OperationCanceledException)
        {
            if (run.IsCancellationRequested)
            {
                PutBack(job);
            }
            else
            {
                Expire(job);
            }
        }
        catch (ChuiziException exception) when (exception.EndsTheRun)
        {
            await EndAsync(job, exception, run).ConfigureAwait(false);
        }
        catch (ChuiziException exception)
        {
            if (exception.IsTransient || (exception.Kind == ChuiziErrorKind.VideoNotFound && job.AgeAt(Now) < s_settlingTime))
            {
                PollFailed?.Invoke(job.Video, exception);
                Schedule(job);
            }
            else
            {
                End(new WaitOutcome(job.Video, null, exception), failed: true);
            }
        }
        catch (Exception exception)
        {
            // A defect of ours must not look like waiting for ever.
            await EndAsync(job, exception, run).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _polling--;
            }

            Wake();
        }
    }

    private void Schedule(WaitingJob job)
    {
        TimeSpan now = Now;
        TimeSpan delay = Times.Earlier(PollSchedule.Next(job.AgeAt(Now), _options.PollInterval, _client.Options.Random()), s_longest);
        TimeSpan due = now + delay;
        // The last look is a second before the end, rather than none.
        if (due > job.Deadline && job.Deadline - now > PollSchedule.First * 2)
        {
            due = job.Deadline - PollSchedule.First;
        }

        lock (_gate)
        {
            _jobs.Add(job, due);
        }
    }

    private void PutBack(WaitingJob job)
    {
        lock (_gate)
        {
            _jobs.Add(job, TimeSpan.Zero);
        }
    }

    private Task EndAsync(WaitingJob job, Exception exception, CancellationTokenSource run)
    {
        lock (_gate)
        {
            _end ??= exception;
        }

        PutBack(job);
        return run.CancelAsync();
    }

    /// <summary>What ends the run ends no job: those that are left come back as they are.</summary>
    private void GiveBackTheRest()
    {
        ChuiziException? end = _end as ChuiziException;
        foreach (WaitingJob job in end is not null ? _jobs.TakeAll() : [])
        {
            _outcomes.Writer.TryWrite(new WaitOutcome(job.Video, null, end));
        }
    }

    private void Expire(WaitingJob job)
    {
        TimeSpan waited = Now - job.Arrived;
        string message = string.Create(CultureInfo.InvariantCulture, $"The video {job.Video.Id} is not finished after {waited.TotalSeconds:0.#} s of waiting; it lives on at the API.");
        End(new WaitOutcome(job.Video, null, new ChuiziException(ChuiziErrorKind.WaitTimeout, message) { VideoId = job.Video.Id }), failed: true);
    }

    private void End(WaitOutcome outcome, bool failed)
    {
        lock (_gate)
        {
            _done++;
            _failed += failed ? 1 : 0;
        }

        _outcomes.Writer.TryWrite(outcome);
    }

    private void Wake() => _wake.Writer.TryWrite(true);
}
