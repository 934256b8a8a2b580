namespace Chuizi.Video.Client.Budget;

/// <summary>
/// The request budget of a key in this process: a sliding window of 60 s, shared by submissions and polls of all clients in all runspaces.
/// While no limit is known, nothing is delayed, but requests are already counted for when a limit is learned.
/// </summary>
internal sealed class RequestBudget
{
    private static readonly PerClock<RequestBudget> s_all = new(clock => new RequestBudget(clock, Random.Shared.NextDouble));

    /// <summary>The requests in progress at once that try whether the limit is higher than estimated.</summary>
    private const int MostBeyondGuess = 2;

    /// <summary>The part of the room in the window that requests in progress may take while others use the key.</summary>
    private const int RoomPerRequest = 4;

    /// <summary>So soon after a submission, more of the list will probably follow when its response comes.</summary>
    private static readonly TimeSpan s_submitGap = TimeSpan.FromSeconds(1);

    /// <summary>How long to wait for responses that show whether the window has room. A response may take minutes, or never come.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _clock;
    private readonly long _start;
    private readonly ITimer _timer;
    private readonly object _gate = new();
    private readonly RequestWindow _window = new();
    private readonly RequestLimit _limit = new();
    private readonly RefusalBackoff _backoff;
    private readonly LinkedList<BudgetTurn> _submits = [];
    private readonly LinkedList<BudgetTurn> _polls = [];
    private TimeSpan _lastSubmit = -RequestWindow.Length;
    private TimeSpan _lastPoll = -RequestWindow.Length;
    private TimeSpan _lastGiven = -RequestWindow.Length;
    private TimeSpan _othersUntil;
    private TimeSpan? _timerDue;
    private int _pollers;
    private int _likelyPolls;
    private long _counted;
    private bool _asked;

    internal RequestBudget(TimeProvider clock, Func<double> random)
    {
        _clock = clock;
        _backoff = new RefusalBackoff(random);
        _start = clock.GetTimestamp();
        _timer = clock.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Requests in 60 s: the lowest of the user's limit, the server's limit and an estimate; null if none is known.</summary>
    public int? Limit => Locked(_ => _limit.Value);

    /// <summary>The user's own limit, for all clients of the key; null for none.</summary>
    public int? UserLimit
    {
        get => Locked(_ => _limit.User);
        set => Locked(_ => _limit.User = value);
    }

    /// <summary>The number of requests in progress, or about to start.</summary>
    public int UnderWay => Locked(_ => _window.UnderWay);

    /// <summary>How often the process was refused since a request was last accepted.</summary>
    public int RefusalsInARow => Locked(_ => _backoff.InARow);

    /// <summary>The number of submissions that wait for a ticket.</summary>
    public int WaitingSubmits => Locked(_ => _submits.Count);

    /// <summary>
    /// The time until the first waiting poll gets a ticket; null if no poll waits, or if that depends on the end of another request.
    /// </summary>
    public TimeSpan? NextPoll =>
        Locked(now =>
            _polls.Count > 0 && Delay(RequestClass.Poll, now) is var delay && delay < TimeSpan.MaxValue
                ? AtLeastOneTick(delay)
                : (TimeSpan?)null);

    /// <summary>The budget of a key at an origin. All clients with the same identity share it.</summary>
    public static RequestBudget For(string identity, TimeProvider clock) => s_all.Get(clock, identity);

    /// <summary>Sets the limit that the server reported outside of a header.</summary>
    public void State(int limit) => Locked(_ => _limit.State(limit));

    /// <summary>
    /// True once, after a request was refused while the server's limit is not known: the key info may state it.
    /// </summary>
    public bool ShouldAskForLimit() => Locked(_ => !_asked && (_asked = _limit.Stated is null));

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

        BudgetTurn turn = new();
        RequestTicket? ticket = Locked(now =>
        {
            RequestTicket? taken = TakeNow(kind, now);
            if (taken is null)
            {
                Queue(kind).AddLast(turn.Place);
            }

            return taken;
        });
        if (ticket is not null)
        {
            return Task.FromResult(ticket);
        }

        // If the token is already canceled, the callback runs synchronously here, so do not hold the lock.
        CancellationTokenRegistration cancellation = cancellationToken.UnsafeRegister(_ => Cancel(turn, cancellationToken), null);
        Locked(_ => turn.Watch(cancellation));
        return turn.Task;
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

    private LinkedList<BudgetTurn> Queue(RequestClass kind) => kind == RequestClass.Submit ? _submits : _polls;

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
        _limit.Accept(_window.Used - _window.UnderWay);
        if (hints.Remaining is not { } remaining)
        {
            return;
        }

        _limit.SeeRemaining(remaining);
        if (remaining == 0 && _limit.Stated is null)
        {
            _limit.Guess(_window.Used, isNewRound: true, now);
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
        int used = _window.Used;
        if (_limit.Stated is null)
        {
            _limit.Guess(used, isNewRound, now);
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
        return new RequestTicket(this, kind, ++_counted, _window.Used);
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

        if (_limit.At(now) is not { } limit)
        {
            return TimeSpan.Zero;
        }

        bool isFull = _window.Used >= limit;
        bool keepsReserve =
            kind != RequestClass.Submit || (_pollers == 0 && _polls.Count == 0) || _window.UsedBy(kind) < limit - Reserve(limit);
        return isFull || !keepsReserve ? (_window.NextExpiry - now ?? TimeSpan.MaxValue)
            : kind == RequestClass.Poll ? PollDelay(limit, now) : TimeSpan.Zero;
    }

    /// <summary>
    /// The requests that may be in progress at once. While others use the key, they are fewer the less room there is, because what was free
    /// at the last response may be taken now.
    /// </summary>
    private int MostUnderWay(TimeSpan now)
    {
        int most = _backoff.MostUnderWay;
        if (_limit.IsBeyondGuess(_window.Used))
        {
            most = Math.Min(most, MostBeyondGuess);
        }

        return now < _othersUntil && _limit.At(now) is { } limit
            ? Math.Min(most, Math.Max(MostBeyondGuess, (limit - _window.Used) / RoomPerRequest))
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
            return TimeSpan.MaxValue;
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

    /// <summary>Runs an action under the lock, and issues tickets that have become available before and after it.</summary>
    private T Locked<T>(Func<TimeSpan, T> action)
    {
        lock (_gate)
        {
            TimeSpan now = _clock.GetElapsedTime(_start);
            Serve(now);
            T result = action(now);
            Serve(now);
            return result;
        }
    }

    private void Serve(TimeSpan now)
    {
        _window.Slide(now);
        TimeSpan submit = Serve(RequestClass.Submit, now);
        TimeSpan poll = Serve(RequestClass.Poll, now);
        TimeSpan wait = submit < poll ? submit : poll;
        TimeSpan? due = wait == TimeSpan.MaxValue ? null : now + wait;
        if (due != _timerDue)
        {
            _timerDue = due;
            _timer.Change(due is null ? Timeout.InfiniteTimeSpan : AtLeastOneTick(wait), Timeout.InfiniteTimeSpan);
        }
    }

    private TimeSpan Serve(RequestClass kind, TimeSpan now)
    {
        LinkedList<BudgetTurn> queue = Queue(kind);
        while (queue.First is { } first)
        {
            TimeSpan delay = Delay(kind, now);
            if (delay > TimeSpan.Zero)
            {
                return delay;
            }

            queue.Remove(first);
            first.Value.Come(Give(kind, now));
        }

        return TimeSpan.MaxValue;
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            // The timer may fire early. Serve sets it again.
            _timerDue = null;
            Serve(_clock.GetElapsedTime(_start));
        }
    }

    private void Cancel(BudgetTurn turn, CancellationToken cancellationToken) => Locked(_ =>
    {
        // If the ticket has already been issued, it belongs to the caller.
        turn.Place.List?.Remove(turn.Place);
        return turn.TrySetCanceled(cancellationToken);
    });
}
