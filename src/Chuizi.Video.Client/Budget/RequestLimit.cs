namespace Chuizi.Video.Client.Budget;

/// <summary>What is known about the number of requests allowed in 60 s. Not thread-safe.</summary>
internal sealed class RequestLimit
{
    /// <summary>The highest limit, which is no limit in practice. Keeps sums far from overflow.</summary>
    private const int Highest = 1_000_000_000;

    private int? _user;
    private int? _guess;
    private TimeSpan _guessedAt;
    private bool _wasReached;

    /// <summary>The user's own limit; null for none.</summary>
    public int? User
    {
        get => _user;
        set => _user = Least(value, value is null ? null : Highest);
    }

    /// <summary>The limit that the server last reported.</summary>
    public int? Stated { get; private set; }

    /// <summary>The lowest known limit; null if none is known.</summary>
    public int? Value => Least(User, Least(Stated, _guess));

    /// <summary>Sets the limit that the server reported, which replaces any estimate.</summary>
    public void State(int limit)
    {
        Stated = Math.Min(limit, Highest);
        _guess = null;
    }

    /// <summary>
    /// Estimates the limit after the server refused a request beyond <paramref name="accepted"/> without stating a limit.
    /// </summary>
    public void Guess(int accepted, TimeSpan now)
    {
        _guess = Math.Max(1, accepted);
        _guessedAt = now;
        // A refused request shows that the limit was needed.
        _wasReached = true;
    }

    /// <summary>Records that a request had to wait for the limit.</summary>
    public void Reached() => _wasReached = true;

    /// <summary>Raises the estimate a little, after a whole window in which it was reached without a refusal.</summary>
    public void Probe(TimeSpan now)
    {
        if (_guess is { } guess && _wasReached && now - _guessedAt >= RequestWindow.Length)
        {
            Guess(guess + Math.Max(1, guess / 10), now);
            _wasReached = false;
        }
    }

    private static int? Least(int? left, int? right) => left is null || right < left ? right : left;
}
