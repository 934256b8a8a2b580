using Chuizi.Video.Client.Budget;
using Chuizi.Video.Client.Tests.Support;

namespace Chuizi.Video.Client.Tests.Budget;

/// <summary>
/// Several processes that submit and poll under one key, and a server with a sliding window, on a virtual clock and one thread. Each
/// process has a budget of its own and repeats what was refused, as the client does.
/// </summary>
public sealed class RateLimitSimulation(Random random, RateLimitSimulation.Setup setup)
{
    private const double Longest = 3600;
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_generation = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(20);

    private readonly ManualClock _clock = new();
    private readonly Queue<DateTimeOffset> _accepted = [];
    private readonly SharedStateInMemory.Store _store = new();

    [Flags]
    public enum Headers
    {
        None = 0,
        Limit = 1,
        Remaining = 2,
        Reset = 4,
        RetryAfter = 8,
    }

    public enum Foreign
    {
        /// <summary>Nobody else uses the key.</summary>
        None,

        /// <summary>Somebody used up the window just before the start.</summary>
        UsedUp,

        /// <summary>Somebody uses half of the limit, evenly.</summary>
        Steady,

        /// <summary>Somebody takes every slot as soon as it is free, 150 in all.</summary>
        Greedy,
    }

    /// <param name="Limit">The server's limit of requests in 60 s.</param>
    /// <param name="Processes">The number of processes.</param>
    /// <param name="Rows">The rows of each process.</param>
    /// <param name="Headers">The headers of the server.</param>
    /// <param name="Foreign">Who else uses the key.</param>
    /// <param name="Latency">The mean seconds of a request.</param>
    /// <param name="IsShared">Whether the processes share a window.</param>
    /// <param name="UserLimit">The user's own limit, set in the first process.</param>
    /// <param name="KilledAt">When the first process is killed, in seconds.</param>
    /// <param name="EndsAt">When to stop if rows are left, in seconds.</param>
    public sealed record Setup(
        int Limit,
        int Processes,
        int Rows,
        Headers Headers,
        Foreign Foreign,
        double Latency,
        bool IsShared = false,
        int? UserLimit = null,
        double KilledAt = double.MaxValue,
        double? EndsAt = null);

    /// <summary>The seconds until the last video was seen finished.</summary>
    public double Makespan { get; private set; }

    /// <summary>The requests that others made with the key.</summary>
    public int ForeignRequests { get; private set; }

    /// <summary>When each refusal came, in seconds, by process.</summary>
    public List<double>[] Refusals { get; } = [.. Enumerable.Range(0, setup.Processes).Select(_ => new List<double>())];

    /// <summary>When each request was accepted, in seconds, by process.</summary>
    public List<double>[] Accepted { get; } = [.. Enumerable.Range(0, setup.Processes).Select(_ => new List<double>())];

    public void Run()
    {
        DateTimeOffset start = _clock.GetUtcNow();
        if (setup.Foreign == Foreign.UsedUp)
        {
            for (int index = 0; index < setup.Limit; index++)
            {
                _accepted.Enqueue(start);
            }
        }

        Process[] processes = [.. Refusals.Select((refusals, index) => new Process(this, start, refusals, Accepted[index]))];
        double nextForeign = 0;
        List<Process> running = [.. processes];
        while (running.Exists(process => process.Remaining > 0))
        {
            double seconds = (_clock.GetUtcNow() - start).TotalSeconds;
            if (seconds >= setup.EndsAt)
            {
                break;
            }

            if (seconds >= setup.KilledAt)
            {
                running.Remove(processes[0]);
                processes[0].Kill();
            }

            if (seconds > Longest)
            {
                throw new InvalidOperationException("The processes did not finish within an hour.");
            }

            if (seconds >= nextForeign && (setup.Foreign == Foreign.Steady || (setup.Foreign == Foreign.Greedy && ForeignRequests < 150)))
            {
                nextForeign = seconds + (setup.Foreign == Foreign.Steady ? 120.0 / setup.Limit : 0.2);
                ForeignRequests += TryAccept() ? 1 : 0;
            }

            bool hasMoved = false;
            foreach (Process process in running)
            {
                hasMoved |= process.Step();
            }

            _clock.Advance(hasMoved ? s_step : UntilNextEvent(running, start, nextForeign));
        }

        Makespan = (_clock.GetUtcNow() - start).TotalSeconds;
    }

    /// <summary>The time, in whole steps, until something can happen again. Most steps would change nothing.</summary>
    private TimeSpan UntilNextEvent(List<Process> running, DateTimeOffset start, double nextForeign)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        double seconds = (now - start).TotalSeconds;
        double[] planned = [nextForeign, setup.KilledAt, setup.EndsAt ?? Longest, Longest + 1];
        double untilPlanned = planned.Where(time => time > seconds).Min() - seconds;
        DateTimeOffset next = running.Select(process => process.NextEvent(now)).Append(_clock.NextDue ?? DateTimeOffset.MaxValue).Min();
        double steps = Math.Min(Math.Floor(untilPlanned / s_step.TotalSeconds), Math.Ceiling((next - now) / s_step));
        return s_step * Math.Max(1, steps);
    }

    private bool TryAccept()
    {
        DateTimeOffset now = _clock.GetUtcNow();
        while (_accepted.TryPeek(out DateTimeOffset oldest) && now - oldest >= s_window)
        {
            _accepted.Dequeue();
        }

        if (_accepted.Count >= setup.Limit)
        {
            return false;
        }

        _accepted.Enqueue(now);
        return true;
    }

    private RateLimitHints Hints(bool isRefused) => new(
        isRefused,
        setup.Headers.HasFlag(Headers.Limit) ? setup.Limit : null,
        setup.Headers.HasFlag(Headers.Remaining) ? setup.Limit - _accepted.Count : null,
        isRefused && (setup.Headers & (Headers.Reset | Headers.RetryAfter)) != Headers.None
            ? TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling((_accepted.Peek() + s_window - _clock.GetUtcNow()).TotalSeconds)))
            : null);

    /// <summary>A row, from its submission to the poll that finds its video finished.</summary>
    private sealed class Row
    {
        public DateTimeOffset Due { get; set; }

        public DateTimeOffset? Submitted { get; set; }

        public int Attempt { get; set; }

        public Task<RequestTicket>? Ticket { get; set; }

        /// <summary>When the request reaches the server.</summary>
        public DateTimeOffset? Arrives { get; set; }

        public RateLimitHints? Response { get; set; }
    }

    private sealed class Process
    {
        private const int ThrottleLimit = 16;

        private readonly RateLimitSimulation _all;
        private readonly RequestBudget _budget;
        private readonly DateTimeOffset _start;
        private readonly List<double> _refusals;
        private readonly List<double> _accepted;
        private readonly SharedStateInMemory _state;
        private readonly Queue<Row> _rows;
        private readonly List<Row> _submits = [];
        private readonly List<Row> _jobs = [];
        private PollExpectation? _expectation;
        private bool _hasMoved;

        public Process(RateLimitSimulation all, DateTimeOffset start, List<double> refusals, List<double> accepted)
        {
            _accepted = accepted;
            _state = new SharedStateInMemory(all._store);
            _all = all;
            _start = start;
            _refusals = refusals;
            _budget = new RequestBudget(all._clock, all.Random, all.IsShared ? _state : null)
            {
                UserLimit = accepted == all.Accepted[0] ? all.UserLimit : null,
            };
            _rows = new Queue<Row>(Enumerable.Range(0, all.RowCount).Select(_ => new Row()));
        }

        public int Remaining => _rows.Count + _submits.Count + _jobs.Count;

        /// <summary>Its timers still fire, but the others do not see it any more.</summary>
        public void Kill() => _state.IsAvailable = false;

        /// <summary>When the next request is due, or the next request or response arrives, as far as that is known.</summary>
        public DateTimeOffset NextEvent(DateTimeOffset now)
        {
            DateTimeOffset next = DateTimeOffset.MaxValue;
            _submits.ForEach(Look);
            _jobs.ForEach(Look);
            return next;

            void Look(Row row)
            {
                next = row.Due > now && row.Due < next ? row.Due : next;
                next = row.Arrives > now && row.Arrives < next ? row.Arrives.Value : next;
            }
        }

        /// <summary>Takes each row as far as it gets at this time. Returns whether anything changed.</summary>
        public bool Step()
        {
            _hasMoved = false;
            while (_submits.Count < ThrottleLimit && _rows.TryDequeue(out Row? row))
            {
                _submits.Add(row);
            }

            DateTimeOffset now = _all._clock.GetUtcNow();
            foreach (Row row in _submits.ToArray())
            {
                if (Advance(row, RequestClass.Submit, now))
                {
                    _submits.Remove(row);
                    row.Submitted = now;
                    row.Due = now + s_generation;
                    row.Attempt = 0;
                    _jobs.Add(row);
                }
            }

            if (_jobs.Count > 0)
            {
                _expectation ??= _budget.ExpectPolls();
                _expectation.IsLikely = _jobs.Exists(job => now >= job.Due);
            }

            // As the waiter does, one poll at a time waits for a ticket.
            Row? waiting = _jobs.Find(job => job is { Ticket: not null, Arrives: null });
            foreach (Row job in _jobs.ToArray())
            {
                if ((job.Ticket is not null || waiting is null) && Advance(job, RequestClass.Poll, now))
                {
                    _jobs.Remove(job);
                }

                waiting ??= job is { Ticket: not null, Arrives: null } ? job : null;
                if (waiting is { Arrives: not null })
                {
                    waiting = null;
                }
            }

            if (Remaining == 0)
            {
                _expectation?.Dispose();
            }

            return _hasMoved;
        }

        /// <summary>Takes the row's request one step further. Returns true when it was accepted.</summary>
        private bool Advance(Row row, RequestClass kind, DateTimeOffset now)
        {
            if (row.Ticket is null)
            {
                if (now < row.Due)
                {
                    return false;
                }

                row.Ticket = _budget.TakeAsync(kind, CancellationToken.None);
                _hasMoved = true;
            }

            if (row.Arrives is null)
            {
                if (!row.Ticket.IsCompletedSuccessfully)
                {
                    return false;
                }

                row.Ticket.Result.Begin();
                row.Arrives = now + TimeSpan.FromSeconds(_all.Latency / 2 * (0.5 + _all.Random()));
                _hasMoved = true;
            }

            if (row.Response is null && now >= row.Arrives)
            {
                row.Response = _all.Hints(!_all.TryAccept());
                row.Due = now + TimeSpan.FromSeconds(_all.Latency / 2 * (0.5 + _all.Random()));
                _hasMoved = true;
            }

            if (row.Response is not { } response || now < row.Due)
            {
                return false;
            }

            _hasMoved = true;
            row.Ticket.Result.End(response);
            row.Ticket = null;
            row.Arrives = null;
            row.Response = null;
            if (!response.Refused)
            {
                _accepted.Add((now - _start).TotalSeconds);
                return true;
            }

            _refusals.Add((now - _start).TotalSeconds);
            row.Due = now + RetryDelay.Next(++row.Attempt, response.RetryAfter, _all.Random());
            return false;
        }
    }

    private bool IsShared => setup.IsShared;

    private int? UserLimit => setup.UserLimit;

    private int RowCount => setup.Rows;

    private double Latency => setup.Latency;

    private double Random() => random.NextDouble();
}
