namespace Chuizi.Video.Client.Waiting;

/// <summary>
/// How fast the jobs that are due are looked at while nobody has named a limit: a few at once, and then one a second, so that a batch of
/// hundreds costs each of its jobs few looks, and the last few of it many. A job that is found at its end pays for two looks more, since
/// others have ended too: a batch that ends together is found together. None is kept waiting for longer than <see cref="Patience"/>.
/// Pure: the time comes from the caller. Not synchronised.
/// </summary>
internal sealed class PollPace
{
    /// <summary>The most that a job that is due waits for its turn.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const int LooksPerEnd = 2;
    private const double MostSaved = 10;

    private static readonly TimeSpan s_step = TimeSpan.FromSeconds(1);

    private double _saved = MostSaved;
    private TimeSpan _counted;
    private int _earned;

    /// <summary>Whether a job may be looked at that has been due since <paramref name="due"/>.</summary>
    public bool Allows(TimeSpan now, TimeSpan due)
    {
        _saved = Math.Min(MostSaved, _saved + ((now - _counted) / s_step));
        _counted = now;
        return IsOverdue(now, due) || _saved >= 1 || _earned > 0;
    }

    /// <summary>A job is looked at that has been due since <paramref name="due"/>.</summary>
    public void Take(TimeSpan now, TimeSpan due)
    {
        if (IsOverdue(now, due))
        {
            return;
        }

        if (_saved >= 1)
        {
            _saved--;
        }
        else
        {
            _earned = Math.Max(0, _earned - 1);
        }
    }

    /// <summary>A look has found a job at its end.</summary>
    public void Earn() => _earned += LooksPerEnd;

    /// <summary>When the job may be looked at that is held back now.</summary>
    public TimeSpan Next(TimeSpan now, TimeSpan due) => Times.Earlier(now + ((1 - _saved) * s_step), due + Patience);

    private static bool IsOverdue(TimeSpan now, TimeSpan due) => now - due >= Patience;
}
