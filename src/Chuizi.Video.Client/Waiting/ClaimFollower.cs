using Chuizi.Video.Client.Ledger;

namespace Chuizi.Video.Client.Waiting;

/// <summary>
/// Follows rows that runs elsewhere have claimed, in their ledgers and without asking the API: until they are done, or their run ends and
/// this run can continue with them. Add and remove under the waiter's lock; one check at a time.
/// </summary>
internal sealed class ClaimFollower
{
    /// <summary>The time between two looks into the ledger.</summary>
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<WaitingJob, ClaimedRow> _all = [];
    private TimeSpan _due;

    /// <summary>The number of rows.</summary>
    public int Count => _all.Count;

    /// <summary>Whether a check is under way.</summary>
    public bool IsChecking { get; private set; }

    /// <summary>Adds a row.</summary>
    public void Add(WaitingJob job, ClaimedRow row) => _all.Add(job, row);

    /// <summary>Removes a row. Returns false if it was removed before.</summary>
    public bool Remove(WaitingJob job) => _all.Remove(job);

    /// <summary>Removes all rows.</summary>
    public IReadOnlyList<WaitingJob> RemoveAll()
    {
        WaitingJob[] jobs = [.. _all.Keys];
        _all.Clear();
        return jobs;
    }

    /// <summary>The rows to check now; null if it is not time, or a check is under way. Call <see cref="Ended"/> after the check.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="wait">The time until the next check; null if none is needed.</param>
    public IReadOnlyList<(WaitingJob Job, ClaimedRow Row)>? Begin(TimeSpan now, out TimeSpan? wait)
    {
        wait = IsChecking || _all.Count == 0 ? null : _due - now;
        if (wait is not { } left || left > TimeSpan.Zero)
        {
            return null;
        }

        wait = null;
        IsChecking = true;
        return [.. _all.Select(one => (one.Key, one.Value))];
    }

    /// <summary>Records that a check has ended.</summary>
    public void Ended(TimeSpan now)
    {
        IsChecking = false;
        _due = now + s_interval;
    }

    /// <summary>Looks into the ledgers.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="now">The current time.</param>
    /// <returns>The rows of which nothing more is expected, or whose time is over; and those that this run continues to wait for.</returns>
    /// <exception cref="ChuiziException">LedgerUnavailable or InvalidLedger.</exception>
    public static async Task<(IReadOnlyList<(WaitingJob Job, WaitOutcome Outcome)> Ended, IReadOnlyList<WaitingJob> Taken)> CheckAsync(
        IReadOnlyList<(WaitingJob Job, ClaimedRow Row)> rows, TimeSpan now)
    {
        List<(WaitingJob, WaitOutcome)> ended = [];
        List<WaitingJob> continued = [];
        foreach (IGrouping<VideoLedger, (WaitingJob Job, ClaimedRow Row)> group in rows.GroupBy(one => one.Row.Ledger))
        {
            (WaitingJob Job, ClaimedRow Row, WaitOutcome? Outcome, bool IsFree)[] found = await group.Key.ReadAsync(book =>
                group.Select(one => Judge(one.Job, one.Row, one.Row.EntryIn(book), now)).ToArray()).ConfigureAwait(false);
            ended.AddRange(found.Where(one => one.Outcome is not null).Select(one => (one.Job, one.Outcome!)));
            IReadOnlyList<ClaimedRow> taken = await ClaimedRow.TakeAsync([.. found.Where(one => one.IsFree).Select(one => one.Row)])
                .ConfigureAwait(false);
            HashSet<ClaimedRow> own = [.. taken];
            (WaitingJob Job, LedgerEntry Entry)[] entries = await group.Key.ReadAsync(book => found
                .Where(one => one.IsFree && own.Contains(one.Row))
                .Select(one => (one.Job, one.Row.EntryIn(book)!.Copy())).ToArray()).ConfigureAwait(false);
            foreach ((WaitingJob job, LedgerEntry entry) in entries)
            {
                if (entry.Status == VideoStatus.Processing)
                {
                    job.Continue(entry);
                    continued.Add(job);
                }
                else
                {
                    ended.Add((job, new WaitOutcome(job.Video, null, null) { Entry = entry, IsOwn = true }));
                }
            }
        }

        return (ended, continued);
    }

    /// <summary>Applies what the ledger says to the video of an outcome, and how its row ended if no run continues with it.</summary>
    public static void Apply(WaitOutcome outcome)
    {
        Video video = outcome.Video;
        outcome.Entry?.ApplyTo(video);
        video.Elsewhere = video.Elsewhere && outcome.State is null && !outcome.IsOwn;
        if (video.Elsewhere
            && outcome.Failure is { Kind: ChuiziErrorKind.SubmissionOutcomeUnknown or ChuiziErrorKind.SubmissionElsewhere } failure)
        {
            video.Status = failure.Kind == ChuiziErrorKind.SubmissionOutcomeUnknown ? VideoStatus.Unknown : VideoStatus.Skipped;
            video.Error = VideoError.From(failure);
        }
    }

    private static (WaitingJob Job, ClaimedRow Row, WaitOutcome? Outcome, bool IsFree) Judge(
        WaitingJob job, ClaimedRow row, LedgerEntry? entry, TimeSpan now)
    {
        bool isElsewhere = entry is not null && row.IsElsewhere(entry);
        bool isLate = now >= job.Deadline;
        ChuiziException? failure = entry switch
        {
            { IsAnswered: false } when !isElsewhere => entry.ToUnknown(),
            { IsAnswered: true, Status: VideoStatus.Unknown } => entry.ToUnknown(),
            // Its run may submit it again, for example if the process only seemed to be ending.
            { Status: VideoStatus.Skipped } when !isLate && row.Ledger.IsAlive(entry.Run) => null,
            // Somebody is replacing the ledger, or restores it.
            null when !isLate => null,
            null => new ChuiziException(ChuiziErrorKind.SubmissionOutcomeUnknown, "The ledger no longer has this row."),
            { Status: VideoStatus.Skipped } => new ChuiziException(
                ChuiziErrorKind.SubmissionElsewhere, "The run that had claimed this row did not submit it."),
            _ => null,
        };
        if (failure is not null)
        {
            return (job, row, new WaitOutcome(job.Video, null, failure) { Entry = entry?.Copy() }, false);
        }

        bool isMade = entry is { Status: VideoStatus.Succeeded or VideoStatus.Failed };
        if (isMade && (!ClaimedRow.IsOpen(entry!, row.Saves) || (isLate && isElsewhere)))
        {
            return (job, row, new WaitOutcome(job.Video, null, null) { Entry = entry!.Copy() }, false);
        }

        return isElsewhere && isLate
            ? (job, row, WaitOutcome.TimedOut(job.Video, job.Id, now - job.Arrived), false)
            : (job, row, null, !isElsewhere && entry is not (null or { Status: VideoStatus.Skipped }));
    }
}
