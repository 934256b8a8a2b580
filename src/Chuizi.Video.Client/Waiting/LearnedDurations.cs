using System.Collections.Concurrent;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Budget;
using Chuizi.Video.Client.Models;

namespace Chuizi.Video.Client.Waiting;

/// <summary>
/// How long the last jobs of each model took, learned by all waiters in the process, which share one object for each origin, and from the
/// videos of earlier runs. Before the first one, what the provider says.
/// </summary>
internal sealed class LearnedDurations
{
    private const int JobsKept = 32;
    private const int FewJobs = 3;
    private const double MarginOfFewJobs = 0.05;
    private const double Margin = 0.02;

    // "About 90 seconds" (Amazon Nova user guide, "Video generation access and usage") says less than a job that was seen, and a busy
    // provider is late more often than early.
    private const double EarliestOfProvider = 0.92;
    private const double LatestOfProvider = 1.35;

    // A job may take longer than all jobs seen. Its chance of ending is then modeled with a mean of 30 s.
    private const double MeanOfUnlikeJobs = 30;

    private static readonly PerClock<LearnedDurations> s_all = new();

    private readonly ConcurrentDictionary<string, TimeSpan[]> _models = new(StringComparer.Ordinal);
    private int _hasLearned;

    /// <summary>The durations at the connection's origin. Those of a sandbox say nothing about the API.</summary>
    public static LearnedDurations For(ApiConnection connection, TimeProvider clock) =>
        s_all.Get(clock, connection.Origin, () => new LearnedDurations());

    /// <summary>
    /// Learns from videos of earlier runs, so that even the first job of a process is polled at the right time. Only the first call does.
    /// </summary>
    /// <param name="newestFirst">Returns the videos.</param>
    /// <param name="origin">The origin whose videos count.</param>
    public void LearnOnce(Func<IEnumerable<Video>> newestFirst, string origin)
    {
        if (Interlocked.Exchange(ref _hasLearned, 1) == 1)
        {
            return;
        }

        foreach (Video video in newestFirst().Reverse())
        {
            if (video is { Model: { } model, Latency: > 0 and { } latency, Origin: { } at } && at == origin)
            {
                Add(model, TimeSpan.FromSeconds(latency));
            }
        }
    }

    /// <summary>Records the duration of a job. Only the last durations of each model are kept.</summary>
    public void Add(string model, TimeSpan duration) => _models.AddOrUpdate(
        model,
        static (_, added) => [added],
        static (_, before, added) => [.. before.TakeLast(JobsKept - 1), added],
        duration);

    /// <summary>
    /// The ages at which the model's jobs end: hardly any before Low or after High. Null if no job of the model has been seen and its
    /// provider does not say.
    /// </summary>
    public (TimeSpan Low, TimeSpan High)? RangeOf(string? model)
    {
        if (DurationsOf(model) is not { Length: > 0 } durations)
        {
            return ModelCatalogue.Find(model ?? "")?.GenerationTime is { } seconds
                ? (TimeSpan.FromSeconds(seconds * EarliestOfProvider), TimeSpan.FromSeconds(seconds * LatestOfProvider))
                : null;
        }

        double margin = durations.Length < FewJobs ? MarginOfFewJobs : Margin;
        return (durations.Min() * (1 - margin), durations.Max() * (1 + margin));
    }

    /// <summary>The probability that a job still running at age <paramref name="from"/> has ended by age <paramref name="to"/>.</summary>
    public double ChanceOfEnd(string? model, TimeSpan from, TimeSpan to)
    {
        double unlike = 1 - Math.Exp((from - to).TotalSeconds / MeanOfUnlikeJobs);
        int later = 0;
        int ended = 0;
        foreach (TimeSpan duration in DurationsOf(model))
        {
            later += duration > from ? 1 : 0;
            ended += duration > from && duration <= to ? 1 : 0;
        }

        return (ended + unlike) / (later + 1);
    }

    private TimeSpan[] DurationsOf(string? model) =>
        model is not null && _models.TryGetValue(model, out TimeSpan[]? durations) ? durations : [];
}
