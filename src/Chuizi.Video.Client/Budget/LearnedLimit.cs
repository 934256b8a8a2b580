namespace Chuizi.Video.Client.Budget;

/// <summary>What is known about the number of requests allowed in 60 s. Not thread-safe.</summary>
internal sealed class LearnedLimit
{
    /// <summary>The highest limit, which is no limit in practice. Keeps sums far from overflow.</summary>
    private const int Highest = 1_000_000_000;

    /// <summary>The lowest estimate that is kept longer the second time. A lower one may only mean that others used the window.</summary>
    private const int LowestConfirmed = 10;

    private static readonly TimeSpan s_longestHold = 4 * RequestWindow.Length;

    private int? _user;
    private int? _estimate;
    private TimeSpan _hold;
    private TimeSpan _heldUntil;

    /// <summary>The user's own limit; null for none.</summary>
    public int? User
    {
        get => _user;
        set => _user = LowerOf(value, value is null ? null : Highest);
    }

    /// <summary>The limit that the server last reported.</summary>
    public int? Stated { get; private set; }

    /// <summary>The limit is at least this, by what the server said of the room that was left; 0 if it never did.</summary>
    public int Least { get; private set; }

    /// <summary>The server's limit, reported or estimated; null if neither.</summary>
    public int? OfServer => LowerOf(Stated, _estimate);

    /// <summary>The lowest known limit; null if none is known.</summary>
    public int? Value => LowerOf(User, OfServer);

    /// <summary>Sets the limit that the server reported, which replaces any estimate.</summary>
    public void State(int limit)
    {
        Stated = Math.Min(limit, Highest);
        _estimate = null;
    }

    /// <summary>The estimate; null for none.</summary>
    public int? Estimate => _estimate;

    /// <summary>Takes over what another process knows, if less is known here.</summary>
    public void Learn(int? stated, int? estimate, TimeSpan now)
    {
        if (Stated is null && stated is { } limit)
        {
            State(limit);
        }
        else if (OfServer is null && estimate is { } accepted)
        {
            EstimateFrom(accepted, isNewRound: true, now);
        }
    }

    /// <summary>Records that the server accepted a request and said how many more it would accept.</summary>
    public void SeeRemaining(int remaining)
    {
        Least = Math.Max(Least, Math.Min(remaining, Highest - 1) + 1);
        Accept(Least);
    }

    /// <summary>
    /// Estimates the limit after the server, which did not state it, refused a request beyond <paramref name="accepted"/>, or said that no
    /// more are left. If nothing was accepted, others use the key: this says nothing about the limit, and drops an estimate above
    /// <see cref="Least"/>.
    /// </summary>
    /// <param name="accepted">The requests in the window that the server accepted.</param>
    /// <param name="isNewRound">False for a request that was in progress at the last refusal, and only corrects the estimate.</param>
    /// <param name="now">The current time.</param>
    public void EstimateFrom(int accepted, bool isNewRound, TimeSpan now)
    {
        if (isNewRound)
        {
            bool isConfirmed = accepted >= LowestConfirmed && _estimate is { } before && Math.Abs(accepted - before) <= before / 5;
            _hold = isConfirmed && _hold < s_longestHold ? 2 * _hold : RequestWindow.Length;
            _heldUntil = now + _hold;
        }

        int estimate = Math.Max(accepted, Least);
        _estimate = estimate > 0 ? estimate : null;
    }

    /// <summary>Raises the estimate to the number of requests that the server accepted.</summary>
    public void Accept(int accepted) => _estimate = accepted > _estimate ? accepted : _estimate;

    /// <summary>
    /// The limit that applies now. An estimate holds for one minute, for two once it is confirmed, then for four, then for one again. After
    /// that, twice as many requests and some more may be tried, but few at once beyond the estimate (<see cref="IsBeyondEstimate"/>).
    /// </summary>
    public int? At(TimeSpan now) =>
        LowerOf(User, LowerOf(Stated, _estimate is { } estimate && now >= _heldUntil ? (2 * estimate) + 10 : _estimate));

    /// <summary>Whether a request would be the first that shows whether the limit is higher than estimated.</summary>
    public bool IsBeyondEstimate(int used) => used >= _estimate;

    internal static int? LowerOf(int? left, int? right) => left is null || right < left ? right : left;
}
