namespace Chuizi.Video.Client.Waiting;

/// <summary>How long a model's last jobs took. Immutable.</summary>
internal sealed class ModelDurations
{
    private const int Kept = 32;
    private const int Few = 3;

    // Chance knows more than the few jobs seen: a job unlike them ends some time in the next half minute.
    private const double UnlikelySeconds = 30;

    private readonly TimeSpan[] _durations;

    private ModelDurations(TimeSpan[] durations)
    {
        _durations = durations;
        double margin = durations.Length < Few ? 0.05 : 0.02;
        Range = new DurationRange(durations.Min() * (1 - margin), durations.Max() * (1 + margin));
    }

    /// <summary>From the shortest to the longest, and a little more.</summary>
    public DurationRange Range { get; }

    /// <summary>The durations seen so far with another one, of which the oldest go first.</summary>
    public static ModelDurations Add(ModelDurations? before, TimeSpan duration) =>
        new([.. before?._durations.TakeLast(Kept - 1) ?? [], duration]);

    /// <summary>The chance that a job that still ran at age <paramref name="from"/> has ended at age <paramref name="to"/>.</summary>
    /// <param name="model">Null where nothing is known of the model.</param>
    /// <param name="from">The age at its last poll.</param>
    /// <param name="to">Its age now.</param>
    public static double ChanceOfEnd(ModelDurations? model, TimeSpan from, TimeSpan to)
    {
        double unlike = 1 - Math.Exp((from - to).TotalSeconds / UnlikelySeconds);
        int later = 0;
        int ended = 0;
        foreach (TimeSpan duration in model?._durations ?? [])
        {
            later += duration > from ? 1 : 0;
            ended += duration > from && duration <= to ? 1 : 0;
        }

        return (ended + unlike) / (later + 1);
    }
}
