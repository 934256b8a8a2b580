namespace Chuizi.Video.Client.Budget;

/// <summary>
/// The request budget of a key: a sliding window of 60 s, shared by submissions and polls of all clients in all runspaces and, as soon as a
/// limit is known, by all processes of the machine. While no limit is known, nothing is delayed, but requests are already counted for when
/// a limit is learned.
/// </summary>
internal sealed class RequestBudget
{
    private static readonly PerClock<RequestBudget> s_all = new();

    /// <summary>The most requests in progress at once while they find out whether the limit is higher than estimated.</summary>
    private const int MostBeyondEstimate = 2;

    /// <summary>The part of the room in the window that requests in progress may take while others use the key.</summary>
    private const int RoomPerRequest = 4;

    /// <summary>So soon after a submission, more of the list will probably follow when its response comes.</summary>
    private static readonly TimeSpan s_submitGap = TimeSpan.FromSeconds(1);

    /// <summary>How long to wait for responses that show whether the window has room. A response may take minutes, or never come.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>A waiting process checks this often whether other processes have left room.</summary>
    private static readonly TimeSpan s_checkInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>The most by which processes that wait for the same room try at different times.</summary>
    private static readonly TimeSpan s_jitter = TimeSpan.FromMilliseconds(30);

    /// <summary>The shortest and the longest time after a request in which the process is expected to send more.</summary>
    private static readonly TimeSpan s_shortestAsking = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestAsking = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _clock;
    private readonly Func<double> _random;
    private readonly ITimer _timer;
    private readonly object _gate = new();
    private readonly RequestWindow _window = new();
    private readonly LearnedLimit _limit = new();
    private readonly RefusalBackoff _backoff;
    private readonly ProcessUsage _own;
    private readonly SharedRequests? _shared;
    private readonly LinkedList<TicketWaiter> _submits = [];
    private readonly LinkedList<TicketWaiter> _polls = [];
    private TimeSpan _lastSubmit = -RequestWindow.Length;
    private TimeSpan _lastPoll = -RequestWindow.Length;
    private TimeSpan _lastGiven = -RequestWindow.Length;
    private TimeSpan _lastRemaining = -RequestWindow.Length;
    private TimeSpan _othersUntil;
    private TimeSpan? _timerDue;
    private int _pollers;
    private int _likelyPolls;
    private long _counted;
    private bool _asked;
    private int _workers = 1;

    /// <param name="clock">The clock. With <paramref name="state"/>, its timestamps are those of the whole machine.</param>
    /// <param name="random">Returns random numbers from 0 up to 1.</param>
    /// <param name="state">Shares the window with other processes; null for a window of its own.</param>
    internal RequestBudget(TimeProvider clock, Func<double> random, ISharedState? state = null)
    {
        _clock = clock;
        _random = random;
        _backoff = new RefusalBackoff(random);
        _own = new ProcessUsage { Id = Random.Shared.NextInt64(), Window = _window };
        _shared = state is null ? null : new SharedRequests(state, _own);
        _timer = clock.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Requests in 60 s: the lowest of the user's limit, the server's limit and an estimate; null if none is known.</summary>
    public int? Limit => Peek(_ => LowestLimit(_limit.Value));

    /// <summary>
    /// The user's own limit, for all clients of the key; null for none. The lowest one that is set in a running process of the machine
    /// applies to all of them.
    /// </summary>
    public int? UserLimit
    {
        get => Peek(_ => _limit.User);
        set => Locked(_ => _limit.User = value);
    }

    /// <summary>
    /// The number of machines that use the key, including this one. Each uses its part of the limit, and more only while the server says
    /// that the others leave room.
    /// </summary>
    public int Workers
    {
        get => Peek(_ => _workers);
        set => Locked(_ => _workers = Math.Max(1, value));
    }

    /// <summary>The number of requests in progress, or about to start.</summary>
    public int UnderWay => Peek(_ => _window.UnderWay);

    /// <summary>How often the process was refused since a request was last accepted.</summary>
    public int RefusalsInARow => Peek(_ => _backoff.InARow);

    /// <summary>The number of submissions that wait for a ticket.</summary>
    public int WaitingSubmits => Peek<int>(_ => _submits.Count);

    /// <summary>
    /// The time until the first waiting poll gets a ticket; null if no poll waits, or if that depends on the end of another request.
    /// </summary>
    public TimeSpan? NextPoll =>
        Peek(now =>
            _polls.Count > 0 && Delay(RequestClass.Poll, now) is var delay && delay < TimeSpan.MaxValue
                ? AtLeastOneTick(delay)
                : (TimeSpan?)null);

    /// <summary>The budget of a key at an origin. All clients with the same identity share it.</summary>
    /// <param name="identity">The origin and a hash of the key.</param>
    /// <param name="clock">The clock. Only the system's clock is that of other processes, too.</param>
    /// <param name="folder">The user's state folder, in which processes share a window; null to share nothing.</param>
    public static RequestBudget For(string identity, TimeProvider clock, string? folder) =>
        s_all.Get(clock, identity, () => new RequestBudget(
            clock,
            Random.Shared.NextDouble,
            folder is not null && clock == TimeProvider.System ? new SharedStateFile(folder, identity) : null));

    /// <summary>Sets the limit that the server reported outside of a header.</summary>
    public void State(int limit) => Locked(_ => _limit.State(limit));

    /// <summary>
    /// True once, after a request was refused while the server's limit is not known: the key info may state it.
    /// </summary>
    public bool ShouldAskForLimit() => Peek(_ => !_asked && (_asked = _limit.Stated is null));

    /// <summary>Until the result is disposed, submissions leave a fifth of the window to polls.</summary>
    public PollExpectation ExpectPolls()
    {
        Locked(_ => _pollers++);
        return new PollExpectation(this);
    }

    /// <summary>Changes the number of waiters, and of those whose next poll will probably find a job finished.</summary>
    internal void Expect(int pollers, int likely) => Locked(_ =>
    {
        _pollers += pollers;
        _likelyPolls += likely;
    });

    /// <summary>Takes a ticket if one is available now and no earlier request waits for it.</summary>
    public bool TryTake(RequestClass kind, out RequestTicket? ticket)
    {
        ticket = Locked(now => TakeNow(kind, now));
        return ticket is not null;
    }

    /// <summary>Waits for a ticket: first come, first served within a class.</summary>
    /// <exception cref="OperationCanceledException">Canceled before the ticket was available.</exception>
    public Task<RequestTicket> TakeAsync(RequestClass kind, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<RequestTicket>(cancellationToken);
        }

        TicketWaiter waiter = new();
        RequestTicket? ticket = Locked(now =>
        {
            RequestTicket? taken = TakeNow(kind, now);
            if (taken is null)
            {
                Queue(kind).AddLast(waiter.Place);
            }

            return taken;
        });
        if (ticket is not null)
        {
            return Task.FromResult(ticket);
        }

        // If the token is already canceled, the callback runs synchronously here, so do not hold the lock.
        CancellationTokenRegistration cancellation = cancellationToken.UnsafeRegister(_ => Cancel(waiter, cancellationToken), null);
        Locked(_ => waiter.Attach(cancellation));
        return waiter.Task;
    }

    /// <summary>Records that a request has ended, and what its response says.</summary>
    internal void End(RequestTicket ticket, RateLimitHints? hints) => Locked(now =>
    {
        if (hints is { Refused: true })
        {
            // The server does not count a refused request. If it were counted here, the window would never open.
            _window.Return(ticket.Kind);
        }
        else
        {
            _window.End(ticket.Kind, now);
        }

        if (hints is not null)
        {
            Learn(ticket, hints, now);
        }
    });

    /// <summary>Records that a request was not sent.</summary>
    internal void Return(RequestTicket ticket) => Locked(_ => _window.Return(ticket.Kind));

    /// <summary>Timers have a resolution of one millisecond.</summary>
    private static TimeSpan AtLeastOneTick(TimeSpan wait) => TimeSpan.FromTicks(Math.Max(wait.Ticks, TimeSpan.TicksPerMillisecond));

    /// <summary>The requests that submissions leave to polls. A limit of one request per minute cannot be shared.</summary>
    private static int Reserve(int limit) => limit == 1 ? 0 : (limit + 4) / 5;

    /// <summary>The requests of all known clients of the key in the window.</summary>
    private int Used => _window.Used + (_shared?.Used ?? 0);

    private int Foreign => _window.Foreign + (_shared?.Foreign ?? 0);

    private bool ExpectsPolls => _pollers > 0 || _polls.Count > 0;

    private LinkedList<TicketWaiter> Queue(RequestClass kind) => kind == RequestClass.Submit ? _submits : _polls;

    private void Learn(RequestTicket ticket, RateLimitHints hints, TimeSpan now)
    {
        if (hints.Limit is { } limit)
        {
            _limit.State(limit);
        }

        if (hints.Refused)
        {
            LearnFromRefusal(ticket, hints, now);
            return;
        }

        _backoff.Accept();
        _limit.Accept(Used - _window.UnderWay - (_shared?.UnderWay ?? 0));
        if (hints.Remaining is not { } remaining)
        {
            return;
        }

        _lastRemaining = now;
        _limit.SeeRemaining(remaining);
        if (remaining == 0 && _limit.Stated is null)
        {
            _limit.EstimateFrom(Used, isNewRound: true, now);
        }

        // Everything known here that the server may have counted by the time it responded, at any time since this ticket was issued.
        long known = ticket.Used + (_counted - ticket.Number);
        long counted = (_limit.Stated ?? _limit.Least) - remaining;
        if (counted > known)
        {
            // Count the difference only once: responses to other requests in progress report it as well.
            AddForeign((int)(counted - known), now);
        }
    }

    private void LearnFromRefusal(RequestTicket ticket, RateLimitHints hints, TimeSpan now)
    {
        bool isNewRound = _backoff.IsNewRound(ticket.Number);
        _backoff.Refuse(ticket.Number, _counted, hints.RetryAfter, now);
        if (hints.RetryAfter is not null || hints.Remaining > 0)
        {
            // The server says when to come again, or refused for another reason than this window.
            return;
        }

        // Requests in progress count as accepted. Each of them that is refused corrects the figures.
        int used = Used;
        if (_limit.Stated is null)
        {
            _limit.EstimateFrom(used, isNewRound, now);
        }

        if (used > 0 && used < _limit.OfServer)
        {
            // Others filled the window, so that the next request waits until one of ours has left it.
            AddForeign(_limit.OfServer.Value - used, now);
        }
    }

    private void AddForeign(int count, TimeSpan now)
    {
        _window.AddForeign(count, now);
        _counted += count;
        _own.Issued += count;
        // Whoever filled this window will probably be there when the next one opens.
        _othersUntil = now + (2 * RequestWindow.Length);
    }

    private RequestTicket? TakeNow(RequestClass kind, TimeSpan now) =>
        kind == RequestClass.Other || (Queue(kind).Count == 0 && Delay(kind, now) == TimeSpan.Zero) ? Give(kind, now) : null;

    private RequestTicket Give(RequestClass kind, TimeSpan now)
    {
        _window.Begin(kind);
        _lastPoll = kind == RequestClass.Poll ? now : _lastPoll;
        _lastSubmit = kind == RequestClass.Submit ? now : _lastSubmit;
        _lastGiven = now;
        _own.Issued++;
        if (kind != RequestClass.Other)
        {
            ReserveShare(now);
        }

        return new RequestTicket(this, kind, ++_counted, Used);
    }

    /// <summary>
    /// The time until such a request may be sent: zero for now, or the maximum if that depends on the end of another request.
    /// </summary>
    private TimeSpan Delay(RequestClass kind, TimeSpan now)
    {
        if (now < _backoff.Until)
        {
            return _backoff.Until - now;
        }

        if (_window.UnderWay >= MostUnderWay(now) && now - _lastGiven < s_patience)
        {
            return _lastGiven + s_patience - now;
        }

        if (LimitAt(now) is not { } limit)
        {
            return TimeSpan.Zero;
        }

        int share = Share(limit - Foreign, now);
        int owed = _window.Own >= share ? _shared?.Owed(share, now) ?? 0 : 0;
        bool isFull = Used + owed >= limit;
        bool keepsReserve =
            kind != RequestClass.Submit
            || !(ExpectsPolls || _shared is { ExpectsPolls: true })
            || _window.UsedBy(kind) + (_shared?.UsedBy(kind) ?? 0) < limit - Reserve(limit);
        return isFull || !keepsReserve ? (NextExpiry(now) - now ?? TimeSpan.MaxValue)
            : kind == RequestClass.Poll ? PollDelay(limit == 1 ? 1 : Math.Max(2, Share(limit, now)), now) : TimeSpan.Zero;
    }

    private TimeSpan? NextExpiry(TimeSpan now) => _shared?.NextExpiry is { } others && !(_window.NextExpiry < others)
        ? others + (s_jitter * _random())
        : _window.NextExpiry;

    /// <summary>The part of each process that is expected to send requests.</summary>
    private int Share(int limit, TimeSpan now) => Math.Max(1, limit / (1 + (_shared?.Asking(now) ?? 0)));

    private int? LowestLimit(int? limit) => LearnedLimit.LowerOf(limit, _shared?.UserLimit);

    /// <summary>
    /// The number of requests of all clients of the key at which this machine stops sending. While the server reports how many remain, the
    /// machine may exceed its part of the limit, but leaves a tenth of the other parts free. Another machine that starts to send finds
    /// room there, and takes more as requests of this one expire.
    /// </summary>
    private int? LimitAt(TimeSpan now)
    {
        if (LowestLimit(_limit.At(now)) is not { } limit || _workers == 1)
        {
            return LowestLimit(_limit.At(now));
        }

        int part = Math.Max(1, limit / _workers);
        int withOthers = part + Foreign;
        return now - _lastRemaining < RequestWindow.Length
            ? Math.Max(Math.Min(limit, withOthers), limit - Math.Max(_workers - 1, (limit - part) / 10))
            : withOthers;
    }

    /// <summary>Lets the other processes leave this one its share until it has had the time to send its next request.</summary>
    private void ReserveShare(TimeSpan now)
    {
        if (_shared is not null && LimitAt(now) is { } limit)
        {
            TimeSpan next = RequestWindow.Length / Share(limit, now);
            _own.AskingUntil = now + (next < s_shortestAsking ? s_shortestAsking : next > s_longestAsking ? s_longestAsking : next);
        }
    }

    /// <summary>
    /// The requests that may be in progress at once. While others use the key, they are fewer the less room there is, because what was free
    /// at the last response may be taken now.
    /// </summary>
    private int MostUnderWay(TimeSpan now)
    {
        int most = _backoff.MostUnderWay;
        if (_limit.IsBeyondEstimate(Used))
        {
            most = Math.Min(most, MostBeyondEstimate);
        }

        return now < _othersUntil && LimitAt(now) is { } limit
            ? Math.Min(most, Math.Max(MostBeyondEstimate, (limit - Used) / RoomPerRequest))
            : most;
    }

    /// <summary>
    /// Allows a few polls at once and spreads the rest over the window, so that polls that become due next do not find it exhausted. Polls
    /// that will probably find their job finished are not wasted, and go at once.
    /// </summary>
    private TimeSpan PollDelay(int limit, TimeSpan now)
    {
        TimeSpan submitsEnd = _lastSubmit + s_submitGap;
        bool submits = _submits.Count > 0 || now < submitsEnd;
        int share = submits ? Reserve(limit) : limit;
        if (share == 0)
        {
            // All requests are for submissions: until those that wait are sent, or until no more are expected.
            return _submits.Count > 0 ? TimeSpan.MaxValue : submitsEnd - now;
        }

        TimeSpan due = _lastPoll + (RequestWindow.Length * 0.9 / share);
        int used = _window.UsedBy(RequestClass.Poll);
        if (due <= now || used < share / 4 || (_likelyPolls > 0 && (!submits || used < share)))
        {
            return TimeSpan.Zero;
        }

        TimeSpan wait = due - now;
        return _submits.Count == 0 && submits && submitsEnd - now < wait ? submitsEnd - now : wait;
    }

    private void Locked(Action<TimeSpan> action) => Locked(now =>
    {
        action(now);
        return true;
    });

    /// <summary>Runs under the lock, without the other processes: what they sent since this one last sent something is not known.</summary>
    private T Peek<T>(Func<TimeSpan, T> read)
    {
        lock (_gate)
        {
            TimeSpan now = Now();
            _window.Slide(now);
            _shared?.Slide(now);
            return read(now);
        }
    }

    /// <summary>
    /// Runs an action under the lock, and issues tickets that have become available before and after it. If a limit is known, no other
    /// process counts or issues a ticket meanwhile.
    /// </summary>
    private T Locked<T>(Func<TimeSpan, T> action)
    {
        lock (_gate)
        {
            bool wasLimited = IsLimited();
            bool isDone = false;
            T result = default!;
            if (_shared?.TryRun(Now, IsLimited, Run) != true)
            {
                Run(Now(), 0);
                if (!wasLimited && IsLimited())
                {
                    // The first limit: the others must know at once what was sent before.
                    _shared?.TryRun(Now, IsLimited, Run);
                }
            }

            return result;

            bool IsLimited() => LowestLimit(_limit.Value) is not null;

            void Run(TimeSpan now, long madeByOthers)
            {
                _counted += madeByOthers;
                Serve(now);
                if (!isDone)
                {
                    isDone = true;
                    result = action(now);
                    Serve(now);
                }

                Publish();
            }
        }
    }

    /// <summary>With the system's clock, the time since the machine started. GetElapsedTime would round it.</summary>
    private TimeSpan Now()
    {
        (long seconds, long rest) = Math.DivRem(_clock.GetTimestamp(), _clock.TimestampFrequency);
        return new TimeSpan((seconds * TimeSpan.TicksPerSecond) + (rest * TimeSpan.TicksPerSecond / _clock.TimestampFrequency));
    }

    private void Publish()
    {
        _own.BackoffUntil = _backoff.Until;
        _own.UserLimit = _limit.User;
        _own.Stated = _limit.Stated;
        _own.Estimate = _limit.Estimate;
        _own.ExpectsPolls = ExpectsPolls;
    }

    private void Serve(TimeSpan now)
    {
        _window.Slide(now);
        if (_shared is not null)
        {
            _shared.Slide(now);
            _limit.Learn(_shared.Stated, _shared.Estimate, now);
            _backoff.Join(_shared.BackoffUntil, _counted, now);
        }

        TimeSpan submit = Serve(RequestClass.Submit, now);
        TimeSpan poll = Serve(RequestClass.Poll, now);
        TimeSpan wait = submit < poll ? submit : poll;
        if (_shared is not null && _submits.Count + _polls.Count > 0 && LimitAt(now) is not null)
        {
            ReserveShare(now);
            wait = wait < s_checkInterval ? wait : s_checkInterval;
        }

        TimeSpan? due = wait == TimeSpan.MaxValue ? null : now + wait;
        if (due != _timerDue)
        {
            _timerDue = due;
            _timer.Change(due is null ? Timeout.InfiniteTimeSpan : AtLeastOneTick(wait), Timeout.InfiniteTimeSpan);
        }
    }

    private TimeSpan Serve(RequestClass kind, TimeSpan now)
    {
        LinkedList<TicketWaiter> queue = Queue(kind);
        while (queue.First is { } first)
        {
            TimeSpan delay = Delay(kind, now);
            if (delay > TimeSpan.Zero)
            {
                return delay;
            }

            queue.Remove(first);
            first.Value.Complete(Give(kind, now));
        }

        return TimeSpan.MaxValue;
    }

    private void OnTimer()
    {
        // The timer may fire early. Locked sets it again.
        Locked(_ => _timerDue = null);
    }

    private void Cancel(TicketWaiter waiter, CancellationToken cancellationToken) => Locked(_ =>
    {
        // If the ticket has already been issued, it belongs to the caller.
        waiter.Place.List?.Remove(waiter.Place);
        return waiter.TrySetCanceled(cancellationToken);
    });
}
