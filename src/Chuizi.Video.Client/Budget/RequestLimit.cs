namespace Chuizi.Video.Client.Budget;

/// <summary>What is known of the number of requests that may be made in 60 s. Not synchronised.</summary>
internal sealed class RequestLimit
{
    /// <summary>Beyond this a limit is none, and sums stay far from overflow.</summary>
    private const int Highest = 1_000_000_000;

    private int? _user;
    private int? _guess;
    private TimeSpan _guessedAt;
    private bool _wasReached;

    /// <summary>The user's own; null for none.</summary>
    public int? User
    {
        get => _user;
        set => _user = Least(value, value is null ? null : Highest);
    }

    /// <summary>What the server said last.</summary>
    public int? Stated { get; private set; }

    /// <summary>The least of what is known; null where nothing is.</summary>
    public int? Value => Least(User, Least(Stated, _guess));

    /// <summary>The server has said it, which is better than any guess.</summary>
    public void State(int limit)
    {
        Stated = Math.Min(limit, Highest);
        _guess = null;
    }

    /// <summary>The server refused one more than <paramref name="accepted"/> and gave no reason.</summary>
    public void Guess(int accepted, TimeSpan now)
    {
        _guess = Math.Max(1, accepted);
        _guessedAt = now;
        // Whoever was refused wanted more.
        _wasReached = true;
    }

    /// <summary>Something had to wait for it.</summary>
    public void Reached() => _wasReached = true;

    /// <summary>Tries a little more than was guessed, when a whole window went well and that was not enough.</summary>
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
