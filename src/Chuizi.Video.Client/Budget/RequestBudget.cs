namespace Chuizi.Video.Client.Budget;

/// <summary>
/// The one request budget of a key in this process: a sliding window of 60 s, shared by submits and polls of all clients, runspaces too.
/// As long as nobody has named a limit, nothing is held back; what was sent is counted all the same, for the moment a limit is learned.
/// </summary>
internal sealed class RequestBudget
{
    private static readonly PerClock<RequestBudget> s_all = new(clock => new RequestBudget(clock));

    private readonly TimeProvider _clock;
    private readonly long _start;
    private readonly ITimer _timer;
    private readonly object _gate = new();
    private readonly RequestWindow _window = new();
    private readonly RequestLimit _limit = new();
    private readonly LinkedList<BudgetTurn> _submits = [];
    private readonly LinkedList<BudgetTurn> _polls = [];
    private TimeSpan _pausedUntil;
    private TimeSpan _lastPoll = -RequestWindow.Length;
    private TimeSpan? _timerDue;
    private int _pollers;
    private long _counted;

    internal RequestBudget(TimeProvider clock)
    {
        _clock = clock;
        _start = clock.GetTimestamp();
        _timer = clock.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Requests in 60 s: the least of what the user and the server named, or a guess; null where nothing is known.</summary>
    public int? Limit => Locked(_ => _limit.Value);

    /// <summary>The user's own limit, for all clients of the key; null for none.</summary>
    public int? UserLimit
    {
        get => Locked(_ => _limit.User);
        set => Locked(_ => _limit.User = value);
    }

    /// <summary>Requests under way, or about to be.</summary>
    public int UnderWay => Locked(_ => _window.UnderWay);

    /// <summary>Submissions that wait for their turn.</summary>
    public int WaitingSubmits => Locked(_ => _submits.Count);

    /// <summary>The time until the poll that waits has its turn; null where none waits, or only another request's end can tell.</summary>
    public TimeSpan? NextPoll =>
        Locked(now =>
            _polls.Count > 0 && Delay(RequestClass.Poll, now) is var delay && delay < TimeSpan.MaxValue
                ? AtLeastOneTick(delay)
                : (TimeSpan?)null);

    /// <summary>The budget of a key at an origin: all clients with the same identity share it.</summary>
    public static RequestBudget For(string identity, TimeProvider clock) => s_all.Get(clock, identity);

    /// <summary>The server has named the limit other than in a header.</summary>
    public void State(int limit) => Locked(_ => _limit.State(limit));

    /// <summary>As long as the result is not disposed of, submits leave a fifth of the window to polls.</summary>
    public IDisposable ExpectPolls()
    {
        Locked(_ => _pollers++);
        return new Expectation(this);
    }

    /// <summary>A ticket, if there is one at once and nobody has waited longer for it.</summary>
    public bool TryTake(RequestClass kind, out RequestTicket? ticket)
    {
        ticket = Locked(now => TakeNow(kind, now));
        return ticket is not null;
    }

    /// <summary>A ticket as soon as it is one's turn: first come, first served within a class.</summary>
    /// <exception cref="OperationCanceledException">It was given up before its turn.</exception>
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

        // Cancelled already, this runs here and now: so not under the lock.
        CancellationTokenRegistration cancellation = cancellationToken.UnsafeRegister(_ => Cancel(turn, cancellationToken), null);
        Locked(_ => turn.Watch(cancellation));
        return turn.Task;
    }

    /// <summary>A request has ended, with whatever its answer tells.</summary>
    internal void End(RequestTicket ticket, RateLimitHints? hints) => Locked(now =>
    {
        if (hints is { Refused: true })
        {
            // It is not counted, or the window would never open.
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

    /// <summary>A request was not sent.</summary>
    internal void Return(RequestTicket ticket) => Locked(_ => _window.Return(ticket.Kind));

    /// <summary>Timers count in milliseconds.</summary>
    private static TimeSpan AtLeastOneTick(TimeSpan wait) => TimeSpan.FromTicks(Math.Max(wait.Ticks, TimeSpan.TicksPerMillisecond));

    /// <summary>What submits leave to polls. One request a minute cannot be shared.</summary>
    private static int Reserve(int limit) => limit == 1 ? 0 : (limit + 4) / 5;

    private LinkedList<BudgetTurn> Queue(RequestClass kind) => kind == RequestClass.Submit ? _submits : _polls;

    private void Learn(RequestTicket ticket, RateLimitHints hints, TimeSpan now)
    {
        if (hints.Limit is { } limit)
        {
            _limit.State(limit);
        }

        if (hints is { Refused: true, RetryAfter: { } wait })
        {
            TimeSpan until = now + (wait < RetryDelay.LongestRetryAfter ? wait : RetryDelay.LongestRetryAfter);
            _pausedUntil = until > _pausedUntil ? until : _pausedUntil;
        }
        else if (hints is { Refused: true, Limit: null })
        {
            // Those under way count as accepted: each of them that is refused corrects it.
            _limit.Guess(_window.Used, now);
        }

        // All that we know of that the server may have counted when it answered, which was at any time since this ticket was given.
        long known = ticket.Used + (_counted - ticket.Number);
        if (hints.Remaining is { } remaining && _limit.Stated - remaining is { } counted && counted > known)
        {
            // From now on that is known too: other answers to what was under way tell of the same.
            _window.AddForeign((int)(counted - known), now);
            _counted += counted - known;
        }
    }

    private RequestTicket? TakeNow(RequestClass kind, TimeSpan now) =>
        kind == RequestClass.Other || (Queue(kind).Count == 0 && Delay(kind, now) == TimeSpan.Zero) ? Give(kind, now) : null;

    private RequestTicket Give(RequestClass kind, TimeSpan now)
    {
        _window.Begin(kind);
        _lastPoll = kind == RequestClass.Poll ? now : _lastPoll;
        return new RequestTicket(this, kind, ++_counted, _window.Used);
    }

    /// <summary>
    /// The time until such a request may be sent: none, or the maximum where no time but another request's end will tell.
    /// </summary>
    private TimeSpan Delay(RequestClass kind, TimeSpan now)
    {
        if (now < _pausedUntil)
        {
            return _pausedUntil - now;
        }

        if (_limit.Value is not { } limit)
        {
            return TimeSpan.Zero;
        }

        bool isFull = _window.Used >= limit;
        if (isFull)
        {
            _limit.Reached();
        }

        bool keepsReserve =
            kind != RequestClass.Submit || (_pollers == 0 && _polls.Count == 0) || _window.UsedBy(kind) < limit - Reserve(limit);
        return isFull || !keepsReserve ? (_window.NextExpiry - now ?? TimeSpan.MaxValue)
            : kind == RequestClass.Poll ? PollDelay(limit, now) : TimeSpan.Zero;
    }

    /// <summary>A few polls may go at once. The others are spread over the window, or those due next would find it used up.</summary>
    private TimeSpan PollDelay(int limit, TimeSpan now)
    {
        int share = _submits.Count == 0 ? limit : Reserve(limit);
        if (share == 0)
        {
            return TimeSpan.MaxValue;
        }

        TimeSpan due = _lastPoll + (RequestWindow.Length * 0.9 / share);
        return _window.UsedBy(RequestClass.Poll) < share / 4 || due <= now ? TimeSpan.Zero : due - now;
    }

    private void Locked(Action<TimeSpan> action) => Locked(now =>
    {
        action(now);
        return true;
    });

    /// <summary>Serves whoever's turn has come, first and last.</summary>
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
        _limit.Probe(now);
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
            // It may have come early, and is then set anew.
            _timerDue = null;
            Serve(_clock.GetElapsedTime(_start));
        }
    }

    private void Cancel(BudgetTurn turn, CancellationToken cancellationToken) => Locked(_ =>
    {
        // Where its turn has come, the ticket is its holder's.
        turn.Place.List?.Remove(turn.Place);
        return turn.TrySetCanceled(cancellationToken);
    });

    private sealed class Expectation(RequestBudget budget) : IDisposable
    {
        private int _isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
            {
                budget.Locked(_ => budget._pollers--);
            }
        }
    }
}
