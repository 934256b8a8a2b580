using System.Collections.Concurrent;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Budget;

namespace Chuizi.Video.Client.Waiting;

/// <summary>The durations learned of an API's models, for all waiters of the process.</summary>
internal sealed class DurationBook
{
    private static readonly PerClock<DurationBook> s_all = new(_ => new DurationBook());

    private readonly ConcurrentDictionary<string, ModelDurations> _models = new(StringComparer.Ordinal);

    /// <summary>The book of a connection's origin: the sandbox's durations mean nothing at the API.</summary>
    public static DurationBook For(ApiConnection connection, TimeProvider clock) => s_all.Get(clock, connection.Origin);

    /// <summary>What is known of a model; null where nothing is.</summary>
    public ModelDurations? Of(string? model) => model is not null && _models.TryGetValue(model, out ModelDurations? known) ? known : null;

    /// <summary>A job of the model has taken that long.</summary>
    public void Add(string model, TimeSpan duration) =>
        _models.AddOrUpdate(model, static (_, first) => ModelDurations.Add(null, first), static (_, before, next) => ModelDurations.Add(before, next), duration);
}
