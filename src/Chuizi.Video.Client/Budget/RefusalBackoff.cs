namespace Chuizi.Video.Client.Budget;

/// <summary>
/// How the whole process holds back after a 429. A refusal says that the window is full, not when it opens, so the pause doubles with each
/// round of refusals in the last 60 s, and afterwards requests go out one by one until some have been accepted: a window that others fill
/// then costs a few refusals a minute, however many requests wait. Not thread-safe.
/// </summary>
/// <param name="random">Returns random numbers from 0 up to 1, which keep several processes from trying at the same moment.</param>
internal sealed class RefusalBackoff(Func<double> random)
{
    /// <summary>The first pause. The pauses are 2, 4, 8, 16 and 30 s, together as long as the window that is full.</summary>
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);

    /// <summary>After this many accepted requests, one more may be in progress at once.</summary>
    private const int AcceptedPerStep = 16;

    /// <summary>After this many accepted requests, the number in progress is no longer limited here.</summary>
    private const int AcceptedUntilFree = 16 * AcceptedPerStep;

    /// <summary>When each round of refusals began, in the last 60 s.</summary>
    private readonly Queue<TimeSpan> _rounds = [];
    private long _lastOfRound = -1;
    private int _accepted = AcceptedUntilFree;

    /// <summary>The rounds of refusals since the last accepted request. Requests in progress at a refusal belong to its round.</summary>
    public int InARow { get; private set; }

    /// <summary>No request is sent before this time.</summary>
    public TimeSpan Until { get; private set; }

    /// <summary>Whether a request of this number was issued after the last round of refusals began.</summary>
    public bool IsNewRound(long number) => number > _lastOfRound;

    /// <summary>Records a refusal.</summary>
    /// <param name="number">The number of the refused ticket.</param>
    /// <param name="lastIssued">The number of the last ticket issued. Requests in progress are refused for the same reason.</param>
    /// <param name="asked">The time to wait that the server asked for. From the second round on, it is only a minimum.</param>
    /// <param name="now">The current time.</param>
    public void Refuse(long number, long lastIssued, TimeSpan? asked, TimeSpan now)
    {
        _accepted = 0;
        TimeSpan pause = asked < RetryDelay.LongestRetryAfter ? asked.Value : asked is null ? TimeSpan.Zero : RetryDelay.LongestRetryAfter;
        if (IsNewRound(number))
        {
            _lastOfRound = lastIssued;
            InARow++;
            Slide(now);
            _rounds.Enqueue(now);
            if (asked is null || _rounds.Count > 1)
            {
                double own = Math.Min(s_first.TotalSeconds * Math.Pow(2, _rounds.Count - 1), s_longest.TotalSeconds);
                pause = TimeSpan.FromSeconds(Math.Max(pause.TotalSeconds, own * (1 + (random() * 0.1))));
            }
        }

        Until = now + pause > Until ? now + pause : Until;
    }

    /// <summary>Holds back as another process of the machine does after a refusal.</summary>
    /// <param name="until">When the pause of the other process ends.</param>
    /// <param name="lastIssued">The number of the last ticket issued. Requests in progress are refused for the same reason.</param>
    /// <param name="now">The current time.</param>
    public void Join(TimeSpan until, long lastIssued, TimeSpan now)
    {
        if (until > Until && until > now)
        {
            Until = until;
            _accepted = 0;
            _lastOfRound = lastIssued;
            Slide(now);
            _rounds.Enqueue(now);
        }
    }

    /// <summary>Records an accepted request.</summary>
    public void Accept()
    {
        InARow = 0;
        _accepted = Math.Min(_accepted + 1, AcceptedUntilFree);
    }

    /// <summary>The number of requests that may be in progress at once.</summary>
    public int MostUnderWay => _accepted < AcceptedUntilFree ? 1 + (_accepted / AcceptedPerStep) : int.MaxValue;

    private void Slide(TimeSpan now)
    {
        while (_rounds.TryPeek(out TimeSpan oldest) && now - oldest >= RequestWindow.Length)
        {
            _rounds.Dequeue();
        }
    }
}
